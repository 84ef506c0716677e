#pragma once

#include <verdant/hardware/mapping/detail/divisors.hpp>
#include <verdant/hardware/mapping/detail/enumeration.hpp>
#include <verdant/hardware/mapping/detail/key_map.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

/// The register tiles of the mapping search.
namespace verdant::hardware::detail {

/// The growth of register tiles (docs/estimator.md 4.4 c): breadth-first from one word per tensor, along loops that reuse the tensor kept in
/// place, and along any loop where none of those fits.
template <class = instantiated_when_used>
class basic_register_tiles {
public:
    basic_register_tiles(const divisor_lattice& lattice, work_budget& budget) : lattice_{&lattice}, budget_{&budget} {}

    /// Appends the tiles of `full` of at most `capacity` words for the three tensors together, where `kept` stays in place.
    void grow(const divisor_ids& full, double capacity, tensor_role::index kept, std::vector<divisor_ids>& out) {
        constexpr std::array<std::array<loop_set, 2>, 3> graphs{
            {{all_loops & ~loops(loop_dim::k), 0},
             {all_loops & ~loops(loop_dim::n, loop_dim::p), all_loops & ~loops(loop_dim::n, loop_dim::q)},
             {all_loops & ~loops(loop_dim::c, loop_dim::r), all_loops & ~loops(loop_dim::c, loop_dim::s)}}};
        std::array<std::span<const std::uint16_t>, loop_dim::count> chain; // the divisors of each loop
        for (const auto d : lattice_->active()) chain[d] = (*lattice_)[d].of(full[d]);
        visited_.clear();
        queue_.assign(1, {divisor_ids{}, 0, kept == tensor_role::input ? 1U : 3U});
        for (std::size_t head = 0; head < queue_.size(); ++head) {
            const auto node = queue_[head];
            loop_values values{1, 1, 1, 1, 1, 1, 1};
            for (const auto d : lattice_->active()) values[d] = (*lattice_)[d].value(chain[d][node.ranks[d]]);
            loop_set fitting = 0;
            for (const auto d : lattice_->active()) {
                if (node.ranks[d] + 1U == chain[d].size()) continue;
                budget_->spend();
                const double value = std::exchange(values[d], (*lattice_)[d].value(chain[d][node.ranks[d] + 1U]));
                if (words_of(values).sum() <= capacity) fitting |= loops(d);
                values[d] = value;
            }
            if (fitting == 0) {
                auto& tile = out.emplace_back();
                for (const auto d : lattice_->active()) tile[d] = chain[d][node.ranks[d]];
                continue;
            }
            std::array<loop_set, 2> usable{};
            for (std::size_t g = 0; g < 2; ++g)
                if ((node.graphs >> g & 1U) != 0) usable[g] = (fitting & graphs[kept][g]) != 0 ? fitting & graphs[kept][g] : fitting;
            for (const auto d : lattice_->active()) {
                if ((fitting >> d & 1U) == 0) continue;
                // marked as visited even where no graph leads to it: this loses paths, as the original does
                const auto key = node.key + lattice_->stride(d);
                if (!visited_.insert(key).second) continue;
                const loop_set heirs = (usable[0] >> d & 1U) | (usable[1] >> d & 1U) << 1;
                if (heirs == 0) continue;
                queue_.push_back({node.ranks, key, heirs});
                ++queue_.back().ranks[d];
            }
        }
    }

private:
    struct state {
        divisor_ids ranks; ///< positions in the chains
        std::uint64_t key;
        loop_set graphs;   ///< those that lead here
    };

    const divisor_lattice* lattice_;
    work_budget* budget_;
    key_map visited_;
    std::vector<state> queue_;
};
using register_tiles = basic_register_tiles<>;

} // namespace verdant::hardware::detail
