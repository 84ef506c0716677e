#pragma once

#include <verdant/optimizer/evolution/reference_directions.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

/// One search for many objectives as many searches for one.
namespace verdant {

/// How a vector of objectives becomes one number for a direction (Zhang and Li, IEEE TEC 11(6), 2007, section II).
enum class scalarisation : std::uint8_t {
    tchebycheff, ///< the greatest weighted distance from the best values: also for fronts that are not convex
    boundary_intersection ///< the way along the direction, and `penalty` times the distance from it: spreads evenly where there are three and more objectives
};

/// Directions, which of them are near each other, and what vectors are worth along them.
class decomposition {
public:
    /// @param neighbours directions that count as near to each, itself included; all, where there are not more
    decomposition(reference_directions directions, std::size_t neighbours, scalarisation kind, double penalty)
        : directions_{std::move(directions)}, neighbours_{std::min(neighbours, directions_.size())}, kind_{kind}, penalty_{penalty} {
        const auto n = directions_.size();
        std::vector<std::uint32_t> order(n);
        std::vector<double> squares(n);
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t k = 0; k < n; ++k) squares[k] = square_distance(i, k);
            std::iota(order.begin(), order.end(), std::uint32_t{0});
            std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(neighbours_), order.end(),
                              [&](std::uint32_t a, std::uint32_t b) { return squares[a] != squares[b] ? squares[a] < squares[b] : a < b; });
            near_.insert(near_.end(), order.begin(), order.begin() + static_cast<std::ptrdiff_t>(neighbours_));
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return directions_.size(); }
    /// The directions nearest to the i-th, the nearest first.
    [[nodiscard]] std::span<const std::uint32_t> near(std::size_t i) const noexcept { return {near_.data() + i * neighbours_, neighbours_}; }

    /// What a vector is worth along a direction: less is better.
    /// @param ideal  the best value of each objective, which the vector may go below
    /// @param extent what each objective is measured in; above 0
    [[nodiscard]] double operator()(std::size_t direction, std::span<const double> objectives, std::span<const double> ideal,
                                    std::span<const double> extent) const {
        const auto* weight = directions_.row(direction);
        const auto distance = [&](std::size_t j) { return (objectives[j] - ideal[j]) / extent[j]; };
        if (kind_ == scalarisation::tchebycheff) {
            double most = -std::numeric_limits<double>::infinity();
            for (std::size_t j = 0; j < objectives.size(); ++j) most = std::max(most, std::max(weight[j], least_weight) * distance(j));
            return most;
        }
        double along = 0, square = 0, length = 0;
        for (std::size_t j = 0; j < objectives.size(); ++j) {
            along += distance(j) * weight[j];
            length += weight[j] * weight[j];
        }
        along /= std::sqrt(length);
        for (std::size_t j = 0; j < objectives.size(); ++j) {
            const double off = distance(j) - along * weight[j] / std::sqrt(length);
            square += off * off;
        }
        return along + penalty_ * std::sqrt(square);
    }

private:
    /// In place of weights of 0, which would leave an objective out altogether.
    static constexpr double least_weight = 1e-6;

    [[nodiscard]] double square_distance(std::size_t a, std::size_t b) const {
        double sum = 0;
        for (std::size_t j = 0; j < directions_.objectives; ++j) {
            const double d = directions_.row(a)[j] - directions_.row(b)[j];
            sum += d * d;
        }
        return sum;
    }

    reference_directions directions_;
    std::size_t neighbours_;
    scalarisation kind_;
    double penalty_;
    std::vector<std::uint32_t> near_;
};

} // namespace verdant
