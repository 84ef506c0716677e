#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

/// Hypervolume as seen from the reference point, for more objectives than boxes are good for.
namespace verdant::pareto {

/// Rays from a reference point into the region below it, in directions that are uniform over that part of the unit sphere. The volume that vectors
/// dominate is the mean over all directions of length^m, the power of the part of the ray that is dominated, times the volume of the unit ball's
/// part; so the mean over some of them estimates it without bias (Deng, Zhang, "Approximating hypervolume and hypervolume contributions using polar
/// coordinate", IEEE TEVC 23(5), 2019; Golovin, Zhang, "Random hypervolume scalarizations for provable multi-objective black box optimization", ICML
/// 2020). A ray costs m divisions a vector, whatever the number of objectives, where boxes grow with n^(m/2).
class hypervolume_rays {
public:
    /// @param objectives their number m, at least 1
    /// @param normals    m independent standard normal numbers a ray: they have no preferred direction, and their absolute values none below the
    /// reference.
    ///                   Those of a Sobol sequence fill the sphere most evenly
    hypervolume_rays(std::size_t objectives, std::span<const double> normals) : objectives_{objectives} {
        inverse_.reserve(normals.size());
        for (std::size_t k = 0; k + objectives <= normals.size(); k += objectives) {
            constexpr double least = 1e-12; // the inverse of a component of 0 is not finite
            double squares = 0;
            for (const auto v : normals.subspan(k, objectives)) squares += std::max(v * v, least * least);
            for (const auto v : normals.subspan(k, objectives)) inverse_.push_back(std::sqrt(squares) / std::max(std::abs(v), least));
        }
    }

    [[nodiscard]] std::size_t objectives() const noexcept { return objectives_; }
    [[nodiscard]] std::size_t size() const noexcept { return inverse_.size() / objectives_; }
    /// The inverse of each component of a direction.
    [[nodiscard]] std::span<const double> inverse(std::size_t ray) const noexcept { return {inverse_.data() + ray * objectives_, objectives_}; }

    /// The length of the part of a ray that a vector dominates, negative where it is not below the reference.
    [[nodiscard]] double length(std::size_t ray, std::span<const double> vector, std::span<const double> reference) const noexcept {
        const auto* inverse = inverse_.data() + ray * objectives_;
        auto least = std::numeric_limits<double>::infinity();
        for (std::size_t j = 0; j < objectives_; ++j) least = std::min(least, (reference[j] - vector[j]) * inverse[j]);
        return least;
    }

    /// The length that some vectors dominate together; 0 where none is below the reference.
    /// @param vectors one after another
    [[nodiscard]] double dominated(std::size_t ray, std::span<const double> vectors, std::span<const double> reference) const noexcept {
        double most = 0;
        for (std::size_t i = 0; i + objectives_ <= vectors.size(); i += objectives_)
            most = std::max(most, length(ray, vectors.subspan(i, objectives_), reference));
        return most;
    }

    /// The hypervolume of some vectors, estimated. @pre at least one ray
    [[nodiscard]] double hypervolume(std::span<const double> vectors, std::span<const double> reference) const noexcept {
        double sum = 0;
        for (std::size_t k = 0; k < size(); ++k) sum += std::pow(dominated(k, vectors, reference), static_cast<double>(objectives_));
        return ball(objectives_) * sum / static_cast<double>(size());
    }

    /// The volume of the part of the unit ball of m dimensions whose coordinates are all positive.
    [[nodiscard]] static double ball(std::size_t m) noexcept {
        const auto d = static_cast<double>(m);
        return std::exp(0.5 * d * std::log(std::numbers::pi) - std::lgamma(0.5 * d + 1) - d * std::numbers::ln2);
    }

    /// (from + step)^m - from^m without cancellation, and its derivative by the step.
    struct growth {
        double value = 0, slope = 0;
    };
    [[nodiscard]] static growth power_growth(double from, double step, std::size_t m) noexcept {
        // step * sum_i (from + step)^i from^(m - 1 - i), by Horner's rule.
        double sum = 1, power = 1, low = 1;
        const auto to = from + step;
        for (std::size_t i = 1; i < m; ++i) {
            low *= from;
            power *= to;
            sum = sum * to + low;
        }
        return {step * sum, static_cast<double>(m) * power};
    }

private:
    std::size_t objectives_;
    std::vector<double> inverse_;
};

} // namespace verdant::pareto
