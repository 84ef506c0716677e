#pragma once

#include <verdant/meta/component/distributed.hpp>

#include <verdant/distributed/detail/evaluating_study.hpp>
#include <verdant/distributed/detail/evaluation_meter.hpp>
#include <verdant/distributed/detail/mpi_calls.hpp>
#include <verdant/distributed/detail/mpi_pulse.hpp>
#include <verdant/distributed/detail/own_worker.hpp>
#include <verdant/distributed/job_messages.hpp>
#include <verdant/distributed/mpi_processes.hpp>
#include <verdant/distributed/program_identity.hpp>
#include <verdant/error.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/search_consumption.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Searches that evaluate in the processes of MPI.
namespace verdant {

namespace detail {

template <class Study>
struct mpi_study_argument {
    static constexpr bool is_search = evaluating_study<Study>;
    static_assert(is_search,
                  "verdant: the second argument of mpi_dispatcher is no search; write mpi_dispatcher workers{processes, s}; with s an object of your "
                  "search<...>, which has the evaluators");
    static constexpr bool value = true;
};

} // namespace detail

/// The dispatcher for the processes of mpirun and srun. Process 0 runs the search, the others evaluate for it. Whoever is idle gets the next job at
/// once; a slow one keeps nobody else from it. All processes make theirs at the same place of one program:
///
///     const mpi_processes processes;
///     const study s{train{processes.local_worker()}}; // an evaluator on the graphics card of that number
///     mpi_dispatcher workers{processes, s};
///     if (workers.serve()) return 0;                  // evaluates until the search ends
///     const auto found = s.run({.trials = 1000}, workers, storage);
///
/// With one process it evaluates by itself. An evaluator that throws fails its trial and nothing else. Batches, for evaluators that take them, are
/// shared out in equal parts. Several searches of one type may run one after the other. Trials have the number of the process that evaluated them as
/// `times.worker`; those of process 0 have the number of processes.
///
/// A process that dies, dies with what it evaluates: the launcher, or where it does not `mpi_options::silence`, ends the run, and a study that is
/// kept goes on when it is run again. The destructor waits for what is being evaluated, unless an exception is under way: then launchers end the
/// others. See docs/many_processes.md.
template <class Space, class Goals>
class mpi_dispatcher {
public:
    using completed = completed_job<Goals>;

    /// All processes make it at once. Throws input_error in all of them where one is another program, of another build, space, goals or evaluators;
    /// error where process 0 has ended by an exception.
    /// @param processes not owned
    /// @param searching a `search<...>`, whose evaluators are shared
    template <detail::evaluating_study Study>
    mpi_dispatcher(const mpi_processes& processes, const Study& searching)
        : processes_{processes}, exceptions_{std::uncaught_exceptions()}, measure_{searching.evaluators()},
          with_(static_cast<std::size_t>(processes.size())) {
        if (processes.size() == 1) return;
        if (processes.released_) throw error{"process 0 has ended its search by an exception"};
        letters_.emplace();
        meet(identity_of<Space, Goals>(searching.limits(), measure_));
        if (processes.options().silence > 0) pulse_.emplace(*letters_, processes.rank(), processes.size(), processes.options().silence);
        if (leads() && processes.evaluates()) own_.emplace();
    }
    /// Refused, with a sentence that says what to write.
    template <class Study>
        requires(!detail::evaluating_study<Study>)
    mpi_dispatcher(const mpi_processes& processes, const Study&) : processes_{processes}, exceptions_{0}, measure_{} {
        static_assert(detail::mpi_study_argument<Study>::value);
    }
    mpi_dispatcher(const mpi_dispatcher&) = delete;
    mpi_dispatcher& operator=(const mpi_dispatcher&) = delete;
    ~mpi_dispatcher() {
        if (processes_.size() == 1) return;
        const bool failing = std::uncaught_exceptions() > exceptions_;
        try {
            leads() ? release(failing) : part(failing);
        } catch (...) { processes_.lost_ = true; }
    }

    /// Whether this process runs the search.
    [[nodiscard]] bool leads() const noexcept { return processes_.leads(); }

    /// Evaluates what process 0 sends, until that has ended its searches. @return whether there was anything to do: false, at once, on process 0
    bool serve() {
        detail::no_meter none;
        return serve_metered(none);
    }
    /// The same, and says with each result what it consumed while it evaluated, which process 0 counts where its run is metered.
    /// @param meter of this process, such as `carbon::consumption_meter`; process 0 gives its own to `run`
    template <detail::meters Meter>
    bool serve(Meter& meter) {
        return serve_metered(meter);
    }

    /// Throws error in other processes than the first.
    void submit(std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>& measure) {
        require_leader();
        if (jobs.empty()) return;
        here_ = &measure;
        // As many parts as there are who evaluate, so that one batch keeps all of them busy; without evaluators of batches a part is a job.
        const auto parts = measure.takes_batches() ? std::min(jobs.size(), workers()) : jobs.size();
        for (std::size_t i = 0; i < parts; ++i) {
            const auto from = jobs.size() * i / parts, to = jobs.size() * (i + 1) / parts;
            waiting_.push_back({{jobs.begin() + static_cast<std::ptrdiff_t>(from), jobs.begin() + static_cast<std::ptrdiff_t>(to)}});
        }
        pending_ += jobs.size();
        if (processes_.size() > 1) hand_out();
    }

    /// Throws search_error where a process has been silent for too long, error where MPI fails.
    void collect(const completion_sink<Goals>& done) {
        if (pending_ == 0) return;
        require_leader();
        if (processes_.size() == 1) return evaluate_next(done);
        std::size_t given = 0;
        for (int idle = 0; given == 0; detail::mpi_letters::rest(idle)) {
            if (!done.stopped()) hand_out();
            else if (!waits_for_some()) return;
            // No more than one for each, so that the search hears of them.
            for (std::size_t n = 0; n < with_.size() && take_one(done, given); ++n) {}
            if (given == 0) require_signs();
        }
    }

    void cancel() {
        waiting_.clear();
        for (auto& one : with_) one.forgotten = true;
        pending_ = 0;
    }

    [[nodiscard]] std::size_t pending() const noexcept { return pending_; }
    [[nodiscard]] std::size_t workers() const noexcept { return static_cast<std::size_t>(processes_.evaluating()); }

private:
    using kind = detail::mpi_letter_kind;

    template <class Meter>
    bool serve_metered(Meter& meter) {
        if (leads()) return false;
        detail::evaluation_meter<Meter> metered{"process " + std::to_string(processes_.rank()) + " on " + detail::process_name(), meter};
        for (int idle = 0; !ended_; detail::mpi_letters::rest(idle)) {
            if (const auto sent = letters_->take(detail::mpi_letter_kind::jobs, 0)) {
                const auto jobs = read_jobs<Space>(sent->bytes, "the jobs of process 0");
                metered.begin();
                const auto done = detail::evaluate_jobs<Space, Goals>({jobs.data(), jobs.size()}, measure_);
                letters_->send(0, detail::mpi_letter_kind::completed, write_completed<Goals>({done.data(), done.size()}, metered.end()));
                idle = 0;
            } else if (const auto end = letters_->take(detail::mpi_letter_kind::end, 0)) {
                ended_ = true;
                processes_.released_ = !end->bytes.empty();
                pulse_.reset(); // that of process 0 has ended
            }
        }
        return true;
    }

    /// Jobs that one process evaluates together.
    struct errand {
        std::vector<job<Space>> jobs{};
        bool forgotten = false;
        [[nodiscard]] bool under_way() const noexcept { return !jobs.empty(); }
    };

    void require_leader() const {
        if (!leads())
            throw error{"process " + std::to_string(processes_.rank()) +
                        " evaluates for process 0, which runs the search; write if (workers.serve()) return 0; before run"};
        if (processes_.size() > 1 && processes_.threads_ == MPI_THREAD_FUNNELED) {
            int started_here = 0;
            MPI_Is_thread_main(&started_here);
            if (started_here == 0) throw error{"MPI was started for one thread (MPI_THREAD_FUNNELED), which is not the one that runs the search"};
        }
    }

    /// Whether all are one program.
    void meet(const program_identity& mine) {
        std::string refused;
        if (leads()) {
            for (int r = 1; r < processes_.size(); ++r) {
                const auto source = "process " + std::to_string(r);
                const auto other = letters_->wait_for(kind::identity, r);
                const auto differences = identity_difference_text<>(read_identity<>(other.bytes, source), mine);
                if (!differences.empty() && refused.empty()) refused = source + '\n' + differences;
            }
            for (int r = 1; r < processes_.size(); ++r)
                letters_->send(r, kind::verdict, {reinterpret_cast<const unsigned char*>(refused.data()), refused.size()});
        } else {
            letters_->send(0, kind::identity, write_identity<>(mine));
            const auto verdict = letters_->wait_for(kind::verdict, 0);
            refused.assign(verdict.bytes.begin(), verdict.bytes.end());
        }
        if (refused.empty()) return;
        processes_.released_ = true; // all end
        const auto line = refused.find('\n');
        throw input_error{refused.substr(0, line), "", "the program of process 0", "another one: " + refused.substr(line + 1)};
    }

    /// Gives the next of what waits to everybody who is idle.
    void hand_out() {
        for (std::size_t r = own_ ? 0 : 1; r < with_.size() && !waiting_.empty(); ++r) {
            if (with_[r].under_way()) continue;
            with_[r] = std::move(waiting_.front());
            waiting_.pop_front();
            const std::span<const job<Space>> jobs{with_[r].jobs.data(), with_[r].jobs.size()};
            if (r == 0) own_->start(with_[r].jobs, *here_);
            else letters_->send(static_cast<int>(r), kind::jobs, write_jobs<Space>(jobs));
        }
    }

    /// Takes what one of the others has found, if there is some, and gives it away. Only then it gets the next: where outcomes cannot be kept,
    /// nothing more begins.
    [[nodiscard]] bool take_one(const completion_sink<Goals>& done, std::size_t& given) {
        std::size_t from = 0;
        std::vector<completed> found;
        if (auto mine = own_ ? own_->take() : std::nullopt) {
            found = *std::move(mine);
        } else if (const auto letter = letters_->take(kind::completed)) {
            from = static_cast<std::size_t>(letter->from);
            if (pulse_) pulse_->heard(letter->from);
            found = read_completed<Goals>(letter->bytes, "process " + std::to_string(from));
        } else return false;
        const auto what = std::exchange(with_[from], {});
        for (std::size_t i = 0; i < std::max(found.size(), what.jobs.size()); ++i)
            if (i >= found.size() || i >= what.jobs.size() || found[i].number != what.jobs[i].number)
                throw search_error{"process " + std::to_string(from) + " gave outcomes of other trials than it was asked for"};
        if (what.forgotten) return true;
        for (auto& one : found) one.outcome.elsewhere = from != 0;
        give(std::move(found), from == 0 ? processes_.size() : static_cast<int>(from), done);
        given += what.jobs.size();
        if (!done.stopped()) hand_out();
        return true;
    }

    void give(std::vector<completed> found, int worker, const completion_sink<Goals>& done) {
        pending_ -= found.size();
        for (auto& one : found) {
            one.outcome.times.worker = static_cast<std::uint32_t>(worker);
            done(std::move(one));
        }
    }

    /// Alone, without MPI.
    void evaluate_next(const completion_sink<Goals>& done) {
        if (done.stopped()) return;
        const auto next = std::move(waiting_.front());
        waiting_.pop_front();
        give(detail::evaluate_jobs<Space, Goals>({next.jobs.data(), next.jobs.size()}, *here_), 1, done);
    }

    [[nodiscard]] bool waits_for_some() const {
        return std::any_of(with_.begin(), with_.end(), [](const errand& one) { return one.under_way() && !one.forgotten; });
    }
    [[nodiscard]] bool others_are_busy() const {
        return std::any_of(with_.begin() + 1, with_.end(), [](const errand& one) { return one.under_way(); });
    }
    void require_signs() const {
        const auto r = pulse_ ? pulse_->silent() : std::nullopt;
        if (!r) return;
        processes_.lost_ = true;
        const auto& what = with_[static_cast<std::size_t>(*r)].jobs;
        throw search_error{"process " + std::to_string(*r) + " has given no sign of life for " +
                           detail::stored_number_text(processes_.options().silence) + " s" +
                           (what.empty() ? "" : ", while it evaluated trial " + std::to_string(what.front().number)) +
                           "; a study that is kept goes on when it is run again"};
    }

    /// Process 0 needs the others no longer.
    void release(bool failing) {
        cancel();
        own_.reset();
        const bool leave = processes_.lost_ || (failing && others_are_busy());
        // A word more for those whose search has failed, so that none begins another.
        const std::vector<unsigned char> word(failing ? 1 : 0);
        const completion_sink<Goals> nobody{nobody_};
        for (int idle = 0; !leave && others_are_busy(); detail::mpi_letters::rest(idle)) {
            std::size_t given = 0;
            if (take_one(nobody, given)) idle = 0;
            require_signs();
        }
        for (int r = 1; r < processes_.size(); ++r) try {
                letters_->send(r, kind::end, word);
            } catch (const error&) { processes_.lost_ = true; } // the others are to hear of it
        pulse_.reset();
        processes_.lost_ = processes_.lost_ || leave;
        processes_.released_ = failing && !leave;
        if (!leave) letters_->close();
    }
    /// The same of the others.
    void part(bool failing) {
        pulse_.reset();
        if (ended_) letters_->close();
        else if (!failing) processes_.lost_ = true; // its main has no serve(), and process 0 waits for it
    }

    struct nowhere {
        void operator()(const completed&) const {}
    };

    const mpi_processes& processes_;
    int exceptions_;
    evaluator_set<Space, Goals> measure_; ///< what this process evaluates with for process 0
    const evaluator_set<Space, Goals>* here_ = nullptr; ///< what process 0 evaluates with for itself
    std::optional<detail::mpi_letters> letters_;
    std::optional<detail::mpi_pulse> pulse_;
    std::optional<detail::own_worker<Space, Goals>> own_; ///< of process 0
    std::deque<errand> waiting_;
    std::vector<errand> with_; ///< what each process evaluates
    std::size_t pending_ = 0; ///< jobs that wait or are under way, without forgotten ones
    bool ended_ = false; ///< process 0 said so
    nowhere nobody_{};
};

template <detail::evaluating_study Study>
mpi_dispatcher(const mpi_processes&, const Study&) -> mpi_dispatcher<typename Study::space_type, typename Study::goals_type>;
template <class Study>
    requires(!detail::evaluating_study<Study>)
mpi_dispatcher(const mpi_processes&, const Study&) -> mpi_dispatcher<detail::no_space, goals<>>;

} // namespace verdant
