#pragma once

// What every model of the concept `image_set` keeps.

#include "catch.hpp"

#include <verdant/data/images/image_set.hpp>
#include <verdant/image/image.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace laws {

/// @param most so many of its pictures are looked at, from the first to the last
template <verdant::nn::image_set S>
void obeys_image_set_laws(const S& set, std::size_t most = 40) {
    const auto size = static_cast<std::size_t>(set.size()), classes = static_cast<std::size_t>(set.classes());
    REQUIRE(classes >= 1);
    REQUIRE(size >= 1);
    for (std::size_t i = 0; i < size; ++i) {
        const auto label = static_cast<std::int64_t>(set.label(i));
        REQUIRE(label >= 0);
        REQUIRE(static_cast<std::size_t>(label) < classes);
    }
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < std::min(most, size); ++i) rows.push_back(size <= most ? i : i * (size - 1) / (most - 1));
    std::vector<verdant::io::rgb_image> pictures;
    for (const auto row : rows) {
        pictures.push_back(set.image(row));
        REQUIRE(pictures.back().width() >= 1);
        REQUIRE(pictures.back().height() >= 1);
    }

    // The order is fixed: the same pictures and classes again, of a copy, behind `any_image_set`, and as a part of the set.
    const auto same = [&](const auto& other) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (other.image(rows[i]) != pictures[i] || other.label(rows[i]) != set.label(rows[i])) return false;
        return static_cast<std::size_t>(other.size()) == size && static_cast<std::size_t>(other.classes()) == classes;
    };
    REQUIRE(same(set));
    const S copy = set;
    REQUIRE(same(copy));
    const verdant::nn::any_image_set any{set};
    REQUIRE(same(any));
    const verdant::nn::image_subset<S> part{set, {static_cast<std::int64_t>(size) - 1, 0}};
    REQUIRE(part.size() == 2);
    REQUIRE(part.image(0) == pictures.back());
    REQUIRE(part.label(1) == static_cast<std::int64_t>(set.label(0)));

    // Several threads may ask at once.
    std::vector<char> agreed(4, 0);
    {
        std::vector<std::thread> threads;
        for (auto& answer : agreed) threads.emplace_back([&] { answer = same(set) ? 1 : 0; });
        for (auto& t : threads) t.join();
    }
    REQUIRE(std::count(agreed.begin(), agreed.end(), 1) == 4);
}

} // namespace laws
