#pragma once

#include <verdant/error.hpp>
#include <verdant/spaces/once_for_all/mobile_family.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

/// The table of FLOPs of Once-for-all's tutorial.
namespace verdant::spaces {

/// MobileNetV3-Large with the widths of Once-for-all's tutorial: multiplied and rounded, not made divisible (ofa, tutorial/flops_table.py). Not those
/// of the published supernet of width 1.2.
[[nodiscard]] constexpr mobile_family rounded_mobilenet_v3_family(double width = 1.2, int classes = 1000, int depth = 4) {
    return mobilenet_v3_family(width, classes, depth, width_rounding::nearest);
}

/// The additive table of Once-for-all's tutorial (tutorial/flops_table.py): multiply-accumulates of every (block, kernel, ratio), each alone, and of
/// everything else; a network's are the sum of its active entries. Inner channels are rounded like the widths.
/// @tparam S the space of networks
template <elastic_space S>
class flops_table {
public:
    using arch_type = typename S::arch_type;

    /// @param f of the widths, with the stages of the space
    /// @throws input_error if it has other stages
    constexpr explicit flops_table(int image_size, const mobile_family& f = rounded_mobilenet_v3_family()) : image_size_{image_size} {
        if (f.stage_count != S::family.stage_count || f.blocks() != S::family.blocks())
            throw input_error{"table of multiply-accumulates", "", "a family with the stages of the space", "another"};
        const auto frame = frame_of(f, image_size);
        int side = workload::first_map_side(frame);
        others_ = workload::stem_cost(frame).macs;
        first_ = workload::macs(frame.blocks[0], side);
        for (std::size_t s = 0; s < S::stages; ++s)
            for (int j = 0; j < f.stages[s].blocks; ++j) {
                const int stage = static_cast<int>(s);
                for (std::size_t k = 0; k < S::kernels::size; ++k)
                    for (std::size_t e = 0; e < S::expands::size; ++e) {
                        auto b = block_of(f, stage, j, static_cast<int>(S::kernels::value(k)), static_cast<double>(S::expands::value(e)));
                        b.mid = workload::round_half_even(b.in * b.expand);
                        blocks_[static_cast<std::size_t>(f.block_offset(stage) + j)][k][e] = workload::macs(b, side);
                    }
                if (j == 0) side = workload::strided(side, f.stages[s].stride);
            }
        others_ += workload::head_cost(frame, side).macs;
    }

    /// Of the layers that every network has, without the fixed first block.
    [[nodiscard]] constexpr std::int64_t other_blocks() const { return others_; }
    /// Of the fixed first block, kernel 3 and ratio 1.
    [[nodiscard]] constexpr std::int64_t first_block() const { return first_; }
    /// Of an elastic block, numbered as in lists of all blocks. @throws input_error if kernel or ratio is none of the space
    [[nodiscard]] constexpr std::int64_t block(std::size_t block, int kernel, double expand) const {
        const auto k = verdant::spaces::detail::index_in_domain<typename S::kernels>(kernel);
        const auto e = verdant::spaces::detail::index_in_domain<typename S::expands>(expand);
        if (k == S::kernels::size || e == S::expands::size)
            throw input_error{"table of multiply-accumulates", "block " + std::to_string(block), "a kernel and a ratio of the space",
                              std::to_string(kernel) + " and " + std::to_string(expand)};
        return blocks_[block][k][e];
    }

    /// Multiply-accumulates of a sub-network at the table's size of image.
    /// @throws input_error if it has another one, or a kernel, ratio or depth that the space does not have
    [[nodiscard]] constexpr std::int64_t operator()(const arch_type& a) const {
        if (a.image_size != image_size_)
            throw input_error{"table of multiply-accumulates", "image size", std::to_string(image_size_), std::to_string(a.image_size)};
        std::int64_t sum = others_ + first_;
        for (std::size_t s = 0; s < S::stages; ++s) {
            if (a.d[s] < 1 || a.d[s] > S::family.stages[s].blocks)
                throw input_error{"sub-network", "d[" + std::to_string(s) + "]", "a depth from 1 to " + std::to_string(S::family.stages[s].blocks),
                                  std::to_string(a.d[s])};
            const auto offset = static_cast<std::size_t>(S::family.block_offset(static_cast<int>(s)));
            for (std::size_t j = 0; j < static_cast<std::size_t>(a.d[s]); ++j) sum += block(offset + j, a.ks[offset + j], a.e[offset + j]);
        }
        return sum;
    }

private:
    int image_size_;
    std::int64_t others_ = 0, first_ = 0;
    std::array<std::array<std::array<std::int64_t, S::expands::size>, S::kernels::size>, S::blocks> blocks_{};
};

} // namespace verdant::spaces
