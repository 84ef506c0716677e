#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/product_nest.hpp>
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

/// Chains of matrix products, each the input of the next, whose intermediates may stay in an inner memory: the mapping of all of them that takes the
/// least energy.
namespace verdant::hardware {

/// Whether what one product hands to the next may stay in an inner memory.
enum class chain_fusion : std::uint8_t { none, intermediates };

/// Options of `map_chain`.
struct chain_options {
    chain_fusion fusion = chain_fusion::intermediates;
    tile_reuse reuse = tile_reuse::one_step;
    /// Mappings looked at for each way to spread and to keep: of all ways first, then of the best ones.
    std::uint64_t first_look = 2'000, second_look = 40'000;
    std::size_t best_ways = 8;
    std::uint64_t seed = 1;
};

/// Where an operand has its outermost place: a level, and how many pieces of its rows come one after another, 1 where all of it is there at once.
struct operand_home {
    std::size_t level = 0;
    std::int64_t pieces = 1;
    friend constexpr bool operator==(const operand_home&, const operand_home&) = default;
};

/// The mapping of one product of a chain.
struct mapped_product {
    operand_home input, output;
    std::vector<product_step> steps; ///< from outside in
    product_counts counts;
    double energy = std::numeric_limits<double>::infinity(); ///< of all accesses
};

/// The mapping of a chain.
struct mapped_chain {
    std::vector<mapped_product> products;
    double energy = std::numeric_limits<double>::infinity(); ///< of all accesses of all products
};

namespace detail {

/// The search for one product with given homes.
class product_search {
public:
    product_search(std::span<const hardware::product_level> levels, hardware::product_extent size, hardware::operand_home input,
                   hardware::operand_home output, const hardware::chain_options& options)
        : levels_{levels}, size_{size}, homes_{hardware::operand_home{}, input, output}, options_{options} {}

    hardware::mapped_product run() {
        best_.input = homes_[1];
        best_.output = homes_[2];
        pieces_ = std::max(homes_[1].pieces, homes_[2].pieces);
        // Two shared loops of different lengths are none.
        if (std::min(homes_[1].pieces, homes_[2].pieces) > 1 && homes_[1].pieces != homes_[2].pieces) return best_;
        if (size_[0] % pieces_ != 0) return best_;
        // Nor is an operand whole below such a loop.
        const auto& outer = homes_[1].level < homes_[2].level ? homes_[1] : homes_[2];
        const auto& inner = homes_[1].level < homes_[2].level ? homes_[2] : homes_[1];
        if (outer.level < inner.level && outer.pieces > 1 && inner.pieces == 1) return best_;
        auto left = size_;
        left[0] /= pieces_;
        spread(0, 0, left, 1);
        for (const auto& s : spreads_) keep(0, s, {});
        std::vector<std::pair<double, std::size_t>> looks;
        for (std::size_t i = 0; i < ways_.size(); ++i) looks.emplace_back(local(ways_[i], options_.first_look), i);
        std::sort(looks.begin(), looks.end());
        for (std::size_t i = 0; i < std::min(options_.best_ways, looks.size()); ++i)
            if (looks[i].first < std::numeric_limits<double>::infinity()) local(ways_[looks[i].second], options_.second_look);
        return best_;
    }

private:
    using kind = hardware::product_step::kind;
    struct spread_factors {
        std::vector<hardware::product_extent> sides;
        hardware::product_extent left{};
    };
    struct way {
        std::vector<hardware::product_step> steps;
        std::vector<std::size_t> places; ///< of loops
        hardware::product_extent left{};
    };

    /// All ways to spread dimensions over the sides from side `side` of level `l` on; those that use most of the instances stay.
    void spread(std::size_t l, std::size_t side, hardware::product_extent left, std::int64_t used) {
        while (l < levels_.size() && side == levels_[l].fans_out.size()) {
            ++l;
            side = 0;
        }
        if (l == levels_.size()) {
            if (used > most_used_) spreads_.clear();
            if (used < most_used_) return;
            most_used_ = used;
            spreads_.push_back({sides_, left});
            return;
        }
        const auto& fan = levels_[l].fans_out[side];
        const auto divisors = [&](std::size_t d, std::int64_t most, auto take) {
            for (std::int64_t f = 1; f <= most; ++f)
                if (f == 1 || ((fan.dims >> d & 1U) != 0 && left[d] % f == 0)) take(f);
        };
        divisors(0, fan.instances, [&](std::int64_t r) {
            divisors(1, fan.instances / r, [&](std::int64_t i) {
                divisors(2, fan.instances / r / i, [&](std::int64_t c) {
                    sides_.push_back({r, i, c});
                    spread(l, side + 1, {left[0] / r, left[1] / i, left[2] / c}, fan.use == hardware::spatial_use::most ? used * r * i * c : used);
                    sides_.pop_back();
                });
            });
        });
    }

    /// All ways to choose what levels from `l` on keep, and in which order.
    void keep(std::size_t l, const spread_factors& s, const way& before) {
        if (l == levels_.size()) {
            auto last = before;
            last.left = s.left;
            ways_.push_back(std::move(last));
            return;
        }
        const auto& level = levels_[l];
        for (std::uint32_t kept = 0; kept < 8; ++kept) {
            std::uint32_t at_home = 0, allowed = level.may_keep | level.keeps, forced = level.keeps;
            for (std::size_t t = 0; t < 3; ++t) {
                if (homes_[t].level == l) at_home |= 1U << t;
                if (homes_[t].level > l) allowed &= ~(1U << t);
            }
            forced = (forced & allowed) | at_home;
            if ((kept & ~allowed) != 0 || (kept & forced) != forced) continue;
            auto w = before;
            const auto add_keep = [&](std::size_t t) { w.steps.push_back({.what = kind::keep, .level = l, .operand = t}); };
            const auto add_loops = [&] {
                w.places.push_back(w.steps.size());
                w.steps.push_back({});
            };
            // What lives here is above all loops, but the shared one.
            std::vector<std::size_t> order;
            for (const bool whole : {true, false})
                for (std::size_t t = 0; t < 3; ++t) {
                    if ((at_home >> t & 1U) == 0 || (homes_[t].pieces == 1) != whole) continue;
                    const auto is_shared = [](const auto& step) { return step.what == kind::shared_loop; };
                    if (!whole && std::none_of(w.steps.begin(), w.steps.end(), is_shared))
                        w.steps.push_back({.what = kind::shared_loop, .factors = {pieces_, 1, 1}});
                    add_keep(t);
                }
            for (std::size_t t = 0; t < 3; ++t)
                if ((kept & ~at_home) >> t & 1U) order.push_back(t);
            const bool outer_home = std::any_of(homes_.begin(), homes_.end(), [&](const auto& h) { return h.level > l; });
            const auto base = w;
            do {
                w = base;
                for (const auto t : order) {
                    if (!outer_home && (w.steps.empty() || w.steps.back().what != kind::loops)) add_loops();
                    add_keep(t);
                }
                if (!outer_home && (w.steps.empty() || w.steps.back().what != kind::loops)) add_loops();
                std::size_t side = 0;
                for (std::size_t k = 0; k < l; ++k) side += levels_[k].fans_out.size();
                for (std::size_t k = 0; k < level.fans_out.size(); ++k)
                    w.steps.push_back({.what = kind::spread, .sharing = level.fans_out[k].sharing, .factors = s.sides[side + k]});
                keep(l + 1, s, w);
            } while (std::next_permutation(order.begin(), order.end()));
        }
    }

    /// Random placements, and changes of them that are no worse. @returns the least energy
    double local(way& w, std::uint64_t looks) {
        random_stream random{options_.seed};
        double least = std::numeric_limits<double>::infinity();
        if (w.places.empty()) return least;
        std::vector<std::pair<std::size_t, std::int64_t>> primes;
        for (std::size_t d = 0; d < 3; ++d)
            for (std::int64_t rest = w.left[d], f = 2; rest > 1; ++f)
                for (; rest % f == 0; rest /= f) primes.emplace_back(d, f);
        if (primes.empty()) primes.emplace_back(0, 1);
        std::vector<std::size_t> at(primes.size());
        const auto factor = [&](std::size_t i, std::size_t place) -> std::int64_t& { return w.steps[w.places[place]].factors[primes[i].first]; };
        const auto look = [&] {
            hardware::count_product(levels_, w.steps, options_.reuse, counts_);
            if (!counts_.fits) return std::numeric_limits<double>::infinity();
            const double energy = counts_.energy(levels_);
            least = std::min(least, energy);
            if (energy < best_.energy) {
                best_.energy = energy;
                best_.steps = w.steps;
                best_.counts = counts_;
            }
            return energy;
        };
        for (std::uint64_t done = 0; done < looks;) {
            for (const auto p : w.places) {
                w.steps[p].factors = {1, 1, 1};
                std::array<std::uint8_t, 3> order{0, 1, 2};
                random.shuffle(std::span<std::uint8_t>{order});
                w.steps[p].order = order;
            }
            double value = std::numeric_limits<double>::infinity();
            // Everything outermost fits where anything does; then inwards at random.
            for (std::size_t i = 0; i < primes.size(); ++i) {
                at[i] = 0;
                factor(i, 0) *= primes[i].second;
            }
            value = look();
            ++done;
            for (std::size_t i = 0; i < primes.size(); ++i, ++done) {
                const auto to = random.below(w.places.size());
                factor(i, at[i]) /= primes[i].second;
                factor(i, to) *= primes[i].second;
                const double next = look();
                if (next < std::numeric_limits<double>::infinity() || value == next) {
                    at[i] = to;
                    value = next;
                    continue;
                }
                factor(i, to) /= primes[i].second;
                factor(i, at[i]) *= primes[i].second;
            }
            for (int idle = 0; idle < 600 && done < looks; ++idle, ++done) {
                const auto i = random.below(primes.size()), j = random.below(primes.size());
                const auto from = at[i], from_j = at[j], to = random.below(w.places.size());
                auto& order = w.steps[w.places[to]].order;
                const auto old_order = order;
                const auto what = random.below(4);
                const auto put = [&](std::size_t k, std::size_t place) {
                    factor(k, at[k]) /= primes[k].second;
                    factor(k, place) *= primes[k].second;
                    at[k] = place;
                };
                if (what == 0) put(i, to);
                else if (what == 1) {
                    put(i, from_j);
                    put(j, from);
                } else if (what == 2) {
                    put(i, to);
                    put(j, random.below(w.places.size()));
                }
                if (what >= 2) std::swap(order[random.below(3)], order[random.below(3)]);
                const double next = look();
                if (next < value) idle = 0;
                if (next <= value) {
                    value = next;
                    continue;
                }
                if (what == 1 || what == 2) put(j, from_j);
                if (what != 3) put(i, from);
                order = old_order;
            }
        }
        return least;
    }

    std::span<const hardware::product_level> levels_;
    hardware::product_extent size_;
    std::array<hardware::operand_home, 3> homes_;
    const hardware::chain_options& options_;
    std::int64_t pieces_ = 1, most_used_ = 0;
    std::vector<hardware::product_extent> sides_;
    std::vector<spread_factors> spreads_;
    std::vector<way> ways_;
    hardware::product_counts counts_;
    hardware::mapped_product best_;
};

} // namespace detail

/// The least energy of a chain that was found: each product by a local search with restarts over all ways to spread it and to keep its operands, and
/// over all products by dynamic programming over the places of the intermediates. Factors divide the sizes.
/// @param levels outermost first; the outermost has no limit. An intermediate may stay in a level that no array stands above and that may keep inputs
/// and outputs: whole, or in pieces of its rows, over which the two products then run in turns
/// @param sizes rows, inner and columns of each product; columns are the next one's inner
/// @throws infeasible_error where no mapping fits, input_error where sizes do not meet
[[nodiscard]] inline mapped_chain map_chain(std::span<const product_level> levels, std::span<const product_extent> sizes,
                                            const chain_options& options = {}) {
    if (levels.empty() || levels.size() > most_product_levels)
        throw input_error{"chain", "levels", "1 to " + std::to_string(most_product_levels), std::to_string(levels.size())};
    for (std::size_t i = 0; i < sizes.size(); ++i)
        if (*std::min_element(sizes[i].begin(), sizes[i].end()) < 1)
            throw input_error{"chain", "product " + std::to_string(i + 1), "sizes of at least 1",
                              std::to_string(*std::min_element(sizes[i].begin(), sizes[i].end()))};
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i)
        if (sizes[i][0] != sizes[i + 1][0] || sizes[i][2] != sizes[i + 1][1])
            throw input_error{"chain", "product " + std::to_string(i + 2),
                              std::to_string(sizes[i][0]) + " rows and " + std::to_string(sizes[i][2]) + " inner",
                              std::to_string(sizes[i + 1][0]) + " and " + std::to_string(sizes[i + 1][1])};
    struct known_product {
        product_extent size;
        mapped_product product;
    };
    std::vector<known_product> known;
    // Valid until the next call.
    const auto mapped = [&](std::size_t i, operand_home in, operand_home out) -> const mapped_product& {
        for (const auto& k : known)
            if (k.size == sizes[i] && k.product.input == in && k.product.output == out) return k.product;
        return known.emplace_back(known_product{sizes[i], detail::product_search{levels, sizes[i], in, out, options}.run()}).product;
    };
    // The best chain so far for each home of the intermediate that it ends with.
    struct chain_end {
        operand_home home;
        mapped_chain chain;
    };
    std::vector<chain_end> ends{{operand_home{}, {{}, 0}}};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        std::vector<operand_home> homes{operand_home{}};
        bool above = true;
        for (std::size_t l = 1; l < levels.size() && i + 1 < sizes.size() && options.fusion == chain_fusion::intermediates; ++l) {
            above &= levels[l - 1].fans_out.empty();
            if (!above || (~(levels[l].may_keep | levels[l].keeps) & 0b110U) != 0) continue;
            int ways = 0;
            const double bits = static_cast<double>(sizes[i][0] * sizes[i][2]) * levels[l].word_bits[1];
            for (std::int64_t pieces = 1; pieces <= sizes[i][0] && ways < 3; ++pieces) {
                if (sizes[i][0] % pieces != 0 || bits / static_cast<double>(pieces) > levels[l].capacity) continue;
                homes.push_back({l, pieces});
                if (++ways == 1 && pieces == 1 && bits * 2 < levels[l].capacity) break;
            }
        }
        std::vector<chain_end> next;
        for (const auto& out : homes) {
            auto& best = next.emplace_back(chain_end{out, {}}).chain;
            for (const auto& [in, chain] : ends) {
                const auto& product = mapped(i, in, out);
                if (!(chain.energy + product.energy < best.energy)) continue;
                best = chain;
                best.products.push_back(product);
                best.energy += product.energy;
            }
        }
        ends = std::move(next);
    }
    auto& best = ends.front().chain; // that ends in the outermost level
    if (!(best.energy < std::numeric_limits<double>::infinity())) throw infeasible_error{"no mapping of the chain fits the hierarchy"};
    return std::move(best);
}

} // namespace verdant::hardware
