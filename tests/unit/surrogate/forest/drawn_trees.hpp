#pragma once

// Trees and rows drawn at random, with the splits that real ones have: halves between whole numbers, or numbers anywhere.

#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace drawn {

/// How many values each feature has.
inline std::vector<std::size_t> domains(std::size_t features) {
    std::vector<std::size_t> sizes(features);
    for (std::size_t f = 0; f < features; ++f) sizes[f] = 2 + f % 3;
    return sizes;
}

/// A tree of that depth at most; one leaf in eight comes early.
template <class Scalar>
verdant::surrogate::basic_regression_tree<Scalar> tree(verdant::random_stream& random, std::span<const std::size_t> domain, std::size_t depth) {
    verdant::surrogate::basic_regression_tree<Scalar> t;
    t.add_leaf(0);
    std::vector<std::pair<std::int32_t, std::size_t>> open{{0, 0}};
    while (!open.empty()) {
        const auto [node, level] = open.back();
        open.pop_back();
        if (level == depth || (level > 0 && random() % 8 == 0)) {
            t.value[static_cast<std::size_t>(node)] = static_cast<Scalar>(random.uniform(-1, 1));
            continue;
        }
        const auto feature = static_cast<std::size_t>(random() % domain.size());
        const auto at = static_cast<Scalar>(static_cast<double>(random() % (domain[feature] - 1)) + 0.5);
        t.split(node, static_cast<std::uint32_t>(feature), at,
                random() % 2 == 0 ? verdant::surrogate::missing_side::left : verdant::surrogate::missing_side::right);
        open.emplace_back(t.left[static_cast<std::size_t>(node)], level + 1);
        open.emplace_back(t.right[static_cast<std::size_t>(node)], level + 1);
    }
    return t;
}

template <class Scalar>
std::vector<verdant::surrogate::basic_regression_tree<Scalar>> trees(std::size_t count, std::span<const std::size_t> domain, std::size_t depth, std::uint64_t seed) {
    verdant::random_stream random{seed};
    std::vector<verdant::surrogate::basic_regression_tree<Scalar>> all;
    for (std::size_t t = 0; t < count; ++t) all.push_back(tree<Scalar>(random, domain, depth));
    return all;
}

/// Rows of whole numbers below the sizes of the domains.
inline std::vector<float> rows(std::size_t count, std::span<const std::size_t> domain, std::uint64_t seed) {
    verdant::random_stream random{seed};
    std::vector<float> all;
    for (std::size_t r = 0; r < count; ++r)
        for (const auto size : domain) all.push_back(static_cast<float>(random() % size));
    return all;
}

} // namespace drawn
