#pragma once

// The mapping search written down as section 4 of docs/estimator.md tells it, with sets and queues and no shortcuts. Slow; the tests compare
// the library's search with it, bit for bit.

#include "stable_sort.hpp"

#include <verdant/hardware/mapping/result.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace oracle {

using verdant::hardware::loop_bounds;
using verdant::hardware::mapping;
using verdant::hardware::mapping_target;
using factors = std::array<long long, 7>;
using loops = std::set<int>;
enum { N, C, K, R, S, P, Q };

inline constexpr factors ones{1, 1, 1, 1, 1, 1, 1};
inline const loops all{N, C, K, R, S, P, Q};

inline loops without(const loops& removed) {
    loops left;
    for (const int d : all)
        if (!removed.count(d)) left.insert(d);
    return left;
}
inline long long product(const factors& f) {
    long long p = 1;
    for (const long long x : f) p *= x;
    return p;
}
inline long long product(const factors& f, const loops& over) {
    long long p = 1;
    for (const int d : over) p *= f[static_cast<std::size_t>(d)];
    return p;
}
inline factors times(factors a, const factors& b) {
    for (std::size_t d = 0; d < 7; ++d) a[d] *= b[d];
    return a;
}
inline factors over(factors a, const factors& b) {
    for (std::size_t d = 0; d < 7; ++d) a[d] /= b[d];
    return a;
}
inline long long input_words(const factors& f) { return f[N] * f[C] * (f[P] + f[R] - 1) * (f[Q] + f[S] - 1); }
inline long long weight_words(const factors& f) { return f[R] * f[S] * f[C] * f[K]; }
inline long long output_words(const factors& f) { return f[P] * f[Q] * f[K] * f[N]; }
inline long long words(const factors& f) { return input_words(f) + weight_words(f) + output_words(f); }

struct kid {
    factors value;
    int raised;
};
inline std::vector<kid> kids(const factors& node, const factors& full) {
    std::vector<kid> result;
    for (std::size_t d = 0; d < 7; ++d)
        for (long long next = node[d] + 1; next <= full[d]; ++next)
            if (full[d] % next == 0) {
                result.push_back({node, static_cast<int>(d)});
                result.back().value[d] = next;
                break;
            }
    return result;
}

struct limits {
    bool partial = false;
    long long more_than = 0;
    loops prior{};
};
inline std::vector<factors> exact(const factors& full, long long target, const loops& allowed, const limits& l = {}) {
    std::vector<factors> out;
    std::deque<factors> queue{ones};
    std::set<factors> seen{ones};
    for (; !queue.empty(); queue.pop_front()) {
        const auto node = queue.front();
        if (product(node) == target) {
            out.push_back(node);
            continue;
        }
        bool any = false;
        for (const auto& k : kids(node, full)) {
            if (!allowed.count(k.raised) || product(k.value) > target) continue;
            if (!l.prior.empty()) {
                bool complete = true;
                for (const int d : l.prior) complete = complete && k.value[static_cast<std::size_t>(d)] == full[static_cast<std::size_t>(d)];
                if (!complete && product(k.value, l.prior) < product(k.value, without(l.prior))) continue;
            }
            any = true;
            if (seen.insert(k.value).second) queue.push_back(k.value);
        }
        if (l.partial && !any && product(node) > l.more_than) out.push_back(node);
    }
    return out;
}

inline std::vector<factors> fallback(const factors& full, long long target, const loops& own) {
    auto result = exact(full, target, own, {.partial = true});
    auto mixed = exact(full, target, all, {.prior = own});
    if (mixed.empty()) {
        long long least = product(result.at(0));
        for (const auto& f : result) least = std::min(least, product(f));
        mixed = exact(full, target, all, {.partial = true, .more_than = least});
    }
    result.insert(result.end(), mixed.begin(), mixed.end());
    return result;
}

inline std::vector<std::pair<factors, std::size_t>> unroll(const factors& full, long long width, long long depth) {
    const std::array<loops, 3> own{without({K}), loops{C, K, R, S}, loops{N, K, P, Q}};
    std::vector<std::pair<factors, std::size_t>> out;
    for (int round = 0; round < 2 && out.empty(); ++round)
        for (std::size_t t = 0; t < 3; ++t) {
            auto xs = exact(full, width, own[t]);
            if (xs.empty() && round == 0) continue;
            if (xs.empty()) xs = fallback(full, width, own[t]);
            std::set<factors> emitted;
            for (const auto& x : xs) {
                auto ys = exact(over(full, x), depth, own[t]);
                if (ys.empty()) ys = fallback(over(full, x), depth, own[t]);
                for (const auto& y : ys)
                    if (emitted.insert(times(x, y)).second) out.emplace_back(times(x, y), t);
            }
        }
    return out;
}

inline std::vector<factors> register_tiles(const factors& full, long long capacity, std::size_t kept) {
    const std::array<std::vector<loops>, 3> graphs{{{without({K})}, {without({N, P}), without({N, Q})}, {without({C, R}), without({C, S})}}};
    struct state {
        factors node;
        std::vector<loops> graphs;
    };
    std::vector<factors> out;
    std::deque<state> queue{{ones, graphs[kept]}};
    std::set<factors> seen{ones};
    for (; !queue.empty(); queue.pop_front()) {
        const auto [node, own] = queue.front();
        const auto next = kids(node, full);
        std::vector<std::vector<loops>> inherited(next.size());
        bool stuck = false;
        for (const auto& graph : own) {
            std::vector<std::size_t> usable, fitting;
            for (std::size_t i = 0; i < next.size(); ++i)
                if (words(next[i].value) <= capacity) {
                    fitting.push_back(i);
                    if (graph.count(next[i].raised)) usable.push_back(i);
                }
            if (usable.empty()) usable = fitting;
            stuck = stuck || usable.empty();
            for (const std::size_t i : usable) inherited[i].push_back(graph);
        }
        if (stuck) out.push_back(node);
        for (std::size_t i = 0; i < next.size(); ++i)
            if (seen.insert(next[i].value).second && !inherited[i].empty()) queue.push_back({next[i].value, inherited[i]});
    }
    return out;
}

template <class Fits>
std::vector<factors> grow(const factors& full, const factors& small, Fits fits) {
    std::vector<factors> out{ones};
    std::deque<factors> queue{ones};
    std::set<factors> seen{ones};
    for (; !queue.empty(); queue.pop_front()) {
        bool any = false;
        for (const auto& k : kids(queue.front(), full)) {
            if (!fits(times(k.value, small))) continue;
            any = true;
            if (seen.insert(k.value).second) queue.push_back(k.value);
        }
        if (!any) out.push_back(queue.front());
    }
    std::erase_if(out, [&](const factors& f) { return !fits(times(f, small)); });
    return out;
}

struct level {
    factors value;
    bool spatial;
};
struct price {
    double product, cycles, energy;
};

/// Cost of the levels given, the last of which is the outermost.
inline price cost(const std::vector<level>& levels, const factors& bounds, const mapping_target& t, bool bandwidth) {
    struct order {
        std::array<std::vector<int>, 3> reuse;
    };
    static const std::vector<order> orders{{{{{K, P}, {}, {}}}},     {{{{K, Q}, {}, {}}}},     {{{{K, R}, {}, {}}}},     {{{{K, S}, {}, {}}}},
                                           {{{{P}, {N, P, Q}, {}}}}, {{{{Q}, {N, P, Q}, {}}}}, {{{{R}, {}, {C, R, S}}}}, {{{{S}, {}, {C, R, S}}}}};
    static const std::array<loops, 3> reusing{loops{K}, loops{N, P, Q}, loops{C, R, S}};
    const std::array<double, 4> access{t.register_energy, t.l2_energy, t.glb_energy, t.dram_energy};
    const std::array<int, 3> words_per_cycle{t.l2_bandwidth, t.glb_bandwidth, t.dram_bandwidth};
    const auto macs = static_cast<double>(product(bounds)), outputs = static_cast<double>(output_words(bounds));
    double active = 1;
    for (const auto& l : levels)
        if (l.spatial) active *= static_cast<double>(product(l.value));
    double cycles = macs / active, energy = 0;
    factors inner = ones;
    std::size_t temporal = 0;
    for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
        inner = times(inner, levels[i].value);
        if (levels[i].spatial) continue;
        const double outer = static_cast<double>(product(over(bounds, inner)));
        const auto array = levels[i + 1].spatial ? levels[i + 1].value : ones;
        const auto up = levels[i + 1].spatial ? levels[i + 2].value : levels[i + 1].value;
        std::array<double, 3> shared{};
        for (std::size_t x = 0; x < 3; ++x) shared[x] = static_cast<double>(product(array, reusing[x]));
        if (temporal == 0)
            energy = t.mac_energy * macs + (access[1] * macs / shared[0] + macs * access[0] + (2 * macs - outputs) * access[1] / shared[2]);
        const double low = access[temporal], high = access[temporal + 1];
        const double low_io = temporal == 0 ? 0 : low, high_io = temporal == 0 ? 0 : high;
        std::optional<price> best;
        for (const auto& o : orders) {
            std::array<double, 3> w{};
            for (std::size_t x = 0; x < 3; ++x) {
                const double base = static_cast<double>(x == 0 ? input_words(inner) : x == 1 ? weight_words(inner) : output_words(inner)) * outer;
                const auto& reuse = o.reuse[x];
                long long q = 1;
                if (x == 0 && !reuse.empty()) {
                    const auto slide = static_cast<std::size_t>(reuse.back());
                    const auto pair = static_cast<std::size_t>(slide == P ? R : slide == R ? P : slide == Q ? S : Q);
                    w[x] = base;
                    if (array[slide] != 1 || array[pair] != 1) continue;
                    factors enlarged = inner;
                    enlarged[slide] *= up[slide];
                    for (const int d : reuse) q *= up[static_cast<std::size_t>(d)];
                    w[x] = static_cast<double>(static_cast<long long>(static_cast<double>(input_words(enlarged)) * outer / static_cast<double>(q)));
                    continue;
                }
                bool covered = true;
                for (const int d : all) covered = covered && (up[static_cast<std::size_t>(d)] == 1 || reusing[x].count(d));
                if (covered) q = product(up);
                else
                    for (const int d : reuse) q *= up[static_cast<std::size_t>(d)];
                w[x] = static_cast<double>(static_cast<long long>(base / static_cast<double>(q)));
            }
            std::array<double, 3> above{};
            for (std::size_t x = 0; x < 3; ++x) above[x] = static_cast<double>(static_cast<long long>(w[x] / shared[x]));
            double x = 0;
            x += low_io * w[0];
            x += high_io * above[0];
            x += low * w[1];
            x += high * above[1];
            x += low_io * (w[2] - outputs);
            x += high_io * (above[2] - outputs);
            x += high_io * above[2];
            double y = cycles;
            if (bandwidth) {
                y = std::max(y, (above[0] + above[1] + (above[2] - outputs)) / words_per_cycle[temporal]);
                y = std::max(y, above[2] / words_per_cycle[temporal]);
            }
            if (!best || (energy + x) * y < best->product) best = price{(energy + x) * y, y, x};
        }
        energy += best->energy;
        cycles = std::max(cycles, best->cycles);
        ++temporal;
    }
    return {energy * cycles, cycles, energy};
}

/// The mapping found, or nothing.
inline std::optional<mapping> search(const loop_bounds& nest, const mapping_target& t) {
    factors bounds{};
    for (std::size_t d = 0; d < 7; ++d) bounds[d] = nest.extent[d];
    struct first {
        factors tile, array, rest;
        price cost;
    };
    std::vector<first> inner;
    for (const auto& [array, kept] : unroll(bounds, t.width, t.depth))
        for (const auto& tile : register_tiles(over(bounds, array), t.register_words, kept)) {
            const auto rest = over(over(bounds, array), tile);
            inner.push_back({tile, array, rest, cost({{tile, false}, {array, true}, {rest, false}}, bounds, t, true)});
        }
    ::stable_sort(inner, [](const first& a, const first& b) {
        return std::tie(a.cost.product, a.cost.cycles, a.cost.energy) < std::tie(b.cost.product, b.cost.cycles, b.cost.energy);
    });
    struct second {
        factors tile, array, l2, grid, rest;
        price cost;
    };
    std::vector<second> outer;
    std::optional<double> best;
    for (const auto& in : inner) {
        if (best && in.cost.product / (t.cores_x * t.cores_y) > *best) break;
        for (const auto& [grid, kept] : unroll(in.rest, t.cores_x, t.cores_y)) {
            const auto full = over(in.rest, grid);
            const auto fits = [&](const factors& f) { return std::max({input_words(f), weight_words(f), output_words(f)}) <= t.l2_words; };
            for (const auto& l2 : grow(full, times(in.tile, in.array), fits)) {
                const auto rest = over(full, l2);
                const auto c = cost({{in.tile, false}, {in.array, true}, {l2, false}, {grid, true}, {rest, false}}, bounds, t, false);
                if (!best || c.product < *best) best = c.product;
                outer.push_back({in.tile, in.array, l2, grid, rest, c});
            }
        }
    }
    ::stable_sort(outer, [](const second& a, const second& b) { return a.cost.product < b.cost.product; });
    struct third {
        std::array<factors, 6> levels;
        price cost;
    };
    std::optional<third> found;
    const auto macs = static_cast<double>(product(bounds));
    for (std::size_t worker = 0; worker < 8; ++worker) {
        std::optional<third> own;
        for (std::size_t i = worker; i < outer.size(); i += 8) {
            const auto& o = outer[i];
            const double active = static_cast<double>(product(o.array) * product(o.grid));
            if (own && o.cost.product + static_cast<double>(words(bounds)) * (t.glb_energy + t.dram_energy) * macs / active > own->cost.product)
                break;
            const auto small = times(times(o.tile, o.array), times(o.l2, o.grid));
            for (const auto& glb : grow(o.rest, small, [&](const factors& f) { return words(f) <= t.glb_words; })) {
                const auto rest = over(o.rest, glb);
                const auto c = cost({{o.tile, false}, {o.array, true}, {o.l2, false}, {o.grid, true}, {glb, false}, {rest, false}}, bounds, t, true);
                if (!own || c.product < own->cost.product) own = third{{o.tile, o.array, o.l2, o.grid, glb, rest}, c};
            }
        }
        if (own && (!found || own->cost.product < found->cost.product)) found = own;
    }
    if (!found) return std::nullopt;
    mapping result{found->cost.cycles, found->cost.energy, {}};
    for (std::size_t l = 0; l < 6; ++l)
        for (std::size_t d = 0; d < 7; ++d) result.levels[l][d] = static_cast<int>(found->levels[l][d]);
    return result;
}

} // namespace oracle
