#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/optimizer/evolution/reference_directions.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
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
    /// Entries of the table of neighbours, a quarter of a GiB: 671 neighbours of each of 100000 directions, or all of 8192.
    static constexpr std::size_t most_entries = std::size_t{1} << 26;

    /// @param neighbours directions that count as near to each, itself included; all, where there are not more
    /// @param source     who is to be named by errors
    /// @throws input_error where the neighbours of all directions are more than `most_entries`
    decomposition(reference_directions directions, std::size_t neighbours, scalarisation kind, double penalty,
                  std::string_view source = "decomposition")
        : directions_{std::move(directions)}, neighbours_{std::min(neighbours, directions_.size())}, kind_{kind}, penalty_{penalty} {
        if (neighbours_ > most_entries / std::max(directions_.size(), std::size_t{1}))
            throw input_error{source, "neighbours",
                              "at most " + std::to_string(most_entries / directions_.size()) + " of each of " + std::to_string(directions_.size()) +
                                  " directions, for which 256 MiB are kept",
                              std::to_string(neighbours)};
        find_neighbours();
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

    using neighbour = std::pair<double, std::uint32_t>; ///< square distance and place; of equally distant ones the earlier is nearer

    /// From each direction outwards in the order of the first weight, until that weight alone is farther off than all neighbours found: there is no
    /// table of all distances, and of directions in few dimensions only those beside are looked at.
    template <class = instantiated_when_used>
    void find_neighbours();
    /// Takes direction `b` among the nearest of `a`, where it is one.
    void consider(std::uint32_t a, std::uint32_t b, std::vector<neighbour>& nearest) const {
        const bool full = nearest.size() == neighbours_;
        double sum = 0;
        for (std::size_t j = 0; j < directions_.objectives; ++j) {
            const double d = directions_.row(a)[j] - directions_.row(b)[j];
            sum += d * d;
            if (full && sum > nearest.front().first) return;
        }
        if (full) {
            if (!(neighbour{sum, b} < nearest.front())) return;
            std::pop_heap(nearest.begin(), nearest.end());
            nearest.back() = {sum, b};
        } else nearest.emplace_back(sum, b);
        std::push_heap(nearest.begin(), nearest.end());
    }

    reference_directions directions_;
    std::size_t neighbours_;
    scalarisation kind_;
    double penalty_;
    std::vector<std::uint32_t> near_;
};

template <class>
void decomposition::find_neighbours() {
    const auto n = directions_.size();
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
        return *directions_.row(a) != *directions_.row(b) ? *directions_.row(a) < *directions_.row(b) : a < b;
    });
    near_.resize(n * neighbours_);
    std::vector<neighbour> nearest; // a heap, the farthest first
    for (std::size_t at = 0; at < n; ++at) {
        const auto i = order[at];
        nearest.clear();
        const auto step = [&](std::size_t place) {
            const double first = directions_.row(i)[0] - directions_.row(order[place])[0];
            return first * first;
        };
        consider(i, i, nearest);
        for (std::size_t below = at, above = at + 1; below > 0 || above < n;) {
            const bool down = above == n || (below > 0 && step(below - 1) <= step(above));
            if (nearest.size() == neighbours_ && step(down ? below - 1 : above) > nearest.front().first) break;
            consider(i, order[down ? --below : above++], nearest);
        }
        std::sort_heap(nearest.begin(), nearest.end());
        for (std::size_t k = 0; k < neighbours_; ++k) near_[i * neighbours_ + k] = nearest[k].second;
    }
}
VERDANT_DEFINED_ONCE(void decomposition::find_neighbours<>());

} // namespace verdant
