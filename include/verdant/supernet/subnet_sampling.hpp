#pragma once

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/once_for_all/reference_draws.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/supernet/shrinking.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace verdant::supernet {

/// Which sub-networks a step of training takes: `s(std::type_identity<Space>{}, step, candidates)` gives them, a function of the step alone, so
/// that all processes train the same and a resumed run goes on as it would have. One whose first sub-network is always the largest says so by
/// `static constexpr bool largest_first = true`.
template <class S, class Space>
concept subnet_sampling = requires(const S& s, std::int64_t step, const shrinking_candidates& c) {
    { s(std::type_identity<Space>{}, step, c) } -> std::same_as<std::vector<typename Space::arch_type>>;
};

namespace detail {

template <class Space>
void check_candidates(const shrinking_candidates& c) {
    if (c.kernels.empty() || c.expands.empty() || c.depths.empty())
        throw input_error{"sampling of sub-networks", "candidates", "at least one kernel, ratio and depth", "none"};
    if (spaces::resnet_space<Space> && c.widths.empty()) throw input_error{"sampling of sub-networks", "candidates", "at least one width", "none"};
}

/// The values for a place: its own list, or that of all places.
template <class T>
[[nodiscard]] const std::vector<T>& values_at(const std::vector<T>& all, const std::map<std::size_t, std::vector<T>>& own, std::size_t place) {
    const auto found = own.find(place);
    if (found == own.end()) return all;
    if (found->second.empty()) throw input_error{"sampling of sub-networks", "candidates of place " + std::to_string(place), "at least one", "none"};
    return found->second;
}

/// Every value chosen by `choose(values)`, in the originals' order: kernels, ratios, depths. Stages of one block keep it.
template <spaces::elastic_space Space, class Choose>
[[nodiscard]] typename Space::arch_type chosen_arch(const shrinking_candidates& c, const Choose& choose) {
    typename Space::arch_type a{};
    for (std::size_t i = 0; i < a.ks.size(); ++i) a.ks[i] = choose(values_at(c.kernels, c.places.kernels, i));
    for (std::size_t i = 0; i < a.e.size(); ++i) a.e[i] = choose(values_at(c.expands, c.places.expands, i));
    for (std::size_t s = 0; s < a.d.size(); ++s) a.d[s] = choose(values_at(c.depths, c.places.depths, s));
    for (std::size_t s = 0; s < Space::stages; ++s) a.d[s] = std::min(a.d[s], Space::family.stages[s].blocks);
    return a;
}

/// Of a residual space: ratios, depths, widths. The stem has its residual layer or not.
template <spaces::resnet_space Space, class Choose>
[[nodiscard]] spaces::resnet_arch chosen_arch(const shrinking_candidates& c, const Choose& choose) {
    spaces::resnet_arch a;
    for (std::size_t i = 0; i < a.e.size(); ++i) a.e[i] = choose(values_at(c.expands, c.places.expands, i));
    const auto& stem = values_at(c.depths, c.places.depths, 0);
    const auto [least, greatest] = std::minmax_element(stem.begin(), stem.end());
    a.d[0] = choose(std::vector{*greatest, *least});
    for (std::size_t s = 1; s < a.d.size(); ++s) a.d[s] = choose(values_at(c.depths, c.places.depths, s));
    for (std::size_t i = 0; i < a.w.size(); ++i) a.w[i] = choose(values_at(c.widths, c.places.widths, i));
    return a;
}

/// The stream of a step.
[[nodiscard]] inline random_stream stream_of(std::uint64_t seed, std::int64_t step) {
    return random_stream::derive(seed, static_cast<std::uint64_t>(step));
}

template <class Space>
[[nodiscard]] typename Space::arch_type random_arch(const shrinking_candidates& c, random_stream& stream) {
    return chosen_arch<Space>(c, [&stream](const auto& values) { return values[stream.below(values.size())]; });
}

/// The least value everywhere by the order `before`.
template <class Space, class Order>
[[nodiscard]] typename Space::arch_type extreme_arch(const shrinking_candidates& c, const Order& before) {
    return chosen_arch<Space>(c, [&before](const auto& values) { return *std::min_element(values.begin(), values.end(), before); });
}

/// Adds what `draw(k)` gives for k from 0 to count - 1. Throws input_error for a count below `least`, with which nothing would be trained.
/// @param name of the count
template <class Arch, class Draw>
void add_drawn(std::vector<Arch>& to, std::string_view name, int count, int least, const Draw& draw) {
    if (count < least) throw input_error{"sampling of sub-networks", name, "at least " + std::to_string(least), std::to_string(count)};
    for (int k = 0; k < count; ++k) to.push_back(draw(k));
}

} // namespace detail

/// Random sub-networks, every value uniform among the candidates.
struct random_subnets {
    int count = 4; ///< a step, at least 1
    std::uint64_t seed = 0;

    template <verdant::supernet::detail::shrinking_space Space>
    [[nodiscard]] std::vector<typename Space::arch_type> operator()(std::type_identity<Space>, std::int64_t step,
                                                                    const shrinking_candidates& c) const {
        verdant::supernet::detail::check_candidates<Space>(c);
        auto stream = verdant::supernet::detail::stream_of(seed, step);
        std::vector<typename Space::arch_type> out;
        verdant::supernet::detail::add_drawn(out, "count", count, 1, [&](int) { return verdant::supernet::detail::random_arch<Space>(c, stream); });
        return out;
    }
};

/// The very sub-networks that Once-for-all and MOOFA draw in that step (progressive_shrinking.py, train_one_epoch).
struct published_subnets {
    int count = 4; ///< a step, at least 1

    template <verdant::supernet::detail::shrinking_space Space>
    [[nodiscard]] std::vector<typename Space::arch_type> operator()(std::type_identity<Space>, std::int64_t step,
                                                                    const shrinking_candidates& c) const {
        verdant::supernet::detail::check_candidates<Space>(c);
        std::vector<typename Space::arch_type> out;
        verdant::supernet::detail::add_drawn(out, "count", count, 1, [&](int k) {
            verdant::reference::python_random stream{spaces::reference::subnet_seed(static_cast<std::uint64_t>(step), static_cast<std::uint64_t>(k))};
            return verdant::supernet::detail::chosen_arch<Space>(c, [&stream](const auto& values) { return stream.choice(values); });
        });
        return out;
    }
};

/// The sandwich rule (Yu and Huang, ICCV 2019): the largest and the smallest sub-network of the candidates, and random ones between; the largest
/// comes first, so that `distil_in_place` can teach the others with it.
struct sandwich {
    static constexpr bool largest_first = true;
    int between = 2; ///< at least 0
    std::uint64_t seed = 0;

    template <verdant::supernet::detail::shrinking_space Space>
    [[nodiscard]] std::vector<typename Space::arch_type> operator()(std::type_identity<Space>, std::int64_t step,
                                                                    const shrinking_candidates& c) const {
        verdant::supernet::detail::check_candidates<Space>(c);
        auto stream = verdant::supernet::detail::stream_of(seed, step);
        std::vector out{verdant::supernet::detail::extreme_arch<Space>(c, std::greater{}),
                        verdant::supernet::detail::extreme_arch<Space>(c, std::less{})};
        verdant::supernet::detail::add_drawn(out, "between", between, 0,
                                             [&](int) { return verdant::supernet::detail::random_arch<Space>(c, stream); });
        return out;
    }
};

/// The largest sub-network of the candidates and no other: how a teacher is trained with the weights that a supernet starts from.
struct largest_subnet {
    static constexpr bool largest_first = true;

    template <verdant::supernet::detail::shrinking_space Space>
    [[nodiscard]] std::vector<typename Space::arch_type> operator()(std::type_identity<Space>, std::int64_t, const shrinking_candidates& c) const {
        verdant::supernet::detail::check_candidates<Space>(c);
        return {verdant::supernet::detail::extreme_arch<Space>(c, std::greater{})};
    }
};

/// Points of the space that fulfil its constraints, such as CompOFA's coupling of depth and ratio; the candidates are not asked.
struct feasible_subnets {
    int count = 4; ///< a step, at least 1
    std::uint64_t seed = 0;

    template <verdant::supernet::detail::shrinking_space Space>
    [[nodiscard]] std::vector<typename Space::arch_type> operator()(std::type_identity<Space>, std::int64_t step, const shrinking_candidates&) const {
        auto stream = verdant::supernet::detail::stream_of(seed, step);
        std::vector<typename Space::arch_type> out;
        verdant::supernet::detail::add_drawn(out, "count", count, 1, [&](int) { return spaces::arch_of(sample<Space>(stream)); });
        return out;
    }
};

} // namespace verdant::supernet
