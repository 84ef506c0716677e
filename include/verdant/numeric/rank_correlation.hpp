#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

/// Kendall's rank correlation.
namespace verdant::surrogate {

namespace detail {

/// Sorts a range and counts the pairs that were out of order.
[[nodiscard]] inline std::int64_t sorting_swaps(std::span<double> values, std::span<double> scratch) {
    if (values.size() < 2) return 0;
    const auto half = values.size() / 2;
    auto swaps = sorting_swaps(values.first(half), scratch.first(half)) + sorting_swaps(values.subspan(half), scratch.subspan(half));
    std::size_t left = 0, right = half;
    for (std::size_t to = 0; to < values.size(); ++to)
        if (right == values.size() || (left < half && values[left] <= values[right])) scratch[to] = values[left++];
        else {
            swaps += static_cast<std::int64_t>(half - left);
            scratch[to] = values[right++];
        }
    std::copy(scratch.begin(), scratch.end(), values.begin());
    return swaps;
}

/// Pairs within runs of equal neighbours. @param same called as `same(i, i + 1)`
template <class Same>
[[nodiscard]] std::int64_t tied_pairs(std::size_t size, const Same& same) {
    std::int64_t pairs = 0, run = 1;
    for (std::size_t i = 1; i <= size; ++i)
        if (i < size && same(i - 1, i)) ++run;
        else {
            pairs += run * (run - 1) / 2;
            run = 1;
        }
    return pairs;
}

} // namespace detail

/// Kendall's tau-b: how often two series order a pair alike less how often otherwise, corrected for ties (Kendall, 1945; counted in n log n as
/// Knight, JASA 61, 1966, does). 1: the same order, -1: the reverse one; NaN where one of them does not vary.
/// @throws input_error unless there are equally many numbers, at least two, none of them NaN
template <class = instantiated_when_used>
[[nodiscard]] double kendall_tau(std::span<const double> x, std::span<const double> y) {
    const auto n = x.size();
    if (n != y.size() || n < 2)
        throw input_error{"rank correlation", "", "two series of at least two numbers each", std::to_string(n) + " and " + std::to_string(y.size())};
    const auto no_number = [](double value) { return std::isnan(value); };
    if (std::any_of(x.begin(), x.end(), no_number) || std::any_of(y.begin(), y.end(), no_number))
        throw input_error{"rank correlation", "", "numbers", "NaN"};
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] != x[b] ? x[a] < x[b] : y[a] < y[b]; });
    const auto tied_x = verdant::surrogate::detail::tied_pairs(n, [&](std::size_t a, std::size_t b) { return x[order[a]] == x[order[b]]; });
    const auto tied_both = verdant::surrogate::detail::tied_pairs(
        n, [&](std::size_t a, std::size_t b) { return x[order[a]] == x[order[b]] && y[order[a]] == y[order[b]]; });
    std::vector<double> values(n), scratch(n);
    std::transform(order.begin(), order.end(), values.begin(), [&](std::size_t i) { return y[i]; });
    const auto swaps = verdant::surrogate::detail::sorting_swaps(values, scratch);
    const auto tied_y = verdant::surrogate::detail::tied_pairs(n, [&](std::size_t a, std::size_t b) { return values[a] == values[b]; });
    const auto pairs = static_cast<std::int64_t>(n * (n - 1) / 2);
    if (tied_x == pairs || tied_y == pairs) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(pairs - tied_x - tied_y + tied_both - 2 * swaps) /
           std::sqrt(static_cast<double>(pairs - tied_x) * static_cast<double>(pairs - tied_y));
}
VERDANT_DEFINED_ONCE(double kendall_tau<>(std::span<const double>, std::span<const double>));

} // namespace verdant::surrogate
