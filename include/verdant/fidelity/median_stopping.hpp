#pragma once

#include <verdant/fidelity/detail/rung_by_rung.hpp>
#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// The median stopping rule (Golovin et al. 2017, section 3.2.2): a trial is stopped at a step where its best objective so far is strictly worse than
/// the median, over the other trials that got as far, of the averages of their objectives up to that step. Violations of constraints are compared so
/// first.
template <class = instantiated_when_used>
class basic_median_rule {
public:
    /// @param least others that there must be @param grace share of a whole evaluation below which no trial is stopped
    basic_median_rule(std::size_t least, double grace) : least_{least}, grace_{grace} {}

    [[nodiscard]] bool goes_on(const rung_score& s);

private:
    using worth = std::pair<double, double>; ///< violation of constraints, objective
    /// A sum of numbers whose mean is one of the doubles, though the sum may not be.
    class summed {
    public:
        void add(double x) {
            sum_ += x;
            small_ += x * 0x1p-64;
        }
        [[nodiscard]] double mean(double count) const {
            constexpr auto most = std::numeric_limits<double>::max();
            if (std::isfinite(sum_)) return sum_ / count;
            return std::isfinite(small_) ? std::clamp(small_ / count * 0x1p64, -most, most) : small_;
        }

    private:
        double sum_ = 0, small_ = 0; ///< the second one a power of two less, which rounds nothing
    };
    struct course {
        worth best{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
        summed violation, objective;
        std::size_t steps = 0;
    };
    [[nodiscard]] static worth median(const std::vector<worth>& sorted) {
        const auto n = sorted.size();
        const auto &low = sorted[(n - 1) / 2], &high = sorted[n / 2];
        return {std::midpoint(low.first, high.first), std::midpoint(low.second, high.second)};
    }

    std::size_t least_;
    double grace_;
    std::unordered_map<std::uint64_t, course> courses_;
    std::map<double, std::vector<worth>> averages_; ///< by step, sorted
};
using median_rule = basic_median_rule<>;

template <class Deferred>
bool basic_median_rule<Deferred>::goes_on(const rung_score& s) {
    if (s.status == measurement_status::failed || s.objectives.empty()) return false;
    auto& mine = courses_[s.number];
    const auto now = s.worth();
    mine.best = std::min(mine.best, now);
    mine.violation.add(now.first);
    mine.objective.add(now.second);
    ++mine.steps;
    auto& others = averages_[s.share];
    const bool judged = s.share >= grace_ && others.size() >= least_ && !others.empty();
    const bool worse = judged && mine.best > median(others);
    const auto steps = static_cast<double>(mine.steps);
    const worth average{mine.violation.mean(steps), mine.objective.mean(steps)};
    others.insert(std::lower_bound(others.begin(), others.end(), average), average);
    return !worse;
}
VERDANT_DEFINED_ONCE(class basic_median_rule<>);

} // namespace detail

/// Median stopping (Golovin, Solnik, Moitra, Kochanski, Karro, Sculley, "Google Vizier", KDD 2017, section 3.2.2): a trial goes from rung to rung, or
/// from report to report, until its best value is worse than the median of the others' running averages there. It makes no assumption on the form of
/// the curves. For searches of one objective; trials that break constraints count as worse than all that keep them. Trials should report at the same
/// steps: those that have not reported at a step are no others there.
struct median_stopping : fidelity_policy_base {
    struct options {
        std::size_t eta = 2; ///< factor between rungs
        std::size_t least = 5; ///< trials that got as far, before any is stopped there
        double grace = 0; ///< share of a whole evaluation below which no trial is stopped
        using described = members<member<"eta", &options::eta>, member<"least", &options::least>, member<"grace", &options::grace>>;
    };
    static constexpr bool single_objective = true;
    [[nodiscard]] static constexpr std::string_view name() { return "median_stopping"; }

    class schedule final : public detail::rung_by_rung<detail::median_rule> {
    public:
        /// @param rungs shares of a whole evaluation, ascending
        /// @throws input_error for a grace that is not a share, and for 0 trials
        schedule(const options& o, std::span<const double> rungs) : rung_by_rung{{checked(o).least, o.grace}, rungs.size()} {}

    private:
        [[nodiscard]] static const options& checked(const options& o) {
            require_count("median_stopping", "least", o.least, 1);
            require_share("median_stopping", "grace", o.grace);
            return o;
        }
    };
};

} // namespace verdant
