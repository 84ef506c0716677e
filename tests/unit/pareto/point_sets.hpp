#pragma once

#include <verdant/random/stream.hpp>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace point_sets {

/// Uniform in the unit cube, row-major.
inline std::vector<double> uniform(std::size_t n, std::size_t objectives, verdant::random_stream& random) {
    std::vector<double> values(n * objectives);
    for (auto& value : values) value = random.uniform();
    return values;
}

/// On a grid of few values, so that ties and duplicates abound.
inline std::vector<double> grid(std::size_t n, std::size_t objectives, std::size_t steps, verdant::random_stream& random) {
    std::vector<double> values(n * objectives);
    for (auto& value : values) value = static_cast<double>(random.below(steps)) / static_cast<double>(steps);
    return values;
}

/// On the positive part of the unit sphere: mutually non-dominated.
inline std::vector<double> sphere(std::size_t n, std::size_t objectives, verdant::random_stream& random) {
    std::vector<double> values(n * objectives);
    for (std::size_t i = 0; i < n; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < objectives; ++j) {
            // Box-Muller; the direction of normal coordinates is uniform.
            auto& value = values[i * objectives + j];
            value = std::abs(std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * std::numbers::pi * random.uniform()));
            sum += value * value;
        }
        for (std::size_t j = 0; j < objectives; ++j) values[i * objectives + j] /= std::sqrt(sum);
    }
    return values;
}

/// Whole numbers of one sum: mutually non-dominated (but for duplicates), with ties in every objective.
inline std::vector<double> plane(std::size_t n, std::size_t objectives, std::size_t sum, verdant::random_stream& random) {
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i) {
        auto left = sum;
        for (std::size_t j = 0; j + 1 < objectives; ++j) {
            const auto part = static_cast<std::size_t>(random.below(left + 1));
            values.push_back(static_cast<double>(part));
            left -= part;
        }
        values.push_back(static_cast<double>(left));
    }
    return values;
}

} // namespace point_sets
