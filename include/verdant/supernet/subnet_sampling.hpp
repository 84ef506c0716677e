#pragma once

#include <verdant/error.hpp>
#include <verdant/random.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/ofa_resnet.hpp>
#include <verdant/spaces/once_for_all.hpp>
#include <verdant/spaces/reference_draws.hpp>
#include <verdant/supernet/shrinking.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

namespace verdant::supernet {

/// Which sub-networks a step of training takes: `s(std::type_identity<Space>{}, step, candidates)` gives them, a function of the step alone, so
/// that all processes train the same and a resumed run goes on as it would have.
template <class S, class Space>
concept subnet_sampling = requires(const S& s, std::int64_t step, const shrinking_candidates& c) {
    { s(std::type_identity<Space>{}, step, c) } -> std::same_as<std::vector<typename Space::arch_type>>;
};

} // namespace verdant::supernet

namespace verdant::detail {

inline void check_candidates(const supernet::shrinking_candidates& c) {
    if (c.kernels.empty() || c.expands.empty() || c.depths.empty())
        throw input_error{"sampling of sub-networks", "candidates", "at least one kernel, ratio and depth", "none"};
}

/// Every value chosen by `choose(values)`, in the originals' order: kernels, ratios, depths. Stages of one block keep it.
template <spaces::elastic_space Space, class Choose>
[[nodiscard]] typename Space::arch_type chosen_arch(const supernet::shrinking_candidates& c, const Choose& choose) {
    typename Space::arch_type a{};
    for (auto& k : a.ks) k = choose(c.kernels);
    for (auto& e : a.e) e = choose(c.expands);
    for (auto& d : a.d) d = choose(c.depths);
    for (std::size_t s = 0; s < Space::stages; ++s) a.d[s] = std::min(a.d[s], Space::family.stages[s].blocks);
    return a;
}

/// Of a residual space: ratios, depths, widths of all multipliers. The stem has its residual layer or not.
template <spaces::resnet_space Space, class Choose>
[[nodiscard]] spaces::resnet_arch chosen_arch(const supernet::shrinking_candidates& c, const Choose& choose) {
    spaces::resnet_arch a;
    for (auto& e : a.e) e = choose(c.expands);
    const auto [least, greatest] = std::minmax_element(c.depths.begin(), c.depths.end());
    a.d[0] = choose(std::vector{*greatest, *least});
    for (std::size_t s = 1; s < a.d.size(); ++s) a.d[s] = choose(c.depths);
    std::vector<int> widths(Space::resnet.multipliers.size());
    std::iota(widths.begin(), widths.end(), 0);
    for (auto& w : a.w) w = choose(widths);
    return a;
}

template <class Space>
concept sampled_space = spaces::elastic_space<Space> || spaces::resnet_space<Space>;

/// The stream of a step.
[[nodiscard]] inline random_stream stream_of(std::uint64_t seed, std::int64_t step) {
    return random_stream::derive(seed, static_cast<std::uint64_t>(step));
}

template <class Space>
[[nodiscard]] typename Space::arch_type random_arch(const supernet::shrinking_candidates& c, random_stream& stream) {
    return chosen_arch<Space>(c, [&stream](const auto& values) { return values[stream.below(values.size())]; });
}

} // namespace verdant::detail

namespace verdant::supernet {

/// Random sub-networks, every value uniform among the candidates.
struct random_subnets {
    int count = 4;
    std::uint64_t seed = 0;

    template <verdant::detail::sampled_space Space>
    [[nodiscard]] std::vector<typename Space::arch_type> operator()(std::type_identity<Space>, std::int64_t step,
                                                                    const shrinking_candidates& c) const {
        verdant::detail::check_candidates(c);
        auto stream = verdant::detail::stream_of(seed, step);
        std::vector<typename Space::arch_type> out;
        for (int k = 0; k < count; ++k) out.push_back(verdant::detail::random_arch<Space>(c, stream));
        return out;
    }
};

/// The very sub-networks that Once-for-all and MOOFA draw in that step (moofa.md, section 6.2, step 3).
struct published_subnets {
    int count = 4;

    template <verdant::detail::sampled_space Space>
    [[nodiscard]] std::vector<typename Space::arch_type> operator()(std::type_identity<Space>, std::int64_t step,
                                                                    const shrinking_candidates& c) const {
        verdant::detail::check_candidates(c);
        std::vector<typename Space::arch_type> out;
        for (int k = 0; k < count; ++k) {
            verdant::reference::python_random stream{spaces::reference::subnet_seed(static_cast<std::uint64_t>(step), static_cast<std::uint64_t>(k))};
            out.push_back(verdant::detail::chosen_arch<Space>(c, [&stream](const auto& values) { return stream.choice(values); }));
        }
        return out;
    }
};

/// The sandwich rule (Yu and Huang, ICCV 2019): the largest and the smallest sub-network of the candidates, and random ones between; the largest
/// comes first, so that `distil_in_place` can teach the others with it.
struct sandwich {
    int between = 2;
    std::uint64_t seed = 0;

    template <verdant::detail::sampled_space Space>
    [[nodiscard]] std::vector<typename Space::arch_type> operator()(std::type_identity<Space>, std::int64_t step,
                                                                    const shrinking_candidates& c) const {
        verdant::detail::check_candidates(c);
        auto stream = verdant::detail::stream_of(seed, step);
        const auto extreme = [&c](const auto& better) {
            return verdant::detail::chosen_arch<Space>(
                c, [&better](const auto& values) { return *std::min_element(values.begin(), values.end(), better); });
        };
        std::vector out{extreme(std::greater{}), extreme(std::less{})};
        for (int k = 0; k < between; ++k) out.push_back(verdant::detail::random_arch<Space>(c, stream));
        return out;
    }
};

/// Points of the space that fulfil its constraints, such as CompOFA's coupling of depth and ratio; the candidates are not asked.
struct feasible_subnets {
    int count = 4;
    std::uint64_t seed = 0;

    template <verdant::detail::sampled_space Space>
    [[nodiscard]] std::vector<typename Space::arch_type> operator()(std::type_identity<Space>, std::int64_t step, const shrinking_candidates&) const {
        auto stream = verdant::detail::stream_of(seed, step);
        std::vector<typename Space::arch_type> out;
        for (int k = 0; k < count; ++k) out.push_back(spaces::arch_of(sample<Space>(stream)));
        return out;
    }
};

} // namespace verdant::supernet
