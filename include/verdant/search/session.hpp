#pragma once

#include <verdant/error.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/random.hpp>
#include <verdant/search/result.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// Stands in for an optimizer that is missing or no good, so that its message stays the only one.
struct no_optimizer : optimizer_tag {
    struct options {};
    template <class Space, class Goals>
    struct engine {
        explicit engine(const options&) {}
        std::vector<point<Space>> ask(random_stream&, std::size_t) { return {}; }
        void tell(std::span<const trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 1; }
    };
};

template <class Engine, class Options, class Space, class Goals>
inline constexpr bool complete_engine = optimizer<Engine, Space, Goals> && std::constructible_from<Engine, const Options&>;

template <class Optimizer, class Space, class Goals>
inline constexpr bool complete_optimizer = false;
template <optimizer_policy Optimizer, class Space, class Goals>
    requires requires { typename Optimizer::template engine<Space, Goals>; }
inline constexpr bool complete_optimizer<Optimizer, Space, Goals> =
    complete_engine<typename Optimizer::template engine<Space, Goals>, typename Optimizer::options, Space, Goals>;

} // namespace detail

/// The state of a running search, for users who own the loop: `ask` for points, measure them however and wherever, `tell` what they were
/// worth, in the order asked. `search::run` is such a loop.
///
///     for (const auto& p : session.ask(20))
///         if (session.tell_known(p) == nullptr) session.tell(p, measure(p));
///
/// @tparam Optimizer a policy such as `nsga2<>`
template <class Space, class Goals, optimizer_policy Optimizer>
class search_session {
public:
    using trial_type = trial<Space, Goals>;
    using metrics_type = typename Goals::metrics_type;
    using result_type = search_result<Space, Goals>;
    using engine_type = typename Optimizer::template engine<Space, Goals>;

    search_session(std::uint64_t seed, const typename Optimizer::options& options, const typename Goals::limits_type& limits = Goals::limits())
        : engine_{make_engine(options, limits)}, random_{seed}, limits_{limits} {}

    /// At most n points to measure; none where the optimizer has no more. Some may be known already: see `tell_known`.
    [[nodiscard]] std::vector<point<Space>> ask(std::size_t n) { return engine_.ask(random_, n); }

    /// Records what a point is worth. A metric that is NaN makes the trial a failed one. A point that is known keeps its first trial.
    /// The reference holds until the next tell.
    const trial_type& tell(const point<Space>& p, const metrics_type& values) {
        if (const auto nan = detail::nan_metric(values); !nan.empty()) return tell_failure(p, std::string{nan} + " is NaN");
        if (const auto* before = tell_known(p)) return *before;
        return record(measured(p, values));
    }

    /// Records that a point could not be measured, and why.
    const trial_type& tell_failure(const point<Space>& p, std::string_view why) {
        if (const auto* before = tell_known(p)) return *before;
        return record(unmeasured(p, why));
    }

    /// Where a point was told before: tells the optimizer once more, and gives the trial. Else null, and nothing happens.
    const trial_type* tell_known(const point<Space>& p) {
        const auto* before = find(p);
        if (before == nullptr) return nullptr;
        ++repeated_;
        engine_.tell(std::span{before, 1});
        return before;
    }

    /// The trial of a point that was told before, or null.
    [[nodiscard]] const trial_type* find(const point<Space>& p) const {
        const auto at = known_.find(p);
        return at == known_.end() ? nullptr : &trials_[at->second];
    }

    [[nodiscard]] const std::vector<trial_type>& trials() const noexcept { return trials_; }
    [[nodiscard]] const typename Goals::limits_type& limits() const noexcept { return limits_; }
    /// How often a point was told that was known already.
    [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
    [[nodiscard]] const engine_type& engine() const noexcept { return engine_; }

    /// The stream that the optimizer draws from.
    [[nodiscard]] const random_stream& random() const noexcept { return random_; }

    /// Takes over a trial of an earlier session without a word to the optimizer: what the trials of a kept study are given back with, in order, before
    /// `restore`. @param failure empty where the point was measured
    void take(const point<Space>& p, const metrics_type& values, std::string_view failure) {
        keep(failure.empty() ? measured(p, values) : unmeasured(p, failure));
    }
    /// Goes on as the session did that these words came from: its stream, how often it was told known points, and what its engine saved.
    void restore(std::span<const std::uint64_t, 4> random, std::uint64_t repeated, std::string_view saved)
        requires savable_engine<engine_type, Space, Goals>
    {
        engine_.restore(saved, std::span<const trial_type>{trials_});
        random_.restore(random);
        repeated_ = repeated;
    }

    /// What has been found so far.
    [[nodiscard]] result_type result(stop_reason why = stop_reason::trials) const { return {trials_, limits_, why, repeated_}; }

private:
    /// An engine that models constraints wants their limits, which a study may have changed.
    [[nodiscard]] static engine_type make_engine(const typename Optimizer::options& options, const typename Goals::limits_type& limits) {
        if constexpr (std::constructible_from<engine_type, const typename Optimizer::options&, const typename Goals::limits_type&>)
            return engine_type{options, limits};
        else return engine_type{options};
    }

    [[nodiscard]] trial_type numbered(const point<Space>& p) const {
        trial_type t;
        t.number = trials_.size();
        t.point = p;
        return t;
    }

    [[nodiscard]] trial_type measured(const point<Space>& p, const metrics_type& values) const {
        auto t = numbered(p);
        t.values = values;
        t.objectives = Goals::objectives(values);
        t.violation = Goals::violation(values, limits_);
        // An infinite objective says that the point cannot be built; it must not reach differences and sums of objectives.
        for (const auto o : t.objectives)
            if (!std::isfinite(o)) t.violation = std::numeric_limits<double>::infinity();
        return t;
    }
    [[nodiscard]] trial_type unmeasured(const point<Space>& p, std::string_view why) const {
        auto t = numbered(p);
        t.status = trial_status::failed;
        t.message = why.empty() ? "failed" : why;
        return t;
    }

    void keep(trial_type t) {
        known_.emplace(t.point, trials_.size());
        trials_.push_back(std::move(t));
    }
    const trial_type& record(trial_type t) {
        keep(std::move(t));
        engine_.tell(std::span<const trial_type>{&trials_.back(), 1});
        return trials_.back();
    }

    engine_type engine_;
    random_stream random_;
    typename Goals::limits_type limits_;
    std::vector<trial_type> trials_;
    std::unordered_map<point<Space>, std::size_t> known_;
    std::uint64_t repeated_ = 0;
};

} // namespace verdant
