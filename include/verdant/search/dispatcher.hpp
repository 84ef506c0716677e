#pragma once

#include <verdant/search/evaluation.hpp>
#include <verdant/search/job.hpp>

#include <concepts>
#include <cstddef>
#include <span>

namespace verdant {

/// How trials are evaluated, and where: on threads, or by other processes that have the same evaluators.
///
/// Semantics: `submit` takes jobs, which are pending from then on; it may return before any is done. Those of one call are a batch for evaluators
/// that take batches. `measure` and nothing else is what the jobs are evaluated with (where they leave the process: with its like), and it lives
/// until they are collected or cancelled; it is the same for all pending jobs. `collect` waits until at least one pending job is done, if there is
/// one, and gives each that is done to the sink: as soon as it can, once, in any order, on any thread, but one at a time. Where `workers` has grown
/// it may return with none, so that more jobs can be submitted. Where the sink says `stopped()`, it may begin no further job and return, even with
/// none; those stay pending, for the next `collect` or `cancel`. `pending` says how many have not been given. `cancel` forgets all pending jobs: the
/// sink never hears of them. `workers` is how many jobs are evaluated at once, as far as that is known; so many should be pending. What happens to a
/// job that is lost, such as by the end of another process, is for the dispatcher to decide: evaluate it again or give its failure. What it throws
/// itself ends the search. The members are called by one thread.
template <class D, class Space, class Goals>
concept dispatcher =
    requires(D& d, const D& c, std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>& measure, const completion_sink<Goals>& done) {
        { d.submit(jobs, measure) } -> std::same_as<void>;
        { d.collect(done) } -> std::same_as<void>;
        { d.cancel() } -> std::same_as<void>;
        { c.pending() } -> std::convertible_to<std::size_t>;
        { c.workers() } -> std::convertible_to<std::size_t>;
    };

namespace detail {

/// A dispatcher whose type is forgotten.
template <class Space, class Goals>
class any_dispatcher {
public:
    virtual void submit(std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>& measure) = 0;
    virtual void collect(const completion_sink<Goals>& done) = 0;
    virtual void cancel() = 0;
    [[nodiscard]] virtual std::size_t pending() const = 0;
    [[nodiscard]] virtual std::size_t workers() const = 0;

protected:
    ~any_dispatcher() = default;
};

template <class Space, class Goals, dispatcher<Space, Goals> D>
class dispatcher_ref final : public any_dispatcher<Space, Goals> {
public:
    explicit dispatcher_ref(D& d) : dispatcher_{d} {}
    void submit(std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>& measure) override { dispatcher_.submit(jobs, measure); }
    void collect(const completion_sink<Goals>& done) override { dispatcher_.collect(done); }
    void cancel() override { dispatcher_.cancel(); }
    [[nodiscard]] std::size_t pending() const override { return static_cast<std::size_t>(dispatcher_.pending()); }
    [[nodiscard]] std::size_t workers() const override { return static_cast<std::size_t>(dispatcher_.workers()); }

private:
    D& dispatcher_;
};

} // namespace detail

} // namespace verdant
