#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/optimizer/evolution/reference_directions.hpp>
#include <verdant/pareto/non_dominated_sort.hpp>
#include <verdant/pareto/objective_rows.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

/// The survival of NSGA-III: by fronts, then where few others are along a direction.
namespace verdant {

namespace detail {

/// Solves `matrix` x = 1 for a square row-major matrix by elimination with pivots. @return empty where the matrix is singular but for rounding
[[nodiscard]] inline std::vector<double> solve_for_ones(std::vector<double> matrix, std::size_t n) {
    std::vector<double> x(n, 1.0);
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k + 1; i < n; ++i)
            if (std::abs(matrix[i * n + k]) > std::abs(matrix[pivot * n + k])) pivot = i;
        const double most = std::abs(matrix[pivot * n + k]);
        if (!(most > 1e-12) || !std::isfinite(most)) return {};
        for (std::size_t j = 0; j < n; ++j) std::swap(matrix[k * n + j], matrix[pivot * n + j]);
        std::swap(x[k], x[pivot]);
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = matrix[i * n + k] / matrix[k * n + k];
            for (std::size_t j = k; j < n; ++j) matrix[i * n + j] -= factor * matrix[k * n + j];
            x[i] -= factor * x[k];
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        for (std::size_t j = k + 1; j < n; ++j) x[k] -= matrix[k * n + j] * x[j];
        x[k] /= matrix[k * n + k];
    }
    return x;
}

} // namespace detail

/// Environmental selection of NSGA-III (Deb and Jain, IEEE TEC 18(4), 2014, algorithms 1 to 4; with constraints Jain and Deb, same issue): whole
/// fronts while they fit; of the front that no longer fits, vectors along directions with few survivors. Vectors are measured from the best values
/// met so far, in units of the intercepts of the plane through the extreme vectors, or of the extent of the first front where there is no such plane.
/// Where too few vectors are feasible, those that break constraints least follow.
class reference_niching {
public:
    explicit reference_niching(reference_directions directions)
        : directions_{std::move(directions)}, ideal_(directions_.objectives, std::numeric_limits<double>::infinity()) {}

    [[nodiscard]] const reference_directions& directions() const noexcept { return directions_; }
    /// The best value of each objective that selections have met; infinite before the first.
    [[nodiscard]] const std::vector<double>& ideal() const noexcept { return ideal_; }
    void restore(std::vector<double> ideal) { ideal_ = std::move(ideal); }

    /// Indices of `keep` of `points` (all, where there are not more), best front first. Valid until the next call.
    template <class = instantiated_when_used>
    std::span<const std::uint32_t> operator()(pareto::objective_rows points, std::span<const double> violations, std::size_t keep,
                                              random_stream& random);

    /// The direction nearest to each vector of the last selection that split a front, and the distance from it; for those that took part.
    [[nodiscard]] std::span<const std::uint32_t> nearest() const noexcept { return nearest_; }
    [[nodiscard]] std::span<const double> distances() const noexcept { return distance_; }
    /// What the objectives were divided by in that selection.
    [[nodiscard]] std::span<const double> scale() const noexcept { return scale_; }

private:
    [[nodiscard]] std::size_t width() const noexcept { return directions_.objectives; }

    void meet(pareto::objective_rows points) {
        for (const auto i : considered_)
            for (std::size_t j = 0; j < width(); ++j) ideal_[j] = std::min(ideal_[j], points.row(i)[j]);
    }

    /// The scale of each objective: intercepts of the plane through the extreme vectors, one an axis.
    void measure(pareto::objective_rows points) {
        const auto m = width();
        std::vector<double> extreme(m * m);
        for (std::size_t axis = 0; axis < m; ++axis) {
            double least = std::numeric_limits<double>::infinity();
            const double* best = points.row(considered_.front());
            for (const auto i : considered_) {
                double farthest = 0;
                for (std::size_t j = 0; j < m; ++j) farthest = std::max(farthest, (points.row(i)[j] - ideal_[j]) * (j == axis ? 1.0 : off_axis));
                if (farthest < least) {
                    least = farthest;
                    best = points.row(i);
                }
            }
            for (std::size_t j = 0; j < m; ++j) extreme[axis * m + j] = best[j] - ideal_[j];
        }
        scale_ = detail::solve_for_ones(extreme, m);
        for (auto& s : scale_) s = 1 / s;
        const bool plane = scale_.size() == m && std::all_of(scale_.begin(), scale_.end(), [](double s) { return std::isfinite(s) && s > 1e-12; });
        if (!plane) measure_extent(points);
    }
    void measure_extent(pareto::objective_rows points) {
        scale_.assign(width(), 0.0);
        for (const auto i : sorter_.front(0))
            for (std::size_t j = 0; j < width(); ++j) scale_[j] = std::max(scale_[j], points.row(i)[j] - ideal_[j]);
        for (auto& s : scale_)
            if (!(s > 0)) s = 1; // all are equal there
    }

    void associate(pareto::objective_rows points) {
        nearest_.assign(points.size(), 0);
        distance_.assign(points.size(), 0.0);
        std::vector<double> f(width());
        for (const auto i : considered_) {
            double square = 0;
            for (std::size_t j = 0; j < width(); ++j) {
                f[j] = (points.row(i)[j] - ideal_[j]) / scale_[j];
                square += f[j] * f[j];
            }
            double best = std::numeric_limits<double>::infinity();
            for (std::uint32_t d = 0; d < directions_.size(); ++d) {
                double along = 0, length = 0;
                for (std::size_t j = 0; j < width(); ++j) {
                    along += f[j] * directions_.row(d)[j];
                    length += directions_.row(d)[j] * directions_.row(d)[j];
                }
                const double off = square - along * along / length;
                if (off < best) {
                    best = off;
                    nearest_[i] = d;
                }
            }
            distance_[i] = std::sqrt(std::max(best, 0.0));
        }
    }

    /// Fills up from the vectors of the last front, which stand behind the first `whole` in `considered_`.
    void choose(std::size_t whole, std::size_t keep, random_stream& random) {
        counts_.assign(directions_.size(), 0);
        waiting_.assign(directions_.size(), {});
        for (std::size_t i = 0; i < whole; ++i) ++counts_[nearest_[considered_[i]]];
        for (auto i = whole; i < considered_.size(); ++i) waiting_[nearest_[considered_[i]]].push_back(considered_[i]);
        equals_.clear();
        while (kept_.size() < keep) {
            if (equals_.empty()) find_emptiest();
            const auto at = equals_.begin() + static_cast<std::ptrdiff_t>(random.below(equals_.size()));
            const auto d = *at;
            equals_.erase(at); // one more is along it than along the others from now on
            auto& here = waiting_[d];
            auto chosen = here.begin();
            if (counts_[d] == 0) {
                chosen = std::min_element(here.begin(), here.end(), [this](std::uint32_t a, std::uint32_t b) { return distance_[a] < distance_[b]; });
            } else chosen += static_cast<std::ptrdiff_t>(random.below(here.size()));
            kept_.push_back(*chosen);
            here.erase(chosen);
            ++counts_[d];
        }
    }
    /// The directions with the fewest survivors of those that some vector waits at. Once for each such number of survivors, not for each vector:
    /// there may be 100000 of both.
    void find_emptiest() {
        auto least = std::numeric_limits<std::uint32_t>::max();
        for (std::uint32_t d = 0; d < counts_.size(); ++d) {
            if (waiting_[d].empty() || counts_[d] > least) continue;
            if (counts_[d] < least) equals_.clear();
            least = counts_[d];
            equals_.push_back(d);
        }
    }

    static constexpr double off_axis = 1e6; ///< published: weights of 1e-6 away from the axis

    reference_directions directions_;
    std::vector<double> ideal_;
    pareto::non_dominated_sorter sorter_;
    std::vector<std::uint32_t> kept_, considered_, nearest_, counts_, equals_;
    std::vector<std::vector<std::uint32_t>> waiting_;
    std::vector<double> scale_, distance_;
};

template <class>
std::span<const std::uint32_t> reference_niching::operator()(pareto::objective_rows points, std::span<const double> violations, std::size_t keep,
                                                             random_stream& random) {
    kept_.clear();
    sorter_.sort(points, violations);
    std::size_t k = 0;
    for (; k < sorter_.fronts() && kept_.size() + sorter_.front(k).size() <= keep; ++k)
        kept_.insert(kept_.end(), sorter_.front(k).begin(), sorter_.front(k).end());
    const auto whole = kept_.size();
    const bool splits = whole < keep && k < sorter_.fronts();
    considered_ = kept_;
    if (splits) considered_.insert(considered_.end(), sorter_.front(k).begin(), sorter_.front(k).end());
    std::erase_if(considered_, [&](std::uint32_t i) { return !violations.empty() && violations[i] > 0; });
    meet(points);
    if (!splits) return kept_;
    const auto last = sorter_.front(k);
    if (!violations.empty() && violations[last.front()] > 0) {
        kept_.insert(kept_.end(), last.begin(), last.begin() + static_cast<std::ptrdiff_t>(keep - whole)); // equal violations
        return kept_;
    }
    measure(points);
    associate(points);
    choose(whole, keep, random);
    return kept_;
}
VERDANT_DEFINED_ONCE(std::span<const std::uint32_t> reference_niching::operator()<>(pareto::objective_rows, std::span<const double>, std::size_t,
                                                                                    random_stream&));

} // namespace verdant
