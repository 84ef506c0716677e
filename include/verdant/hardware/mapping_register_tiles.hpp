#pragma once

#include <verdant/hardware/mapping_divisors.hpp>
#include <verdant/hardware/mapping_enumeration.hpp>
#include <verdant/hardware/mapping_key_map.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace verdant::detail {

/// Words of the three tiles together.
[[nodiscard]] constexpr double tile_words(const loop_values& v) {
    return v[dim::n] * v[dim::c] * (v[dim::p] + v[dim::r] - 1) * (v[dim::q] + v[dim::s] - 1) + v[dim::r] * v[dim::s] * v[dim::c] * v[dim::k] +
           v[dim::p] * v[dim::q] * v[dim::k] * v[dim::n];
}

/// The growth of register tiles (carbonnaas-hw.md 5.4 c): breadth-first from one word per tensor, along loops that reuse the tensor kept in
/// place, and along any loop where none of those fits.
class register_tiles {
public:
    register_tiles(const divisor_lattice& lattice, work_budget& budget) : lattice_{&lattice}, budget_{&budget} {}

    /// Appends the tiles of `full` of at most `capacity` words for the three tensors together, where `kept` stays in place.
    void grow(const divisor_ids& full, double capacity, tensor kept, std::vector<divisor_ids>& out) {
        constexpr std::array<std::array<loop_set, 2>, 3> graphs{{{all_loops & ~loops(dim::k), 0},
                                                                 {all_loops & ~loops(dim::n, dim::p), all_loops & ~loops(dim::n, dim::q)},
                                                                 {all_loops & ~loops(dim::c, dim::r), all_loops & ~loops(dim::c, dim::s)}}};
        const auto& own = graphs[kept];
        visited_.clear();
        queue_.assign(1, {divisor_ids{}, kept == input ? 1U : 3U});
        for (std::size_t head = 0; head < queue_.size(); ++head) {
            const auto [tile, inherited] = queue_[head];
            auto values = lattice_->values(tile);
            std::array<std::uint16_t, dim::count> raised{};
            loop_set fitting = 0;
            for (const auto d : lattice_->active()) {
                if (tile[d] == full[d]) continue;
                budget_->spend();
                const auto& table = (*lattice_)[d];
                const auto next = table.of(full[d])[table.rank(full[d], tile[d]) + 1U];
                const double value = std::exchange(values[d], table.value(next));
                if (tile_words(values) <= capacity) {
                    fitting |= loops(d);
                    raised[d] = next;
                }
                values[d] = value;
            }
            if (fitting == 0) {
                out.push_back(tile);
                continue;
            }
            std::array<loop_set, 2> usable{};
            for (std::size_t g = 0; g < 2; ++g)
                if ((inherited >> g & 1U) != 0) usable[g] = (fitting & own[g]) != 0 ? fitting & own[g] : fitting;
            for (const auto d : lattice_->active()) {
                if ((fitting >> d & 1U) == 0) continue;
                auto child = tile;
                child[d] = raised[d];
                // marked as visited even where no graph leads to it: this loses paths, as the original does
                if (!visited_.insert(lattice_->key(child)).second) continue;
                const loop_set heirs = (usable[0] >> d & 1U) | (usable[1] >> d & 1U) << 1;
                if (heirs != 0) queue_.push_back({child, heirs});
            }
        }
    }

private:
    struct state {
        divisor_ids tile;
        loop_set graphs;
    };

    const divisor_lattice* lattice_;
    work_budget* budget_;
    key_map visited_;
    std::vector<state> queue_;
};

} // namespace verdant::detail
