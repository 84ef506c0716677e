#pragma once

#include <verdant/hardware/mapping/detail/ascending_list.hpp>
#include <verdant/hardware/mapping/detail/cost.hpp>
#include <verdant/hardware/mapping/detail/divisors.hpp>
#include <verdant/hardware/mapping/detail/enumeration.hpp>
#include <verdant/hardware/mapping/detail/key_map.hpp>
#include <verdant/hardware/mapping/detail/register_tiles.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/target.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

/// The stages of the mapping search, one after the other.
namespace verdant::hardware::detail {

/// The three stages of docs/estimator.md 4.5. Holds the memory that a search needs, so that the next one finds it allocated.
template <class = instantiated_when_used>
class basic_mapping_stages {
public:
    hardware::mapping_result run(const hardware::loop_bounds& bounds, const hardware::mapping_target& target, long long max_work) {
        if (target.register_words < 3)
            return hardware::mapping_failure{hardware::mapping_constraint::registers, 3, static_cast<double>(target.register_words)};
        budget_ = work_budget{max_work};
        try {
            lattice_.assign(bounds, budget_);
            const cost_model model{bounds, target};
            place_on_array(target, model);
            if (!tile_l2(target, model))
                return hardware::mapping_failure{hardware::mapping_constraint::l2, least_, static_cast<double>(target.l2_words)};
            const double all_words = words_of(lattice_.values(lattice_.top())).sum();
            if (!tile_glb(target, model, all_words))
                return hardware::mapping_failure{hardware::mapping_constraint::glb, least_, static_cast<double>(target.glb_words)};
        } catch (const work_exhausted&) {
            return hardware::mapping_failure{hardware::mapping_constraint::search_budget, static_cast<double>(max_work),
                                             static_cast<double>(max_work)};
        }
        hardware::mapping found{best_cost_.cycles, best_cost_.energy, {}};
        for (std::size_t l = 0; l < best_.size(); ++l) found.levels[l] = lattice_.factors(best_[l]);
        return found;
    }

private:
    /// A candidate of the first stage: register tile and PE array.
    struct inner {
        divisor_ids tile, array, rest;
        double cost, cycles, energy;
        std::uint32_t order;

        friend bool operator<(const inner& a, const inner& b) {
            if (a.cost != b.cost) return a.cost < b.cost;
            if (a.cycles != b.cycles) return a.cycles < b.cycles;
            if (a.energy != b.energy) return a.energy < b.energy;
            return a.order < b.order;
        }
    };

    /// A way to spread what is left by the first stage over the core grid, and its L2 tiles.
    struct split {
        divisor_ids grid;
        double cores;
        std::uint32_t tiles_begin, tiles_end;
    };

    /// An L2 tile and what is left beyond it, with the energies that its exchange with the global buffer may cost.
    struct l2_tile {
        divisor_ids factor, rest;
        double kept;        ///< product over the loops that reuse weights
        bool keeps_weights; ///< no other loop is raised
        std::uint32_t energies_begin, energies_end;
    };

    /// A candidate of the second stage.
    struct outer {
        double cost;
        std::uint32_t order, inner, split, tile;

        friend bool operator<(const outer& a, const outer& b) { return a.cost != b.cost ? a.cost < b.cost : a.order < b.order; }
    };

    struct range {
        std::uint32_t begin, end;
    };

    void place_on_array(const hardware::mapping_target& target, const cost_model& model) {
        inner_.clear();
        spreads_.clear();
        enumeration_.spreads(lattice_.top(), target.width, target.depth, spreads_);
        for (const auto& s : spreads_) {
            const auto small = lattice_.quotient(lattice_.top(), s.factor);
            const auto array = lattice_.values(s.factor);
            const double active = product(array);
            const auto base = model.base(active, array);
            const auto to = multicast_of(array);
            tiles_of_registers_.clear();
            register_tiles_.grow(small, target.register_words, s.kept, tiles_of_registers_);
            for (const auto& t : tiles_of_registers_) {
                budget_.spend(8);
                const auto rest = lattice_.quotient(small, t);
                auto cost = base;
                model.settle(cost, choices_of(lattice_.values(t), array, lattice_.values(rest), active), to, 0);
                inner_.push_back({t, s.factor, rest, cost.product(), cost.cycles, cost.energy, static_cast<std::uint32_t>(inner_.size())});
            }
        }
    }

    /// Splits of `rest` over the core grid, with their L2 tiles; computed once for each rest.
    range splits_of(const divisor_ids& rest, const hardware::mapping_target& target, const cost_model& model) {
        const auto [index, fresh] = known_rests_.insert(lattice_.key(rest), static_cast<std::uint32_t>(split_ranges_.size()));
        if (!fresh) return split_ranges_[index];
        const auto begin = static_cast<std::uint32_t>(splits_.size());
        const auto small = lattice_.values(lattice_.quotient(lattice_.top(), rest));
        spreads_.clear();
        enumeration_.spreads(rest, target.cores_x, target.cores_y, spreads_);
        for (const auto& s : spreads_) {
            const auto twin = std::find_if(splits_.begin() + begin, splits_.end(), [&](const split& other) { return other.grid == s.factor; });
            if (twin != splits_.end()) {
                splits_.push_back(split{*twin});
                continue;
            }
            const auto grid = lattice_.values(s.factor);
            const auto tiles_begin = static_cast<std::uint32_t>(tiles_.size());
            add_tiles(lattice_.quotient(rest, s.factor), small, grid, target, model);
            splits_.push_back({s.factor, product(grid), tiles_begin, static_cast<std::uint32_t>(tiles_.size())});
        }
        split_ranges_.push_back({begin, static_cast<std::uint32_t>(splits_.size())});
        return split_ranges_.back();
    }

    void add_tiles(const divisor_ids& full, const loop_values& small, const loop_values& grid, const hardware::mapping_target& target,
                   const cost_model& model) {
        const auto capacity = static_cast<double>(target.l2_words);
        const auto largest = [&small](const loop_values& v) { return words_of(v, small).largest(); };
        grown_.clear();
        constexpr loop_values ones{1, 1, 1, 1, 1, 1, 1};
        if (const double least = largest(ones); least > capacity) {
            least_ = std::min(least_, least);
            return;
        }
        grown_.push_back(divisor_ids{}); // all ones come first, whether or not they can grow
        enumeration_.maximal(full, all_loops, [&](const loop_values& v) { return largest(v) <= capacity; }, grown_);
        const auto to = multicast_of(grid);
        const double cores = product(grid);
        for (const auto& g : grown_) {
            budget_.spend(8);
            const auto rest = lattice_.quotient(full, g);
            const auto v = lattice_.values(g);
            const auto choices = choices_of(multiply(small, v), grid, lattice_.values(rest), cores);
            const auto begin = static_cast<std::uint32_t>(energies_.size());
            for (std::size_t i = 0; i < choices.size; ++i) energies_.push_back(model.traffic(choices.moved[i], to, 1));
            tiles_.push_back({g, rest, v[loop_dim::n] * v[loop_dim::p] * v[loop_dim::q],
                              v[loop_dim::c] * v[loop_dim::k] * v[loop_dim::r] * v[loop_dim::s] == 1, begin,
                              static_cast<std::uint32_t>(energies_.size())});
        }
    }

    /// The second stage: L2 tiles and core grids, costed without bandwidths. False where no tile fits.
    bool tile_l2(const hardware::mapping_target& target, const cost_model& model) {
        known_rests_.clear();
        split_ranges_.clear();
        splits_.clear();
        tiles_.clear();
        energies_.clear();
        outer_.clear();
        least_ = std::numeric_limits<double>::infinity();
        double best = least_;
        const auto cores = static_cast<double>(target.cores());
        ascending_list<inner> candidates{inner_};
        for (std::size_t i = 0; i < inner_.size(); ++i) {
            const auto& in = candidates[i];
            if (in.cost / cores > best) break;
            const auto array = lattice_.values(in.array);
            const auto registers = lattice_.values(in.tile);
            const double active = product(array);
            const double energy = model.base(active, array).energy;
            const auto to = multicast_of(array);
            // at this level only weights cost energy: either all loops above are walked in the weights' order or none
            const double weights = words_of(registers).weight * (model.macs / product(registers));
            const auto splits = splits_of(in.rest, target, model);
            for (auto s = splits.begin; s != splits.end; ++s) {
                const auto& sp = splits_[s];
                const double cycles = model.macs / (active * sp.cores);
                budget_.spend(sp.tiles_end - sp.tiles_begin);
                for (auto t = sp.tiles_begin; t != sp.tiles_end; ++t) {
                    const auto& g = tiles_[t];
                    const double kept = model.traffic({0, weights / g.kept, 0}, to, 0);
                    double moved = kept;
                    if (!g.keeps_weights) {
                        const double walked = model.traffic({0, weights, 0}, to, 0);
                        if (!((energy + kept) * cycles < (energy + walked) * cycles)) moved = walked;
                    }
                    const double so_far = energy + moved;
                    double total = so_far + energies_[g.energies_begin];
                    double cost = total * cycles;
                    for (auto e = g.energies_begin + 1; e != g.energies_end; ++e) {
                        total = so_far + energies_[e];
                        cost = std::min(cost, total * cycles);
                    }
                    best = std::min(best, cost);
                    outer_.push_back({cost, static_cast<std::uint32_t>(outer_.size()), static_cast<std::uint32_t>(i), s, t});
                }
            }
        }
        return !outer_.empty();
    }

    /// The third stage: global buffer tiles, with bandwidths, by eight interleaved workers that differ in what they skip. False where no tile fits.
    bool tile_glb(const hardware::mapping_target& target, const cost_model& model, double all_words) {
        constexpr std::size_t workers = 8;
        const auto capacity = static_cast<double>(target.glb_words);
        const double surcharge = all_words * (model.access[2] + model.access[3]) * model.macs;
        least_ = std::numeric_limits<double>::infinity();
        double best = least_;
        ascending_list<outer> candidates{outer_};
        for (std::size_t worker = 0; worker < workers; ++worker) {
            double own_best = std::numeric_limits<double>::infinity();
            for (std::size_t i = worker; i < outer_.size(); i += workers) {
                const auto& candidate = candidates[i];
                const auto& in = inner_[candidate.inner];
                const auto& sp = splits_[candidate.split];
                const auto& g = tiles_[candidate.tile];
                std::array<loop_values, 6> levels{
                    lattice_.values(in.tile), lattice_.values(in.array), lattice_.values(g.factor), lattice_.values(sp.grid), {}, {}};
                if (candidate.cost + surcharge / (product(levels[1]) * sp.cores) > own_best) break;
                const auto small = multiply(multiply(levels[0], levels[1]), multiply(levels[2], levels[3]));
                grown_.clear();
                if (const double least = words_of(small).sum(); least > capacity) {
                    least_ = std::min(least_, least);
                    budget_.spend();
                    continue;
                }
                grown_.push_back(divisor_ids{});
                enumeration_.maximal(g.rest, all_loops, [&](const loop_values& v) { return words_of(v, small).sum() <= capacity; }, grown_);
                if (grown_.back() == divisor_ids{}) grown_.resize(1); // all ones a second time: it cannot be better than itself
                for (const auto& big : grown_) {
                    budget_.spend(24);
                    const auto rest = lattice_.quotient(g.rest, big);
                    levels[4] = lattice_.values(big);
                    levels[5] = lattice_.values(rest);
                    const auto cost = model.whole(levels);
                    own_best = std::min(own_best, cost.product());
                    if (cost.product() < best) {
                        best = cost.product();
                        best_cost_ = cost;
                        best_ = {in.tile, in.array, g.factor, sp.grid, big, rest};
                    }
                }
            }
        }
        return best < std::numeric_limits<double>::infinity();
    }

    work_budget budget_{0};
    divisor_lattice lattice_;
    factor_enumeration enumeration_{lattice_, budget_};
    register_tiles register_tiles_{lattice_, budget_};
    std::vector<spread> spreads_;
    std::vector<divisor_ids> tiles_of_registers_, grown_;
    std::vector<inner> inner_;
    key_map known_rests_;
    std::vector<range> split_ranges_;
    std::vector<split> splits_;
    std::vector<l2_tile> tiles_;
    std::vector<double> energies_;
    std::vector<outer> outer_;
    double least_ = 0;
    running_cost best_cost_;
    std::array<divisor_ids, 6> best_{};
};
using mapping_stages = basic_mapping_stages<>;

} // namespace verdant::hardware::detail
