#pragma once

#include <verdant/meta/component/distributed.hpp>

#include <verdant/distributed/detail/mpi_calls.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/number.hpp>

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

/// The processes that mpirun or srun started together, for searches that evaluate in all of them.
namespace verdant {

/// Whether process 0, which runs the search, evaluates, too: by a thread of its own, which calls no MPI.
enum class leading_process : std::uint8_t { only_leads, evaluates };

/// How processes work together.
struct mpi_options {
    leading_process leader = leading_process::only_leads;
    /// Seconds, above 0, without a sign of life after which a process counts as lost; 0: nobody looks, which is enough where the launcher ends all
    /// processes once one has died, as mpirun does. Signs are sent by a thread of their own, a quarter of this apart.
    double silence = 0;
};

/// MPI from its start to its end in this process, and its place among all of them. Make one at the beginning of `main`, on every process. Where MPI
/// has been started already, such as by `nn::mpi_session`, it is left running.
///
/// It asks MPI for MPI_THREAD_SERIALIZED, and with `silence` for MPI_THREAD_MULTIPLE. At least MPI_THREAD_FUNNELED must be there, whereupon only the
/// thread that started MPI may run a search; with `silence` MPI_THREAD_SERIALIZED, and MPI_THREAD_MULTIPLE where evaluators call MPI themselves.
///
/// A program that ends by an exception leaves MPI without MPI_Finalize, which would wait for processes that wait for this one: launchers then end all
/// others.
class mpi_processes {
public:
    /// Throws input_error for options that say nothing, error where MPI cannot be started or has too few threads.
    explicit mpi_processes(const mpi_options& options = {}) : options_{options}, exceptions_{std::uncaught_exceptions()} {
        if (!(options.silence >= 0 && options.silence < 1e9))
            throw input_error{"mpi_options", "silence", "seconds from 0, below 10^9", exact_text(options.silence)};
        const int wanted = options.silence > 0 ? MPI_THREAD_MULTIPLE : MPI_THREAD_SERIALIZED;
        int running = 0, over = 0;
        MPI_Initialized(&running);
        MPI_Finalized(&over);
        if (over != 0) throw error{"MPI has ended in this process, and cannot be started again"};
        if (running == 0) {
            detail::check_mpi_call(MPI_Init_thread(nullptr, nullptr, wanted, &threads_), "start");
            owner_ = true;
        } else detail::check_mpi_call(MPI_Query_thread(&threads_), "tell its threads");
        try {
            look_around();
        } catch (...) {
            if (owner_ && size_ == 1) MPI_Finalize();
            throw;
        }
    }
    mpi_processes(const mpi_processes&) = delete;
    mpi_processes& operator=(const mpi_processes&) = delete;
    ~mpi_processes() {
        const bool failing = std::uncaught_exceptions() > exceptions_;
        if (owner_ && (size_ == 1 || (!lost_ && (!failing || released_)))) MPI_Finalize();
    }

    /// This process among all, from 0.
    [[nodiscard]] int rank() const noexcept { return rank_; }
    /// How many there are.
    [[nodiscard]] int size() const noexcept { return size_; }
    /// Whether it runs the search.
    [[nodiscard]] bool leads() const noexcept { return rank_ == 0; }
    /// Whether it evaluates: all do but the first, and that one where it is alone or was told to.
    [[nodiscard]] bool evaluates() const noexcept { return evaluates(rank_); }
    /// How many evaluate.
    [[nodiscard]] int evaluating() const noexcept { return size_ - (evaluates(0) ? 0 : 1); }
    /// This process among those of its machine, from 0, in the order of ranks.
    [[nodiscard]] int local_rank() const noexcept { return local_rank_; }
    /// This process among those of its machine that evaluate, from 0: the number of its graphics card. 0 where it does not evaluate.
    [[nodiscard]] int local_worker() const noexcept { return local_worker_; }
    /// The name of its machine.
    [[nodiscard]] const std::string& machine() const noexcept { return machine_; }
    [[nodiscard]] const mpi_options& options() const noexcept { return options_; }

private:
    template <class Space, class Goals>
    friend class mpi_dispatcher;

    [[nodiscard]] bool evaluates(int rank) const noexcept { return rank > 0 || size_ == 1 || options_.leader == leading_process::evaluates; }

    void look_around() {
        const int least = options_.silence > 0 ? MPI_THREAD_SERIALIZED : MPI_THREAD_FUNNELED;
        if (threads_ < least)
            throw error{std::string{"MPI was started without threads, where a search needs "} +
                        (least == MPI_THREAD_FUNNELED ? "MPI_THREAD_FUNNELED" : "MPI_THREAD_SERIALIZED")};
        detail::check_mpi_call(MPI_Comm_rank(MPI_COMM_WORLD, &rank_), "tell the rank");
        detail::check_mpi_call(MPI_Comm_size(MPI_COMM_WORLD, &size_), "tell the number of processes");
        MPI_Comm here = MPI_COMM_NULL;
        detail::check_mpi_call(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &here),
                               "find the processes of this machine");
        int beside = 1;
        MPI_Comm_rank(here, &local_rank_);
        MPI_Comm_size(here, &beside);
        std::vector<int> ranks(static_cast<std::size_t>(beside));
        const int gathered = MPI_Allgather(&rank_, 1, MPI_INT, ranks.data(), 1, MPI_INT, here);
        MPI_Comm_free(&here);
        detail::check_mpi_call(gathered, "find the processes of this machine");
        for (const int other : ranks) local_worker_ += evaluates() && evaluates(other) && other < rank_ ? 1 : 0;
        char name[MPI_MAX_PROCESSOR_NAME];
        int length = 0;
        MPI_Get_processor_name(name, &length);
        machine_.assign(name, static_cast<std::size_t>(length));
    }

    mpi_options options_;
    int exceptions_;
    int threads_ = 0, rank_ = 0, size_ = 1, local_rank_ = 0, local_worker_ = 0;
    bool owner_ = false;
    // Of its dispatchers:
    mutable bool released_ = false; ///< all processes are on their way to the end
    mutable bool lost_ = false; ///< some process will never come to it
    std::string machine_;
};

} // namespace verdant
