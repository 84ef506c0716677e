#pragma once

#include <verdant/error.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/search/result.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant {

/// The state of a running search: for users who own the loop. `ask` for points, measure them however and wherever, `tell` what they were
/// worth, in the order asked. `search::run` is such a loop.
/// @tparam Optimizer a policy such as `nsga2<>`
template <class Space, class Goals, optimizer_policy Optimizer>
class search_session {
public:
    using trial_type = trial<Space, Goals>;
    using metrics_type = typename Goals::metrics_type;
    using engine_type = typename Optimizer::template engine<Space, Goals>;
    static_assert(optimizer<engine_type, Space, Goals>);

    search_session(std::uint64_t seed, const typename Optimizer::options& options, const typename Goals::limits_type& limits)
        : engine_{make_engine(options, limits)}, random_{seed}, limits_{limits} {}

    /// At most n points to measure; none where the optimizer has no more. Some may be known already (`find`): telling them again is not needed
    /// but for the optimizer, which `tell_known` does.
    [[nodiscard]] std::vector<point<Space>> ask(std::size_t n) { return engine_.ask(random_, n); }

    /// Records what a point is worth. A metric that is NaN makes the trial a failed one. A point that is known keeps its first trial.
    const trial_type& tell(const point<Space>& p, const metrics_type& values) {
        auto t = make(p);
        t.values = values;
        const auto numbers = values.si_values();
        for (std::size_t i = 0; i < numbers.size(); ++i)
            if (std::isnan(numbers[i])) return record(std::move(t), "a metric is NaN");
        return record(std::move(t), {});
    }

    /// Records that a point could not be measured, and why.
    const trial_type& tell_failure(const point<Space>& p, std::string_view why) { return record(make(p), why.empty() ? "failed" : why); }

    /// The trial of a point that was told before, or null.
    [[nodiscard]] const trial_type* find(const point<Space>& p) const {
        const auto at = known_.find(p);
        return at == known_.end() ? nullptr : &trials_[at->second];
    }

    /// Tells the optimizer once more of a point that it proposed though it is known.
    void tell_known(const trial_type& t) {
        ++repeated_;
        engine_.tell(std::span{&t, 1});
    }

    [[nodiscard]] const std::vector<trial_type>& trials() const noexcept { return trials_; }
    [[nodiscard]] const typename Goals::limits_type& limits() const noexcept { return limits_; }
    [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
    [[nodiscard]] const engine_type& engine() const noexcept { return engine_; }

    /// What has been found so far.
    [[nodiscard]] search_result<Space, Goals> result(stop_reason why = stop_reason::trials) const { return {trials_, limits_, why, repeated_}; }

private:
    /// An engine that models constraints wants their limits, which a study may have changed.
    [[nodiscard]] static engine_type make_engine(const typename Optimizer::options& options, const typename Goals::limits_type& limits) {
        if constexpr (std::constructible_from<engine_type, const typename Optimizer::options&, const typename Goals::limits_type&>)
            return engine_type{options, limits};
        else return engine_type{options};
    }

    [[nodiscard]] trial_type make(const point<Space>& p) const {
        trial_type t;
        t.number = trials_.size();
        t.point = p;
        return t;
    }

    const trial_type& record(trial_type t, std::string_view failure) {
        if (const auto* before = find(t.point)) {
            tell_known(*before);
            return *before;
        }
        if (failure.empty()) {
            t.objectives = Goals::objectives(t.values);
            t.violation = Goals::violation(t.values, limits_);
            // An infinite objective says that the point cannot be built; it must not reach differences and sums of objectives.
            for (const auto o : t.objectives)
                if (!std::isfinite(o)) t.violation = std::numeric_limits<double>::infinity();
        } else {
            t.status = trial_status::failed;
            t.message = failure;
        }
        known_.emplace(t.point, trials_.size());
        trials_.push_back(std::move(t));
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
