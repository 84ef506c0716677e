#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/mpi.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/empty.h>

// The C++ bindings that MPI dropped in 2012 do not compile without warnings.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

/// Processes that train together over MPI.
namespace verdant::nn {

namespace detail {

inline void check_mpi(int code, const char* what) {
    if (code == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING];
    int length = 0;
    MPI_Error_string(code, text, &length);
    throw error{std::string{"MPI cannot "} + what + ": " + std::string(text, static_cast<std::size_t>(length))};
}

} // namespace detail

/// MPI from its start to its end in this process. One object for each process, before any communicator.
class mpi_session {
public:
    /// @throws error if MPI cannot be started, or has been already
    mpi_session() {
        int started = 0, provided = 0;
        MPI_Initialized(&started);
        if (started != 0) throw error{"MPI has been started already"};
        detail::check_mpi(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "start");
        MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    }
    mpi_session(const mpi_session&) = delete;
    mpi_session& operator=(const mpi_session&) = delete;
    ~mpi_session() { MPI_Finalize(); }

    /// Ends all processes, for one that cannot go on while the others wait for it.
    [[noreturn]] static void abort(int code) {
        MPI_Abort(MPI_COMM_WORLD, code);
        std::_Exit(code);
    }
};

/// The processes of an MPI communicator. Tensors on graphics cards travel through the memory of the host. Calls come from the thread that
/// started MPI.
class mpi_communicator {
public:
    /// @pre an `mpi_session` is alive; @throws error
    explicit mpi_communicator(MPI_Comm group = MPI_COMM_WORLD) : group_{group} {
        detail::check_mpi(MPI_Comm_rank(group_, &rank_), "tell the rank");
        detail::check_mpi(MPI_Comm_size(group_, &size_), "tell the number of processes");
    }

    [[nodiscard]] int rank() const { return rank_; }
    [[nodiscard]] int size() const { return size_; }

    /// Half and bfloat16 are summed in 32 bits.
    /// @throws error for types that are not summed
    void all_reduce(at::Tensor& t) const {
        auto sum = t.detach().to(at::kCPU, summed_as(t.scalar_type())).contiguous();
        const bool in_place = sum.data_ptr() == t.data_ptr();
        auto* const data = static_cast<char*>(sum.data_ptr());
        in_pieces(sum.numel(), [&](std::int64_t from, int count) {
            auto* const here = data + from * static_cast<std::int64_t>(sum.element_size());
            detail::check_mpi(MPI_Allreduce(MPI_IN_PLACE, here, count, type_of(sum.scalar_type()), MPI_SUM, group_), "sum");
        });
        if (!in_place) t.detach().copy_(sum);
    }

    [[nodiscard]] at::Tensor all_gather(const at::Tensor& t) const {
        const auto mine = t.detach().to(at::kCPU).contiguous();
        std::vector<std::int64_t> shape(mine.sizes().begin(), mine.sizes().end());
        shape.at(0) *= size_;
        auto all = at::empty(shape, mine.options());
        const auto bytes = static_cast<std::int64_t>(mine.nbytes());
        if (bytes > std::numeric_limits<int>::max())
            throw error{"a tensor of " + std::to_string(bytes) + " bytes is too large to be gathered at once"};
        detail::check_mpi(
            MPI_Allgather(mine.data_ptr(), static_cast<int>(bytes), MPI_BYTE, all.data_ptr(), static_cast<int>(bytes), MPI_BYTE, group_), "gather");
        return all.to(t.device());
    }

    void broadcast(at::Tensor& t, int root) const {
        auto copy = t.detach().to(at::kCPU).contiguous();
        auto* const data = static_cast<char*>(copy.data_ptr());
        in_pieces(static_cast<std::int64_t>(copy.nbytes()),
                  [&](std::int64_t from, int count) { detail::check_mpi(MPI_Bcast(data + from, count, MPI_BYTE, root, group_), "broadcast"); });
        if (copy.data_ptr() != t.data_ptr()) t.detach().copy_(copy);
    }

    void barrier() const { detail::check_mpi(MPI_Barrier(group_), "wait"); }

private:
    /// MPI counts in `int`.
    template <class Call>
    static void in_pieces(std::int64_t all, const Call& call) {
        constexpr std::int64_t most = std::int64_t{1} << 28;
        for (std::int64_t from = 0; from < all; from += most) call(from, static_cast<int>(std::min(most, all - from)));
    }
    [[nodiscard]] static at::ScalarType summed_as(at::ScalarType type) { return type == at::kHalf || type == at::kBFloat16 ? at::kFloat : type; }
    [[nodiscard]] static MPI_Datatype type_of(at::ScalarType type) {
        switch (type) {
        case at::kFloat: return MPI_FLOAT;
        case at::kDouble: return MPI_DOUBLE;
        case at::kLong: return MPI_INT64_T;
        case at::kInt: return MPI_INT32_T;
        default: throw error{std::string{"processes do not sum tensors of the type "} + c10::toString(type)};
        }
    }

    MPI_Comm group_;
    int rank_ = 0, size_ = 1;
};

} // namespace verdant::nn
