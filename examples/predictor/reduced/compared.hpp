#pragma once

// Searches of a reduced space beside those of the whole one, by the same seeds.

#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/spaces/reduced/unit_variation.hpp>
#include <verdant/verdant.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>
namespace vd = verdant;

// [search]
// Hypervolumes of ten searches of a region with 250 evaluations each.
template <class Space, class... Goals, class Region, class... Evaluators>
std::vector<double> volumes(const Region& region, std::uint64_t first_seed, const Evaluators&... evaluators) {
    using optimizer = vd::within<Region, vd::archive_evolution<vd::unit_variation>>;
    using study = vd::search<Space, Goals..., optimizer>;
    std::vector<double> found;
    for (auto seed = first_seed; seed < first_seed + 10; ++seed)
        found.push_back(*study{evaluators...}.run({.trials = 250, .seed = seed, .optimizer = {.region = region}}).hypervolume());
    return found;
}
// [/search]

inline double mean_of(const std::vector<double>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

// The figures go to standard error, since their last digits are the machine's; whether the reduced space is better with most seeds is not.
inline void compare(const char* name, const std::string& points, const std::vector<double>& reduced, const std::vector<double>& whole) {
    std::size_t better = 0;
    for (std::size_t i = 0; i < reduced.size(); ++i) better += reduced[i] > whole[i] ? 1 : 0;
    std::fprintf(stderr, "%s: %s points, hypervolume %.4f instead of %.4f, better with %zu of 10 seeds\n", name, points.c_str(), mean_of(reduced),
                 mean_of(whole), better);
    std::printf("%s: better than the whole space with most seeds: %s\n", name, better >= 8 ? "yes" : "no");
}
