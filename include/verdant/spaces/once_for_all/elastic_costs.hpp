#pragma once

#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace verdant::spaces {

using workload::block_cost;

namespace detail {

/// The costs of everything that a point of a space can choose: one entry for each image size, stage, first or later block, kernel and
/// expansion; so the costs of a point are sums and maxima of entries.
template <spaces::elastic_space S>
struct elastic_cost_table {
    static constexpr std::size_t images = S::images::size, kernels = S::kernels::size, expands = S::expands::size;
    using options = std::array<std::array<workload::block_cost, expands>, kernels>;

    std::array<workload::block_cost, images> frame{};                                        ///< what every network of the size has
    std::array<std::array<std::array<options, 2>, S::stages>, images> block{};               ///< [image][stage][0: first, 1: later][kernel][expand]
};

template <spaces::elastic_space S>
[[nodiscard]] consteval elastic_cost_table<S> make_elastic_costs() {
    elastic_cost_table<S> t;
    for (std::size_t i = 0; i < S::images::size; ++i) {
        const auto frame = spaces::frame_of(S::family, static_cast<int>(S::images::value(i)));
        int side = workload::first_map_side(frame);
        t.frame[i] = workload::stem_cost(frame) + workload::cost_of(frame.blocks[0], side);
        for (std::size_t s = 0; s < S::stages; ++s)
            for (const int position : {0, 1}) {
                for (std::size_t k = 0; k < S::kernels::size; ++k)
                    for (std::size_t e = 0; e < S::expands::size; ++e)
                        t.block[i][s][static_cast<std::size_t>(position)][k][e] =
                            workload::cost_of(spaces::block_of(S::family, static_cast<int>(s), position, static_cast<int>(S::kernels::value(k)),
                                                               static_cast<double>(S::expands::value(e))),
                                              side);
                if (position == 0) side = workload::strided(side, S::family.stages[s].stride);
            }
        t.frame[i] = t.frame[i] + workload::head_cost(frame, side);
    }
    return t;
}

template <spaces::elastic_space S>
inline constexpr elastic_cost_table<S> elastic_costs = make_elastic_costs<S>();

} // namespace detail

/// Peak memory (elements), multiply-accumulates and parameters of the network of a point: the same numbers as
/// `workload::cost_of(net_of(p))`, looked up in a table that is made at compile time. Builds no network, allocates nothing.
template <elastic_space S>
[[nodiscard]] constexpr block_cost cost_of(const point<S>& p) {
    using layout = elastic_layout<S>;
    const auto& table = verdant::spaces::detail::elastic_costs<S>;
    const std::size_t image = p[layout::image_size];
    auto sum = table.frame[image];
    std::size_t at = 1;
    for (std::size_t s = 0; s < S::stages; ++s) {
        const auto& blocks = table.block[image][s];
        const int depth = layout::depth_value(s, p[at]);
        sum = sum + blocks[0][p[at + 1]][p[at + 2]];
        for (int j = 1; j < depth; ++j) {
            const auto k = at + 1 + 2 * static_cast<std::size_t>(j);
            sum = sum + blocks[1][p[k]][p[k + 1]];
        }
        at += 1 + 2 * static_cast<std::size_t>(S::family.stages[s].blocks);
    }
    return sum;
}

/// Peak memory of the network of a point, in elements.
template <elastic_space S>
[[nodiscard]] constexpr std::int64_t peak_memory(const point<S>& p) {
    return cost_of(p).peak;
}
/// Multiply-accumulates of one inference.
template <elastic_space S>
[[nodiscard]] constexpr std::int64_t macs(const point<S>& p) {
    return cost_of(p).macs;
}
/// Learnable numbers.
template <elastic_space S>
[[nodiscard]] constexpr std::int64_t parameters(const point<S>& p) {
    return cost_of(p).parameters;
}
/// Elements in use while each convolution runs, in order.
template <elastic_space S>
[[nodiscard]] constexpr workload::memory_history_list memory_history(const point<S>& p) {
    return workload::memory_history(net_of(p));
}

/// The costs of a sub-network in the raw form, which need not be a point: of a space with a coupling, for example.
template <std::size_t Blocks, std::size_t Stages>
[[nodiscard]] constexpr block_cost cost_of(const mobile_family& f, const elastic_arch<Blocks, Stages>& a) {
    return workload::cost_of(net_of(f, a));
}

/// Learnable numbers of the weight-sharing supernet: those of the largest network, and for every elastic block the matrices that turn its
/// filters of one size into those of the next smaller one.
template <elastic_space S>
[[nodiscard]] consteval std::int64_t supernet_parameters() {
    const auto largest = static_cast<int>(verdant::spaces::detail::greatest_value<typename S::kernels>());
    std::int64_t matrices = 0;
    for (std::size_t i = 0; i < S::kernels::size; ++i)
        if (const std::int64_t k = S::kernels::value(i); k != largest) matrices += k * k * k * k;
    return cost_of(S::family, largest_arch<S>()).parameters + static_cast<std::int64_t>(S::blocks) * matrices;
}

} // namespace verdant::spaces
