#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/elimination.hpp>
#include <verdant/space/index_view.hpp>
#include <verdant/space/linear_constraint.hpp>
#include <verdant/space/structure.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace verdant::detail {

/// Exact counting of a group whose constraints sum over many parameters, such as `depth.0 + ... + depth.11 <= 4`: dynamic programming, parameter
/// after parameter. A state is all that the rest depends on: the partial sum of each constraint that is a sum, and the values that other constraints
/// and conditions will still read. Sums that no rest can bring above, or below, their bound are one state.
template <class Deferred = instantiated_when_used>
class basic_summed_group {
    using linear_constraint = basic_linear_constraint<Deferred>;

public:
    /// States times values are not more than this in all.
    static constexpr std::size_t entry_limit = std::size_t{1} << 20U;

    /// @return nothing where there are too many states
    [[nodiscard]] static std::optional<basic_summed_group> make(const space_view& space, const structure_view& structure, std::size_t group) {
        basic_summed_group g;
        g.members_ = structure.members(group);
        for (const auto p : g.members_) g.add_constraints(space, structure, p);
        if (g.sums_.empty()) return std::nullopt;
        g.plan(space);
        if (!g.walk(space)) return std::nullopt;
        g.count_backwards();
        return g;
    }

    /// Whether any combination is feasible.
    [[nodiscard]] bool feasible() const noexcept { return feasible_; }
    /// The exact number of feasible combinations, where no count on the way passed 2^53.
    [[nodiscard]] std::optional<std::uint64_t> count() const {
        if (!feasible_) return 0;
        if (!exact_) return std::nullopt;
        return static_cast<std::uint64_t>(ways_of_all_ * power_of_two(exponent_));
    }

    /// As `eliminated_group::weights`.
    template <class Indices>
    [[nodiscard]] std::span<const double> weights(std::size_t member, const Indices& indices) const {
        std::uint32_t state = 0;
        for (std::size_t m = 0; m < member && state != dead; ++m) state = levels_[m].next[state * levels_[m].values + indices[members_[m]]];
        return row(member, state);
    }

    /// Draws all members, uniformly over the feasible combinations. @pre feasible()
    void sample(index_writer indices, random_stream& random) const {
        std::uint32_t state = 0;
        for (std::size_t m = 0; m < members_.size(); ++m) {
            const auto chosen = draw_weighted(row(m, state), random);
            indices[members_[m]] = static_cast<std::uint32_t>(chosen);
            state = levels_[m].next[state * levels_[m].values + chosen];
        }
    }

private:
    static constexpr auto dead = ~std::uint32_t{0};
    using key = deferred<std::vector<std::int64_t>, Deferred>;

    struct partial_sum {
        linear_constraint constraint;
        key least, most;      ///< before each member and after the last one: what the rest can add
        std::size_t last = 0; ///< member that it depends on
    };
    struct level {
        std::size_t values = 0;
        std::vector<std::uint32_t> kept;   ///< members whose values are part of the state before this one
        std::vector<std::uint32_t> due;    ///< other constraints that this one decides
        std::vector<std::uint32_t> next;   ///< a row a state, an entry a value
        std::vector<double> weight;        ///< as `next`: in how many ways, up to a factor, the rest can follow
    };

    /// States by number, each once. By hand, since a map costs every search more to compile than all else here.
    class state_table {
    public:
        [[nodiscard]] std::uint32_t number_of(key&& state) {
            if (2 * states.size() >= slots_.size()) grow();
            auto& slot = slot_of(state);
            if (slot == dead) {
                slot = static_cast<std::uint32_t>(states.size());
                states.push_back(std::move(state));
            }
            return slot;
        }
        std::vector<key> states{};

    private:
        [[nodiscard]] std::uint32_t& slot_of(const key& state) {
            std::uint64_t hash = 0xcbf29ce484222325ULL;
            for (const auto part : state) hash = (hash ^ static_cast<std::uint64_t>(part)) * 0x9e3779b97f4a7c15ULL, hash ^= hash >> 29U;
            auto at = static_cast<std::size_t>(hash) & (slots_.size() - 1);
            while (slots_[at] != dead && states[slots_[at]] != state) at = (at + 1) & (slots_.size() - 1);
            return slots_[at];
        }
        void grow() {
            slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), dead);
            for (std::uint32_t s = 0; s < states.size(); ++s) slot_of(states[s]) = s;
        }
        std::vector<std::uint32_t> slots_{}; ///< a power of two of them
    };

    void add_constraints(const space_view& space, const structure_view& structure, std::uint32_t p) {
        auto& here = levels_.emplace_back();
        here.values = space.domain_size(p);
        for (const auto c : structure.due(p)) {
            auto sum = linear_constraint::of(space, space.constraint(c));
            if (sum && sum->parameters().size() > 2) sums_.push_back({std::move(*sum), {}, {}, 0});
            else here.due.push_back(c);
        }
    }

    [[nodiscard]] std::size_t place_of(std::uint32_t p) const {
        return static_cast<std::size_t>(std::lower_bound(members_.begin(), members_.end(), p) - members_.begin());
    }

    /// Which values have to be kept, and what the rest of each sum can be.
    void plan(const space_view& space) {
        const auto n = members_.size();
        deferred<std::vector<std::size_t>, Deferred> used(n, 0); // by the last member that reads it
        const auto read = [&](std::span<const instruction> code, std::size_t by) {
            for (const auto& step : code)
                if (step.code == opcode::variable) {
                    auto& last = used[place_of(static_cast<std::uint32_t>(step.operand))];
                    last = std::max(last, by);
                }
        };
        for (std::size_t m = 0; m < n; ++m) {
            if (space.conditional(members_[m])) read(space.guard(members_[m]), m);
            for (const auto c : levels_[m].due) read(space.constraint(c), m);
        }
        for (std::size_t m = 0; m < n; ++m)
            for (std::size_t k = 0; k < m; ++k)
                if (used[k] >= m) levels_[m].kept.push_back(static_cast<std::uint32_t>(k));
        for (auto& s : sums_) {
            s.least.resize(n + 1), s.most.resize(n + 1);
            s.last = place_of(s.constraint.parameters().back());
            auto k = s.constraint.parameters().size();
            for (auto m = n; m-- > 0;) {
                s.least[m] = s.least[m + 1], s.most[m] = s.most[m + 1];
                if (k == 0 || s.constraint.parameters()[k - 1] != members_[m]) continue;
                bool some = false;
                std::int64_t low = 0, high = 0;
                for (const auto v : s.constraint.values(--k)) {
                    if (v == linear_constraint::undefined) continue;
                    low = some ? std::min(low, v) : v, high = some ? std::max(high, v) : v;
                    some = true;
                }
                s.least[m] += low, s.most[m] += high;
            }
        }
    }

    /// What stands for a partial sum before member `m`; false where the constraint can no longer hold.
    [[nodiscard]] static bool settle(const partial_sum& s, std::size_t m, std::int64_t& sum) {
        using relation = linear_constraint::relation;
        if (sum == linear_constraint::undefined) return true; // it differs, whatever follows
        const bool above = sum + s.least[m] > 0, below = sum + s.most[m] < 0;
        switch (s.constraint.how()) {
        case relation::at_most:
            sum = std::max(sum, -s.most[m]);
            return !above;
        case relation::equal: return !above && !below;
        default:
            if (above || below) sum = linear_constraint::undefined;
            return above || below || s.least[m] != s.most[m];
        }
    }

    /// All states that can be reached, and where each value leads.
    [[nodiscard]] bool walk(const space_view& space) {
        std::vector<std::uint32_t> indices(space.size(), 0);
        std::vector<key> states{start()};
        std::size_t entries = 0;
        for (std::size_t m = 0; m < members_.size(); ++m) {
            auto& here = levels_[m];
            entries += states.size() * here.values;
            if (entries > entry_limit) return false;
            here.next.assign(states.size() * here.values, dead);
            state_table following;
            for (std::size_t s = 0; s < states.size(); ++s) {
                for (std::size_t k = 0; k < here.kept.size(); ++k) indices[members_[here.kept[k]]] = static_cast<std::uint32_t>(states[s][k]);
                const std::span<const std::int64_t> sums{states[s].data() + here.kept.size(), sums_.size()};
                for (std::size_t v = 0; v < here.values; ++v) {
                    key then;
                    if (!step(space, m, v, indices, sums, then)) continue;
                    here.next[s * here.values + v] = following.number_of(std::move(then));
                }
                if (entries + following.states.size() > entry_limit) return false;
            }
            states = std::move(following.states);
        }
        return true;
    }
    [[nodiscard]] key start() const {
        key sums;
        for (const auto& s : sums_) sums.push_back(s.constraint.constant());
        return sums;
    }

    /// The state after a value of member `m`; false where it breaks something.
    [[nodiscard]] bool step(const space_view& space, std::size_t m, std::size_t v, std::vector<std::uint32_t>& indices,
                            std::span<const std::int64_t> sums, key& then) const {
        const auto p = members_[m];
        indices[p] = static_cast<std::uint32_t>(v);
        if (v != 0 && !space.active(p, indices)) return false;
        for (const auto c : levels_[m].due)
            if (!space.holds(c, indices)) return false;
        if (m + 1 < members_.size())
            for (const auto k : levels_[m + 1].kept) then.push_back(indices[members_[k]]);
        for (std::size_t s = 0; s < sums_.size(); ++s) {
            if (m > sums_[s].last) { // decided before
                then.push_back(0);
                continue;
            }
            auto sum = sums[s];
            const auto parameters = sums_[s].constraint.parameters();
            const auto at = std::lower_bound(parameters.begin(), parameters.end(), p);
            if (at != parameters.end() && *at == p) {
                const auto added = sums_[s].constraint.values(static_cast<std::size_t>(at - parameters.begin()))[v];
                if (added == linear_constraint::undefined) return false;
                if (sum != linear_constraint::undefined) sum += added;
            }
            if (!settle(sums_[s], m + 1, sum)) return false;
            then.push_back(m == sums_[s].last ? 0 : sum);
        }
        return true;
    }

    void count_backwards() {
        std::vector<double> ways{1}; // of each state, up to a power of two
        for (auto m = members_.size(); m-- > 0;) {
            auto& here = levels_[m];
            here.weight.resize(here.next.size());
            std::vector<double> sums(here.next.size() / here.values, 0);
            double largest = 0;
            for (std::size_t e = 0; e < here.next.size(); ++e) {
                here.weight[e] = here.next[e] == dead ? 0 : ways[here.next[e]];
                auto& sum = sums[e / here.values];
                largest = std::max(largest, sum += here.weight[e]);
            }
            if (largest > 0) {
                const auto taken = static_cast<int>(std::bit_cast<std::uint64_t>(largest) >> 52U) - 1023;
                exponent_ += taken;
                exact_ = exact_ && exponent_ < 52;
                for (auto& w : sums) w = product_above_zero(w, power_of_two(-taken));
            }
            ways = std::move(sums);
        }
        ways_of_all_ = ways.front();
        feasible_ = ways_of_all_ > 0;
        for (std::size_t m = 0; m < levels_.size(); ++m) none_.resize(std::max(none_.size(), levels_[m].values));
    }

    [[nodiscard]] std::span<const double> row(std::size_t m, std::uint32_t state) const {
        const auto n = levels_[m].values;
        return {state == dead ? none_.data() : levels_[m].weight.data() + state * n, n};
    }

    std::span<const std::uint32_t> members_;
    std::vector<partial_sum> sums_;
    std::vector<level> levels_; ///< of each member
    std::vector<double> none_;  ///< zeros
    double ways_of_all_ = 0;
    int exponent_ = 0;
    bool feasible_ = false, exact_ = true;
};
using summed_group = basic_summed_group<>;

} // namespace verdant::detail
