#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

/// Which peaks of memory a space can reach. A peak is the maximum over independent stages, so a value is reached by one stage while all others
/// stay below it: exact without looking at whole networks.
namespace verdant::spaces {

/// A choice for one stage: index of its depth, and of the kernel and expansion of its blocks.
template <elastic_space S>
struct stage_choice {
    static constexpr std::size_t max_blocks = 9;
    std::int64_t peak = 0;
    std::size_t depth = 0;
    std::array<std::uint8_t, max_blocks> kernel{}, expand{};

    friend auto operator<=>(const stage_choice&, const stage_choice&) = default;
};

/// What one stage can reach at one image size: a choice for each value, ascending. Couplings of the space are kept.
template <elastic_space S>
[[nodiscard]] constexpr std::vector<stage_choice<S>> stage_peaks(std::size_t image, std::size_t stage) {
    using layout = elastic_layout<S>;
    const auto& blocks = verdant::spaces::detail::elastic_costs<S>.block[image][stage];
    const std::size_t depths = S::family.stages[stage].blocks == 1 ? 1 : S::depths::size;
    std::vector<stage_choice<S>> all;
    for (std::size_t d = 0; d < depths; ++d) {
        const int depth = layout::depth_value(stage, d);
        // Blocks are independent given the depth: options of each, then all values that the maximum of one option each can have.
        struct option {
            std::int64_t peak;
            std::uint8_t kernel, expand;
        };
        std::vector<std::vector<option>> options(static_cast<std::size_t>(depth));
        for (std::size_t j = 0; j < options.size(); ++j) {
            for (std::size_t k = 0; k < S::kernels::size; ++k)
                for (std::size_t e = 0; e < S::expands::size; ++e) {
                    if (!S::coupling::allows(depth, static_cast<double>(S::expands::value(e)))) continue;
                    options[j].push_back({blocks[j == 0 ? 0 : 1][k][e].peak, static_cast<std::uint8_t>(k), static_cast<std::uint8_t>(e)});
                }
            std::sort(options[j].begin(), options[j].end(),
                      [](const option& a, const option& b) { return std::tie(a.peak, a.kernel, a.expand) < std::tie(b.peak, b.kernel, b.expand); });
        }
        if (std::any_of(options.begin(), options.end(), [](const auto& o) { return o.empty(); })) continue;
        stage_choice<S> least{0, d, {}, {}};
        for (std::size_t j = 0; j < options.size(); ++j) {
            least.kernel[j] = options[j].front().kernel;
            least.expand[j] = options[j].front().expand;
            least.peak = std::max(least.peak, options[j].front().peak);
        }
        for (std::size_t j = 0; j < options.size(); ++j)
            for (const auto& o : options[j]) {
                if (o.peak < least.peak) continue;
                auto choice = least;
                choice.peak = o.peak;
                choice.kernel[j] = o.kernel;
                choice.expand[j] = o.expand;
                all.push_back(choice);
            }
        all.push_back(least);
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.peak == b.peak; }), all.end());
    return all;
}

/// A network and its peak in elements.
template <elastic_space S>
struct peak_point {
    point<S> where;
    std::int64_t peak = 0;
};

/// All values that the peak memory of a network of this space can have, ascending, with a network for each; those at one image size, if one is
/// given by its index.
template <elastic_space S>
[[nodiscard]] constexpr std::vector<peak_point<S>> reachable_peaks(std::optional<std::size_t> only_image = {}) {
    using layout = elastic_layout<S>;
    using index = typename point<S>::index_type;
    std::vector<peak_point<S>> all;
    for (std::size_t image = 0; image < S::images::size; ++image) {
        if (only_image && *only_image != image) continue;
        std::vector<std::vector<stage_choice<S>>> stages;
        std::int64_t least = verdant::spaces::detail::elastic_costs<S>.frame[image].peak;
        point<S> base;
        base[layout::image_size] = static_cast<index>(image);
        const auto choose = [](point<S>& p, std::size_t s, const stage_choice<S>& c) {
            p[layout::depth(s)] = static_cast<index>(c.depth);
            const int depth = layout::depth_value(s, c.depth);
            for (std::size_t j = 0; j < static_cast<std::size_t>(S::family.stages[s].blocks); ++j) {
                const bool active = static_cast<int>(j) < depth;
                p[layout::kernel(s, j)] = static_cast<index>(active ? c.kernel[j] : 0);
                p[layout::expand(s, j)] = static_cast<index>(active ? c.expand[j] : 0);
            }
        };
        for (std::size_t s = 0; s < S::stages; ++s) {
            stages.push_back(stage_peaks<S>(image, s));
            if (stages.back().empty()) return {};
            least = std::max(least, stages.back().front().peak);
            choose(base, s, stages.back().front());
        }
        all.push_back({base, least});
        for (std::size_t s = 0; s < S::stages; ++s)
            for (const auto& c : stages[s])
                if (c.peak > least) {
                    auto p = base;
                    choose(p, s, c);
                    all.push_back({p, c.peak});
                }
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return std::tie(a.peak, a.where) < std::tie(b.peak, b.where); });
    all.erase(std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.peak == b.peak; }), all.end());
    return all;
}

/// The network with the least peak memory. Also a constant, `constexpr auto least = least_peak<my_space>();`, where the space is small enough for the
/// limits of the compiler; they count steps, some thousand for each combination of choices of a stage.
/// @throws infeasible_error where no network fulfils its coupling of depth and expansion
template <elastic_space S>
[[nodiscard]] constexpr peak_point<S> least_peak() {
    const auto all = reachable_peaks<S>();
    if (all.empty()) throw infeasible_error{"no network of this space fulfils its coupling of depth and expansion"};
    return all.front();
}

/// A network with the largest peak memory that is at most `limit` elements.
/// @throws infeasible_error that names the least peak of the space, if it is above the limit
template <elastic_space S>
[[nodiscard]] constexpr peak_point<S> largest_peak_within(double limit) {
    const auto all = reachable_peaks<S>();
    if (all.empty() || static_cast<double>(all.front().peak) > limit)
        throw infeasible_error{"no network of this space has a peak memory of at most " + std::to_string(limit) + " elements; the least is " +
                               (all.empty() ? std::string{"none"} : std::to_string(all.front().peak))};
    const auto above = std::find_if(all.begin(), all.end(), [limit](const auto& x) { return static_cast<double>(x.peak) > limit; });
    return *(above - 1);
}

} // namespace verdant::spaces
