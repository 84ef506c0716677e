#pragma once

#include <verdant/meta/component/distributed.hpp>

#include <verdant/error.hpp>

// The C++ bindings that MPI dropped in 2012 do not compile without warnings.
#if !defined(OMPI_SKIP_MPICXX)
#define OMPI_SKIP_MPICXX 1
#endif
#if !defined(MPICH_SKIP_MPICXX)
#define MPICH_SKIP_MPICXX 1
#endif
#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <time.h>

/// Letters between the processes of MPI.
namespace verdant::detail {

inline void check_mpi_call(int code, const char* what) {
    if (code == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING];
    int length = 0;
    MPI_Error_string(code, text, &length);
    throw error{std::string{"MPI cannot "} + what + ": " + std::string(text, static_cast<std::size_t>(length))};
}

/// What letters are about.
enum class mpi_letter_kind : std::uint8_t { identity = 1, verdict, jobs, completed, end, pulse };

struct mpi_letter {
    int from = 0;
    std::vector<unsigned char> bytes{};
};

/// Letters among all processes that meet nobody else's: a communicator of its own. Threads may use it one at a time; they wait for each other.
class mpi_letters {
public:
    /// All processes make theirs at once.
    mpi_letters() {
        check_mpi_call(MPI_Comm_dup(MPI_COMM_WORLD, &group_), "set processes apart");
        MPI_Comm_set_errhandler(group_, MPI_ERRORS_RETURN);
    }
    mpi_letters(const mpi_letters&) = delete;
    mpi_letters& operator=(const mpi_letters&) = delete;

    /// Not by the destructor, since all processes must come to it. @pre no letter is under way
    void close() {
        if (group_ != MPI_COMM_NULL) MPI_Comm_free(&group_);
    }

    /// Returns when the bytes may be used again; long letters wait for their reader.
    void send(int to, mpi_letter_kind kind, std::span<const unsigned char> bytes) {
        if (bytes.size() > std::numeric_limits<int>::max()) throw error{"MPI cannot send " + std::to_string(bytes.size()) + " bytes at once"};
        MPI_Request sent = MPI_REQUEST_NULL;
        {
            const std::scoped_lock lock{one_at_a_time_};
            check_mpi_call(MPI_Isend(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, to, static_cast<int>(kind), group_, &sent), "send");
        }
        for (int done = 0, idle = 0; done == 0; rest(idle)) {
            const std::scoped_lock lock{one_at_a_time_};
            check_mpi_call(MPI_Test(&sent, &done, MPI_STATUS_IGNORE), "send");
        }
    }

    /// A sign of life, an empty letter; says nothing while the last one to that process is still under way.
    void send_pulse(int to, MPI_Request& last) {
        const std::scoped_lock lock{one_at_a_time_};
        int done = 1;
        if (last != MPI_REQUEST_NULL) check_mpi_call(MPI_Test(&last, &done, MPI_STATUS_IGNORE), "send");
        if (done != 0) check_mpi_call(MPI_Isend(nullptr, 0, MPI_BYTE, to, static_cast<int>(mpi_letter_kind::pulse), group_, &last), "send");
    }
    /// Waits no longer for a sign of life to arrive. @pre its process is alive or MPI is not finalized
    void forget_pulse(MPI_Request& last) {
        const std::scoped_lock lock{one_at_a_time_};
        if (last != MPI_REQUEST_NULL) MPI_Request_free(&last);
    }

    /// A letter that is there, of this kind.
    [[nodiscard]] std::optional<mpi_letter> take(mpi_letter_kind kind, int from = MPI_ANY_SOURCE) {
        const std::scoped_lock lock{one_at_a_time_};
        int there = 0, bytes = 0;
        MPI_Status status;
        check_mpi_call(MPI_Iprobe(from, static_cast<int>(kind), group_, &there, &status), "look for letters");
        if (there == 0) return std::nullopt;
        MPI_Get_count(&status, MPI_BYTE, &bytes);
        mpi_letter found{status.MPI_SOURCE, std::vector<unsigned char>(static_cast<std::size_t>(bytes))};
        check_mpi_call(MPI_Recv(found.bytes.data(), bytes, MPI_BYTE, found.from, status.MPI_TAG, group_, MPI_STATUS_IGNORE), "receive");
        return found;
    }
    /// The same, waiting for it.
    [[nodiscard]] mpi_letter wait_for(mpi_letter_kind kind, int from) {
        for (int idle = 0;; rest(idle))
            if (auto found = take(kind, from)) return *std::move(found);
    }

    /// Waits a moment, and longer each time on end, so that who waits for hours leaves the processor to others and who waits for a millisecond is
    /// quick. It sleeps early and does not yield: on a busy machine who yields waits for all others, and who wakes up goes before them.
    /// @param idle how often on end, 0 at first
    static void rest(int& idle) {
        constexpr int quick = 100;
        constexpr long step = 10'000, longest = 1'000'000; // ns
        if (++idle < quick) return;
        const long ns = step * (idle - quick + 1);
        const timespec pause{0, ns < longest ? ns : longest};
        nanosleep(&pause, nullptr);
        if (ns >= longest) --idle;
    }

private:
    MPI_Comm group_ = MPI_COMM_NULL;
    std::mutex one_at_a_time_;
};

} // namespace verdant::detail
