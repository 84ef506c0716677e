#pragma once

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/text/closest_name.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Which blocks and depths a search layer by layer draws from (AutoBuild: rm_search/ofa_profile/constants.py).
namespace verdant::spaces {

/// Candidates for the blocks, the same in every unit, depths, and how likely units are to change.
struct block_profile {
    mbconv_family family = mbconv_family::mbv3;
    std::string name = "whole";
    std::vector<mbconv_block> candidates;
    std::vector<std::size_t> least, greatest; ///< blocks of each unit
    std::vector<double> probabilities;        ///< of each unit to change

    // NOLINTNEXTLINE(google-explicit-constructor): an option is text
    operator std::string_view() const noexcept { return name; }

    /// All blocks in all depths.
    [[nodiscard]] static block_profile whole(mbconv_family f) {
        block_profile p{.family = f, .candidates = {}, .least = {}, .greatest = {}, .probabilities = std::vector<double>(unit_count(f), 0.5)};
        for (const int e : mbconv_expands)
            for (const int k : mbconv_kernels) p.candidates.push_back({e, k});
        for (std::size_t u = 0; u < unit_count(f); ++u) {
            p.least.push_back(blocks_of_unit(f, u).first);
            p.greatest.push_back(blocks_of_unit(f, u).second);
        }
        return p;
    }
    /// A published one by its name. @throws input_error that lists the names, for another one
    [[nodiscard]] static block_profile of(mbconv_family f, std::string_view name);

    /// As many candidates, drawn at random from all blocks: `npu_random` of the original.
    [[nodiscard]] block_profile with_random_candidates(random_stream& random) const {
        auto drawn = *this;
        auto all = whole(family).candidates;
        random.shuffle(std::span{all});
        all.resize(candidates.size());
        drawn.candidates = std::move(all);
        drawn.name += "_random";
        return drawn;
    }

    /// @throws input_error for a profile with which no network can be drawn
    void check() const {
        const auto units = unit_count(family);
        if (candidates.empty()) throw input_error{"block profile", name, "candidates", "none"};
        for (const auto& b : candidates) require_known_block(b, "block profile", name);
        if (least.size() != units || greatest.size() != units || probabilities.size() != units)
            throw input_error{"block profile", name, "depths and probabilities of " + std::to_string(units) + " units",
                              std::to_string(least.size()) + ", " + std::to_string(greatest.size()) + " and " + std::to_string(probabilities.size())};
        for (std::size_t u = 0; u < units; ++u)
            if (least[u] > greatest[u] || least[u] < blocks_of_unit(family, u).first || greatest[u] > blocks_of_unit(family, u).second)
                throw input_error{"block profile", name + ", unit " + std::to_string(u + 1), "depths that the family has, in order",
                                  std::to_string(least[u]) + " to " + std::to_string(greatest[u])};
    }
};

/// What `block_profile::of` knows; `n10` is of MobileNetV3 alone.
inline constexpr std::array<std::string_view, 6> block_profile_names{"whole", "npu", "gpu", "cpu", "max_acc", "n10"};

inline block_profile block_profile::of(mbconv_family f, std::string_view name) {
    const bool mbv3 = f == mbconv_family::mbv3;
    const auto known = std::find(block_profile_names.begin(), block_profile_names.end(), name);
    if (known == block_profile_names.end() || (name == "n10" && !mbv3))
        throw input_error{"block profile", "",
                          "one of " + io::name_list(std::span{block_profile_names}.first(mbv3 ? 6 : 5)) + io::did_you_mean(name, block_profile_names),
                          '\'' + std::string{name} + '\''};
    auto p = whole(f);
    p.name = name;
    const auto depths = [&](std::initializer_list<std::size_t> most) { p.greatest.assign(most); };
    if (name == "npu") {
        std::erase_if(p.candidates, [](const mbconv_block& b) { return b.kernel == 7; });
        std::fill_n(p.probabilities.begin(), 3, 0.25);
    } else if (name == "gpu") {
        p.candidates = {{3, 5}, {4, 5}, {4, 7}, {6, 3}, {6, 5}, {6, 7}};
        if (mbv3) depths({4, 3, 4, 3, 3});
        else depths({3, 3, 3, 4, 4, 1});
    } else if (name == "cpu") {
        if (mbv3) depths({3, 3, 3, 4, 4});
        else depths({3, 3, 4, 4, 4, 1});
    } else if (name == "max_acc") {
        p.candidates = {{4, 5}, {4, 7}, {6, 3}, {6, 5}, {6, 7}};
    } else if (name == "n10") {
        std::erase_if(p.candidates, [](const mbconv_block& b) { return b.kernel == 7 && b.expand != 6; });
        depths({3, 4, 4, 4, 4});
    }
    return p;
}

} // namespace verdant::spaces
