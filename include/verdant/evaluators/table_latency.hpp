#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/reduced/separable_units.hpp>
#include <verdant/spaces/reduced/space_units.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <array>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant {

/// The evaluator of latency on a measured device: lookup tables, read once, so that a point costs a few additions.
/// @tparam S the space of networks; points of larger spaces that hold it are taken too
template <spaces::elastic_space S>
class table_latency {
public:
    using record = metrics<latency>;
    using sums = record; ///< over the stages, for exact searches

    /// @param tables one for each image size that will be asked for; what is missing is an error only where it is needed
    explicit table_latency(workload::latency_tables tables) : tables_{std::move(tables)}, images_(S::images::size) {
        for (std::size_t i = 0; i < images_.size(); ++i) fill(i);
    }

    /// @throws input_error that names table and key, or the resolution, where an entry is missing
    template <spaces::holds_network Space>
        requires std::is_same_v<spaces::detail::network_in<Space>, S>
    [[nodiscard]] record operator()(const point<Space>& p) const {
        return record{latency_of(spaces::network_of(p))};
    }

    /// The same for a point of the space itself.
    [[nodiscard]] si::time latency_of(const point<S>& p) const {
        const auto& image = images_[p[spaces::elastic_layout<S>::image_size]];
        double sum = image.frame;
        for (std::size_t s = 0; s < S::stages; ++s) sum = with_stage(sum, image, s, p);
        if (sum == sum) return sum * milliseconds{};
        // Something is missing: the slow way names it.
        const auto net = spaces::net_of(p);
        return workload::latency_of(net, workload::table_of(tables_, net.image_size));
    }

    /// What the image size alone gives: the layers that every network has. With `block_term` the same numbers but for rounding, block by block.
    [[nodiscard]] record shared_term(const point<S>& p) const {
        const double frame = images_[p[spaces::elastic_layout<S>::image_size]].frame;
        return frame == frame ? record{frame * milliseconds{}} : record{latency_of(p)};
    }
    /// What a unit of the space adds (`units_of<S>`): its stages.
    [[nodiscard]] record block_term(const point<S>& p, std::size_t unit) const {
        const auto& image = images_[p[spaces::elastic_layout<S>::image_size]];
        const auto last = unit + 1 == units_of<S>.size() ? S::stages : unit + 1;
        double sum = 0;
        for (auto s = unit; s < last; ++s) sum = with_stage(sum, image, s, p);
        return sum == sum ? record{sum * milliseconds{}} : record{latency_of(p)};
    }

private:
    using options = std::array<std::array<double, S::expands::size>, S::kernels::size>;
    /// Milliseconds of everything at one image size; NaN where the table has no entry.
    struct sums_of_image {
        double frame = std::numeric_limits<double>::quiet_NaN();
        std::array<std::array<options, 2>, S::stages> blocks{};
    };

    [[nodiscard]] static double with_stage(double sum, const sums_of_image& image, std::size_t s, const point<S>& p) {
        using layout = spaces::elastic_layout<S>;
        const int depth = layout::depth_value(s, p[layout::depth(s)]);
        for (std::size_t j = 0; j < static_cast<std::size_t>(depth); ++j)
            sum += image.blocks[s][j == 0 ? 0 : 1][p[layout::kernel(s, j)]][p[layout::expand(s, j)]];
        return sum;
    }

    void fill(std::size_t i) {
        const int size = static_cast<int>(S::images::value(i));
        const auto found = tables_.find(size);
        if (found == tables_.end()) return;
        const auto& table = found->second;
        const auto frame = spaces::frame_of(S::family, size);
        const auto style = workload::keys_of(frame);
        const auto entry = [&](const workload::mobile_block& b, int side) {
            const auto key = workload::latency_key(b, side, style);
            return table.has(key) ? table.mean(key) : std::numeric_limits<double>::quiet_NaN();
        };
        int side = workload::first_map_side(frame);
        const double first = entry(frame.blocks[0], side);
        for (std::size_t s = 0; s < S::stages; ++s)
            for (const int position : {0, 1}) {
                for (std::size_t k = 0; k < S::kernels::size; ++k)
                    for (std::size_t e = 0; e < S::expands::size; ++e)
                        images_[i].blocks[s][static_cast<std::size_t>(position)][k][e] =
                            entry(spaces::block_of(S::family, static_cast<int>(s), position, static_cast<int>(S::kernels::value(k)),
                                                   static_cast<double>(S::expands::value(e))),
                                  side);
                if (position == 0) side = workload::strided(side, S::family.stages[s].stride);
            }
        try {
            images_[i].frame = workload::stem_milliseconds(frame, table) + first + workload::head_milliseconds(frame, side, table);
        } catch (const input_error&) {
            images_[i].frame = std::numeric_limits<double>::quiet_NaN(); // and the first point that needs it says which key
        }
    }

    workload::latency_tables tables_;
    std::vector<sums_of_image> images_;
};

} // namespace verdant
