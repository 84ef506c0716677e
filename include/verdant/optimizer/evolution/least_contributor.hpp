#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/contributions.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/pareto/non_dominated_sort.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

/// Which of some vectors the hypervolume misses least.
namespace verdant {

/// The survival of SMS-EMOA (Beume, Naujoks, Emmerich, European J. of Operational Research 181(3), 2007, algorithms 2 and 3): the one that leaves is
/// of the last front. Where that is the only one, it is the vector that adds least to the hypervolume; otherwise the one that most vectors dominate,
/// and of several such the one that adds least to the hypervolume of its front. Vectors that break constraints leave before all others, the worst
/// first and of equal ones the oldest.
///
/// Objectives are measured in units of their extent over the front, since seconds and kilograms have no common unit; the reference lies `offset` of
/// these units beyond the worst value, published: 1 of the objectives' own.
class least_contributor {
public:
    /// @param offset above 0
    explicit least_contributor(double offset = 1) : offset_{offset} {}

    /// The index of the one to leave. @pre `points` is not empty
    template <class = instantiated_when_used>
    [[nodiscard]] std::size_t operator()(pareto::objective_rows points, std::span<const double> violations);

private:
    [[nodiscard]] static std::size_t dominators(pareto::objective_rows points, std::span<const double> violations, std::size_t of) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < points.size(); ++i)
            count += (violations.empty() || violations[i] <= 0) && pareto::dominates(points[i], points[of]) ? 1 : 0;
        return count;
    }

    /// The contributions within a front.
    void contribute(pareto::objective_rows points, std::span<const std::uint32_t> front) {
        const auto width = points.objectives();
        scaled_.resize(front.size() * width);
        for (std::size_t j = 0; j < width; ++j) {
            double low = std::numeric_limits<double>::infinity(), high = -low;
            for (const auto i : front) {
                low = std::min(low, points.row(i)[j]);
                high = std::max(high, points.row(i)[j]);
            }
            const double extent = high > low ? high - low : 1;
            for (std::size_t k = 0; k < front.size(); ++k) scaled_[k * width + j] = (points.row(front[k])[j] - low) / extent;
        }
        const std::vector<double> reference(width, 1 + offset_);
        const auto values = compute_({scaled_, width}, reference);
        contributions_.assign(values.begin(), values.end());
    }

    double offset_;
    pareto::non_dominated_sorter sorter_;
    pareto::hypervolume_contributions compute_;
    std::vector<double> scaled_, contributions_;
};

template <class>
std::size_t least_contributor::operator()(pareto::objective_rows points, std::span<const double> violations) {
    sorter_.sort(points, violations);
    const auto last = sorter_.front(sorter_.fronts() - 1);
    if (last.size() == 1 || (!violations.empty() && violations[last.front()] > 0)) return last.front();
    contribute(points, last);
    std::size_t worst = 0, most = 0;
    for (std::size_t k = 0; k < last.size(); ++k) {
        const auto above = sorter_.fronts() == 1 ? 0 : dominators(points, violations, last[k]);
        if (k > 0 && (above < most || (above == most && contributions_[k] >= contributions_[worst]))) continue;
        worst = k;
        most = above;
    }
    return last[worst];
}
VERDANT_DEFINED_ONCE(std::size_t least_contributor::operator()<>(pareto::objective_rows, std::span<const double>));

} // namespace verdant
