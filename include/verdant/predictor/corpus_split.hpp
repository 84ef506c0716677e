#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/random/python.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace verdant::predictor {

/// Which entries a predictor is trained with, and which ones it is tested with.
struct corpus_split {
    std::vector<std::size_t> train, test;
};

/// Shuffles entries as Python does that is seeded by `seed`, and takes the first share for training (AutoBuild: train_predictor.py, with 0.9).
/// @throws input_error unless both parts have an entry
template <class = instantiated_when_used>
[[nodiscard]] corpus_split split_corpus(std::size_t entries, std::uint64_t seed, double share = 0.9) {
    require_share("split of a corpus", "share", share);
    std::vector<std::size_t> order(entries);
    std::iota(order.begin(), order.end(), std::size_t{0});
    reference::python_random{seed}.shuffle(order);
    const auto train = static_cast<std::ptrdiff_t>(share * static_cast<double>(entries));
    if (train == 0 || static_cast<std::size_t>(train) == entries)
        throw input_error{"split of a corpus", "", "entries to train and to test with",
                          std::to_string(train) + " and " + std::to_string(entries - static_cast<std::size_t>(train))};
    return {{order.begin(), order.begin() + train}, {order.begin() + train, order.end()}};
}
VERDANT_DEFINED_ONCE(corpus_split split_corpus<>(std::size_t, std::uint64_t, double));

} // namespace verdant::predictor
