#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/numpy.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Series of numbers with classes, as one-dimensional networks take them.
namespace verdant::data {

/// Series of one length, each of some channels.
struct labelled_series {
    std::size_t channels = 1, length = 0;
    std::vector<float> values;              ///< [items, channels, length]
    std::size_t targets = 1;                ///< numbers of an item's label
    std::vector<std::int64_t> labels;       ///< [items, targets]: the class, or of each of several labels 0 or 1
    std::vector<std::size_t> recordings{};  ///< [items]: which recording a series was cut out of; empty where none was

    [[nodiscard]] std::size_t size() const { return labels.size() / std::max<std::size_t>(1, targets); }
};

/// Numbers less their mean, divided by their standard deviation, as NumPy computes it, of all n; zeros where all are equal.
/// @throws input_error for a number that is not finite
template <class = instantiated_when_used>
void to_z_scores(std::span<float> numbers, const std::string& source = "series") {
    const auto n = static_cast<double>(numbers.size());
    double mean = 0, squares = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!std::isfinite(numbers[i])) throw input_error{source, "number " + std::to_string(i + 1), "a finite one", std::to_string(numbers[i])};
        mean += static_cast<double>(numbers[i]) / n;
    }
    for (const float x : numbers) squares += (static_cast<double>(x) - mean) * (static_cast<double>(x) - mean) / n;
    // Of equal numbers a rounded mean leaves a deviation, by which each would be divided to 1 or -1.
    const bool differ = std::adjacent_find(numbers.begin(), numbers.end(), [](float a, float b) { return a != b; }) != numbers.end();
    const double deviation = differ ? std::sqrt(squares) : 0;
    for (float& x : numbers) x = deviation > 0 ? static_cast<float>((static_cast<double>(x) - mean) / deviation) : 0.0F;
}
VERDANT_DEFINED_ONCE(void to_z_scores<>(std::span<float>, const std::string&));

/// Which of some items train, and which test.
struct item_split {
    std::vector<std::size_t> train, test;
};

/// The split of scikit-learn's `train_test_split(test_size=share, random_state=seed)`: the first ceil(share n) of NumPy's permutation test.
/// @throws input_error unless both parts have items
template <class = instantiated_when_used>
[[nodiscard]] item_split split_items(std::size_t items, double share = 0.1, std::uint32_t seed = 0) {
    if (items > std::numeric_limits<std::uint32_t>::max()) throw input_error{"split", "items", "fewer than 2^32 items", std::to_string(items)};
    const bool parts = share > 0 && share < 1;
    const auto tested = parts ? static_cast<std::size_t>(std::ceil(share * static_cast<double>(items))) : items;
    if (tested >= items)
        throw input_error{"split", "share", "one that leaves items on both sides", std::to_string(share) + " of " + std::to_string(items) + " items"};
    reference::numpy_random random{seed};
    const auto order = random.permutation(static_cast<std::uint32_t>(items));
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(tested);
    return {.train = {middle, order.end()}, .test = {order.begin(), middle}};
}
VERDANT_DEFINED_ONCE(item_split split_items<>(std::size_t, double, std::uint32_t));

} // namespace verdant::data
