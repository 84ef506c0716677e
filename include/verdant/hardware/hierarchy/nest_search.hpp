#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/nest_goal.hpp>
#include <verdant/hardware/hierarchy/nest_least.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/hardware/hierarchy/nest_sparsity.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// The search that `map_nest` makes.
namespace verdant::hardware {

/// Options of `map_nest`.
struct nest_mapper_options {
    nest_goal goal = nest_goal::energy_times_cycles;
    cycle_rules rules{};
    /// Mappings that the search of all may look at before it gives up, and those that the local search then does.
    std::uint64_t most_exhaustive = 200'000, most_local = 50'000;
    std::uint64_t seed = 1;
    /// Bounds and mappings that branch and bound may then look at, and twenty times as many placements; 0: none of it. It is most of the time where a
    /// nest is too large for a proof.
    std::uint64_t most_branches = 100'000;
};

/// The best mapping that was found.
struct mapped_nest {
    nest_mapping mapping;
    nest_counts counts; ///< those of all weights, zero or not
    nest_cost cost; ///< of what `sparse_counts` leaves
    double value = std::numeric_limits<double>::infinity(); ///< of the goal
    std::uint64_t evaluated = 0;
    bool proved = false; ///< whether no mapping is better: all were looked at or excluded, or the value is the lower bound of all
};

namespace detail {

/// Places for factors: the temporal loops of each level, and the columns and rows of those that fan out.
class mapping_search {
public:
    mapping_search(const nest_problem& problem, std::span<const memory_level> levels, const arithmetic_unit& unit,
                   const hardware::nest_mapper_options& options)
        : problem_{problem}, levels_{levels}, unit_{unit}, options_{options}, least_{hardware::least_value(problem, levels, unit, options.goal)} {
        for (std::size_t t = 0; t < problem.tensor_count; ++t)
            if ((levels[0].keeps >> t & 1U) == 0)
                throw input_error{"mapper", "level " + std::string{levels[0].name}, "all tensors at the outermost level",
                                  "none of " + std::string{problem.tensors[t].name}};
        for (std::size_t l = 0; l < levels.size(); ++l) {
            most_instances_[l] = l == 0 ? 1 : most_instances_[l - 1] * levels[l - 1].fan_out_x * levels[l - 1].fan_out_y;
            places_.push_back({l, 0});
            if (levels[l].fan_out_x > 1) places_.push_back({l, 1});
            if (levels[l].fan_out_y > 1) places_.push_back({l, 2});
        }
        factors_.assign(places_.size(), ones);
        for (auto& o : orders_)
            for (std::size_t d = 0; d < most_nest_dims; ++d) o[d] = static_cast<std::uint8_t>(d);
        for (std::size_t d = 0; d < problem.dim_count; ++d)
            for (std::size_t t = 0; t < problem.tensor_count; ++t) {
                const auto& tensor = problem.tensors[t];
                kinds_[d] |= (tensor.dims >> d & 1U) << t;
                for (std::size_t i = 0; i < tensor.strided_count; ++i) {
                    const auto& axis = tensor.axes[tensor.strided[i]];
                    const bool moves = axis.second != nest_axis::none && problem.bounds[axis.first] > 1 && problem.bounds[axis.second] > 1;
                    if (moves && (axis.first == d || axis.second == d)) kinds_[d] |= 1U << (most_nest_tensors + d); // like no other
                }
            }
    }

    hardware::mapped_nest run() {
        if (exhaustive(0, 0, problem_.bounds[0])) best_.proved = true;
        else {
            local();
            best_.proved = best_.value > least_ && bounds_hold() && branch();
        }
        if (best_.value > std::numeric_limits<double>::max()) throw infeasible_error{"no mapping of the nest fits the hierarchy"};
        if (best_.value <= least_) best_.proved = true;
        best_.evaluated = evaluated_;
        return best_;
    }

private:
    using factors = std::array<std::int64_t, most_nest_dims>;
    static constexpr factors ones{1, 1, 1, 1, 1, 1, 1, 1};
    struct place {
        std::size_t level;
        int axis; // 0 time, 1 columns, 2 rows
    };

    /// Whether what is placed fits; more factors only make tiles larger.
    [[nodiscard]] bool fits() const {
        factors extent = ones;
        for (std::size_t i = places_.size(); i-- > 0;) {
            std::int64_t all = 1;
            for (std::size_t d = 0; d < problem_.dim_count; ++d) {
                extent[d] *= factors_[i][d];
                all *= factors_[i][d];
            }
            const auto& [level, axis] = places_[i];
            const auto& memory = levels_[level];
            if (axis == 1 && all > memory.fan_out_x) return false;
            if (axis == 2 && all > memory.fan_out_y) return false;
            if (axis == 0 && hardware::words_held(problem_, memory, ~0U, extent) > memory.capacity) return false;
        }
        return true;
    }

    /// The mapping as it is placed and ordered. @returns whether it has no more loops than fit into one
    [[nodiscard]] bool write(hardware::nest_mapping& m) const {
        m.level_count = static_cast<std::uint8_t>(levels_.size());
        for (std::size_t i = 0; i < places_.size(); ++i) {
            auto& loops = m.levels[places_[i].level];
            if (places_[i].axis == 2) loops.first_y = loops.spatial_count;
            for (std::size_t k = 0; k < problem_.dim_count; ++k) {
                const std::size_t d = places_[i].axis == 0 ? orders_[places_[i].level][k] : k;
                if (d >= problem_.dim_count || factors_[i][d] == 1) continue;
                if (places_[i].axis == 0) loops.add_temporal(d, static_cast<std::int32_t>(factors_[i][d]));
                else if (loops.spatial_count < hardware::most_level_loops) loops.add_spatial(d, static_cast<std::int32_t>(factors_[i][d]));
                else return false;
            }
        }
        return true;
    }

    [[nodiscard]] double value_of(const hardware::nest_cost& cost) const {
        const auto cycles = static_cast<double>(cost.cycles);
        return options_.goal == hardware::nest_goal::cycles   ? cycles
               : options_.goal == hardware::nest_goal::energy ? cost.energy
                                                              : cost.energy * cycles;
    }

    [[nodiscard]] double evaluate() {
        hardware::nest_mapping m;
        if (!write(m)) return std::numeric_limits<double>::infinity();
        ++evaluated_;
        hardware::analyse(problem_, levels_, m, counts_);
        const auto cost = hardware::cost_of(problem_, levels_, unit_, counts_, options_.rules);
        const double value = value_of(cost);
        if (value < best_.value) best_ = {m, counts_, cost, value, 0, false};
        return value;
    }

    /// All ways to place what is left of dimension `d` from place `p` on, then all of the next dimensions. @returns whether it came to the end
    bool exhaustive(std::size_t d, std::size_t p, std::int64_t left) {
        if (best_.value <= least_) return true; // no other is better
        if (evaluated_ > options_.most_exhaustive || ++steps_ > 20 * options_.most_exhaustive) return false;
        if (d == problem_.dim_count) return orders(0);
        if (p + 1 == places_.size()) {
            factors_[p][d] = left;
            const bool complete = !fits() || exhaustive(d + 1, 0, d + 1 < problem_.dim_count ? problem_.bounds[d + 1] : 1);
            factors_[p][d] = 1;
            return complete;
        }
        for (std::int64_t f = 1; f <= left; ++f) {
            if (left % f != 0) continue;
            factors_[p][d] = f;
            if ((places_[p].axis == 0 || fits()) && !exhaustive(d, p + 1, left / f)) {
                factors_[p][d] = 1;
                return false;
            }
        }
        factors_[p][d] = 1;
        return true;
    }

    [[nodiscard]] bool spreads(std::size_t level) const {
        for (std::size_t i = 0; i < places_.size(); ++i)
            if (places_[i].level == level && places_[i].axis != 0 && factors_[i] != ones) return true;
        return false;
    }
    /// Of loops that change the same tensors, and move no window, one order is as good as another.
    [[nodiscard]] bool in_order(const std::vector<std::uint8_t>& dims) const {
        for (std::size_t i = 0; i < dims.size(); ++i)
            for (std::size_t j = i + 1; j < dims.size(); ++j)
                if (dims[i] > dims[j] && kinds_[dims[i]] == kinds_[dims[j]]) return false;
        return true;
    }

    /// All orders of the loops of level `l` and of those inwards of it, until one has the value that is the least of them all.
    bool orders(std::size_t l) {
        if (best_.value <= least_of_orders_) return true;
        if (evaluated_ > most_evaluated_) return false;
        if (l == levels_.size()) {
            static_cast<void>(evaluate());
            return true;
        }
        const auto& here = *std::find_if(places_.begin(), places_.end(), [&](const place& x) { return x.level == l && x.axis == 0; });
        const auto& loops = factors_[static_cast<std::size_t>(&here - places_.data())];
        std::vector<std::uint8_t> turning, rest;
        for (std::size_t d = 0; d < most_nest_dims; ++d)
            (d < problem_.dim_count && loops[d] > 1 ? turning : rest).push_back(static_cast<std::uint8_t>(d));
        bool complete = true;
        do {
            if (!in_order(turning)) continue;
            std::copy(rest.begin(), rest.end(), std::copy(turning.begin(), turning.end(), orders_[l].begin()));
            if (!branching_ || may_be_better(true, l + 1)) complete = orders(l + 1);
            else complete = branches_ <= options_.most_branches;
            // Multipliers that hold nothing ask in each step, whatever the order of the loops around them.
            if (l + 1 == levels_.size() && !spreads(l)) break;
        } while (complete && std::next_permutation(turning.begin(), turning.end()));
        return complete;
    }

    /// Whether `least_counts` is a bound of this nest.
    [[nodiscard]] bool bounds_hold() const {
        for (std::size_t t = 0; t < problem_.tensor_count; ++t)
            if (problem_.tensors[t].output && problem_.tensors[t].windows) return false;
        return true;
    }

    /// Whether what is placed, with the order of the outermost levels, can be part of a better mapping than the best one; not where no more may be
    /// looked at.
    [[nodiscard]] bool may_be_better(bool whole, std::size_t ordered) {
        if (++branches_ > options_.most_branches) return false;
        hardware::nest_mapping m;
        if (!write(m)) return false; // no mapping has as many loops
        detail::least_counts(problem_, levels_, m, whole, ordered, counts_);
        // Loops that are not there yet may be spread, so that an instance serves fewer multiplications, and may need fewer of its accesses.
        const bool sparse = problem_.weight_density < 1 && !whole;
        least_of_branch_ = value_of(sparse ? detail::sparse_cost(problem_, levels_, unit_, counts_, options_.rules, most_instances_)
                                           : hardware::cost_of(problem_, levels_, unit_, counts_, options_.rules));
        // Energies are added up in another order than those of a mapping.
        return least_of_branch_ < best_.value * (1 - 1e-12);
    }

    /// All placements, dimension by dimension, large ones first, less those of which the dimensions so far already cost as much as the best mapping:
    /// whatever the others add makes it dearer. @returns whether it came to the end, so that no mapping is better than the best one
    bool branch() {
        std::vector<std::size_t> dims;
        for (std::size_t d = 0; d < problem_.dim_count; ++d)
            if (problem_.bounds[d] > 1) dims.push_back(d);
        std::sort(dims.begin(), dims.end(), [&](std::size_t a, std::size_t b) {
            return problem_.bounds[a] != problem_.bounds[b] ? problem_.bounds[a] > problem_.bounds[b] : a < b;
        });
        factors_.assign(places_.size(), ones);
        for (auto& o : orders_)
            for (std::size_t d = 0; d < most_nest_dims; ++d) o[d] = static_cast<std::uint8_t>(d);
        for (const auto d : dims)
            for (std::int64_t f = 1; f <= problem_.bounds[d]; ++f)
                if (problem_.bounds[d] % f == 0) divisors_[d].push_back(f);
        branches_ = steps_ = 0;
        branching_ = true;
        most_evaluated_ = evaluated_ + options_.most_branches;
        return branch(dims, 0, 0, dims.empty() ? 1 : problem_.bounds[dims[0]]);
    }
    bool branch(const std::vector<std::size_t>& dims, std::size_t i, std::size_t p, std::int64_t left) {
        if (i == dims.size()) return orders(0);
        const auto d = dims[i];
        bool complete = true;
        const auto take = [&](std::int64_t f) {
            if (++steps_ / 20 > options_.most_branches) {
                complete = false;
                return;
            }
            factors_[p][d] = f;
            const bool last = p + 1 == places_.size();
            if ((places_[p].axis != 0 || last) && !fits()) return;
            if (!last) complete = branch(dims, i, p + 1, left / f);
            else {
                const bool whole = i + 1 == dims.size();
                if (!may_be_better(whole, 0)) {
                    complete = branches_ <= options_.most_branches;
                    return;
                }
                least_of_orders_ = least_of_branch_;
                complete = branch(dims, i + 1, 0, whole ? 1 : problem_.bounds[dims[i + 1]]);
            }
        };
        if (p + 1 == places_.size()) take(left);
        else
            for (const auto f : divisors_[d]) {
                if (f > left || !complete) break;
                if (left % f == 0) take(f);
            }
        factors_[p][d] = 1;
        return complete;
    }

    /// From random placements, changes that make it better or no worse until a thousand have not.
    void local() {
        random_stream random{options_.seed};
        std::vector<std::pair<std::size_t, std::int64_t>> primes;
        for (std::size_t d = 0; d < problem_.dim_count; ++d)
            for (std::int64_t left = problem_.bounds[d], f = 2; left > 1; ++f)
                for (; left % f == 0; left /= f) primes.emplace_back(d, f);
        if (primes.empty()) primes.emplace_back(0, 1);
        for (const auto end = evaluated_ + options_.most_local; evaluated_ < end && best_.value > least_;) {
            ++restarts_;
            factors_.assign(places_.size(), ones);
            std::vector<std::size_t> at(primes.size(), 0);
            // Everything outermost, and what fits moved inwards at random.
            for (const auto& [d, f] : primes) factors_[0][d] *= f;
            const auto move = [&](std::size_t i, std::size_t to) {
                factors_[at[i]][primes[i].first] /= primes[i].second;
                factors_[to][primes[i].first] *= primes[i].second;
                at[i] = to;
            };
            for (std::size_t i = 0; i < primes.size(); ++i) {
                move(i, random.below(places_.size()));
                if (!fits()) move(i, 0);
            }
            if (!fits()) {
                // Not even the outermost place holds all: no mapping does.
                if (restarts_ == 1) return;
                ++evaluated_;
                continue;
            }
            double value = evaluate();
            for (int idle = 0; idle < 1000 && evaluated_ < end && best_.value > least_; ++idle) {
                const auto i = random.below(primes.size()), j = random.below(primes.size());
                const auto from = at[i], from_j = at[j];
                const auto l = random.below(levels_.size());
                const auto order = orders_[l];
                const auto kind = random.below(3);
                if (kind == 0) move(i, random.below(places_.size()));
                else if (kind == 1) {
                    move(i, from_j);
                    move(j, from);
                } else std::swap(orders_[l][random.below(problem_.dim_count)], orders_[l][random.below(problem_.dim_count)]);
                const double next = fits() ? evaluate() : std::numeric_limits<double>::infinity();
                if (next < value) idle = 0;
                if (next <= value) {
                    value = next;
                    continue;
                }
                if (kind == 1) move(j, from_j);
                if (kind != 2) move(i, from);
                else orders_[l] = order;
            }
        }
    }

    const nest_problem& problem_;
    std::span<const memory_level> levels_;
    arithmetic_unit unit_;
    const hardware::nest_mapper_options& options_;
    double least_;
    std::vector<place> places_;
    std::vector<factors> factors_;
    std::array<std::array<std::uint8_t, most_nest_dims>, most_nest_levels> orders_{};
    hardware::nest_counts counts_;
    hardware::mapped_nest best_;
    std::array<std::int64_t, most_nest_levels> most_instances_{}; ///< of each level, where all of it is used
    std::array<std::uint32_t, most_nest_dims> kinds_{}; ///< of each dimension the tensors that it changes, and whether it moves a window
    std::array<std::vector<std::int64_t>, most_nest_dims> divisors_; ///< of the bounds, where branch and bound places them
    double least_of_orders_ = least_, least_of_branch_ = 0;
    bool branching_ = false;
    std::uint64_t evaluated_ = 0, steps_ = 0, restarts_ = 0, branches_ = 0, most_evaluated_ = options_.most_exhaustive;
};

} // namespace detail

} // namespace verdant::hardware
