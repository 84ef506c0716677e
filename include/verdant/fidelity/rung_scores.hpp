#pragma once

#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/crowding_distance.hpp>
#include <verdant/pareto/non_dominated_sort.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

namespace verdant {

/// In which order the members of a non-dominated front are taken where not all of it is.
enum class front_order : std::uint8_t {
    epsilon_net, ///< the one with the least first objective, then each time the one farthest from all before (Salinas, Perrone, Cruchant, Archambeau, 2021)
    crowding, ///< by descending crowding distance, as NSGA-II does
};

/// The trials that were measured at a rung, ranked: one objective by its value; several by the rank of their non-dominated front (Schmucker, Donini,
/// Zafar, Salinas, Archambeau, "Multi-objective asynchronous successive halving", arXiv 2106.12639, 2021), within a front by `front_order`. Those
/// that break constraints follow, by their violation. Ties go to the lower number. Failed ones count as measured and are never among the best.
template <class = instantiated_when_used>
class basic_rung_scores {
public:
    explicit basic_rung_scores(front_order order = front_order::epsilon_net) : order_{order} {}

    void add(const rung_score& s);
    /// How many were measured, failed ones among them.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// The best `k`, best first; fewer where fewer have values.
    [[nodiscard]] std::vector<std::uint64_t> best(std::size_t k) const;

    /// The best one among the best `k` that was not promoted; nothing where all were.
    [[nodiscard]] std::optional<std::uint64_t> promotable(std::size_t k);
    /// @pre `promotable` gave it
    void promote(std::uint64_t number);

private:
    struct key {
        double violation = 0, objective = 0;
        std::uint64_t number = 0;
        friend auto operator<=>(const key&, const key&) = default;
    };
    static void insert(std::vector<key>& keys, const key& one) { keys.insert(std::lower_bound(keys.begin(), keys.end(), one), one); }

    void best_of_fronts(std::size_t k, std::vector<std::uint64_t>& found) const;

    static void by_crowding(pareto::objective_rows rows, std::vector<std::uint32_t>& front);

    /// Brings the first `wanted` to the front. Objectives are scaled to their range within the front.
    void by_distance(std::vector<std::uint32_t>& front, std::size_t wanted) const;

    front_order order_;
    std::size_t size_ = 0, objectives_ = 1;
    std::vector<key> waiting_, promoted_keys_; ///< of one objective, sorted
    std::vector<std::uint64_t> numbers_; ///< of several
    std::vector<double> rows_, violations_;
    std::unordered_set<std::uint64_t> promoted_;
    bool known_ = false; ///< `first_` is that of `known_for_`
    std::size_t known_for_ = 0;
    std::optional<std::uint64_t> first_;
};
/// The trials of a rung, see `basic_rung_scores`.
using rung_scores = basic_rung_scores<>;

template <class Deferred>
void basic_rung_scores<Deferred>::add(const rung_score& s) {
    ++size_;
    if (!s.usable()) return;
    objectives_ = s.objectives.size();
    if (objectives_ == 1) insert(waiting_, {std::max(s.violation, 0.0), s.objectives[0], s.number});
    else {
        numbers_.push_back(s.number);
        rows_.insert(rows_.end(), s.objectives.begin(), s.objectives.end());
        violations_.push_back(s.violation);
        known_ = false;
    }
}

template <class Deferred>
std::vector<std::uint64_t> basic_rung_scores<Deferred>::best(std::size_t k) const {
    std::vector<std::uint64_t> found;
    if (objectives_ == 1) {
        std::vector<key> all;
        std::merge(waiting_.begin(), waiting_.end(), promoted_keys_.begin(), promoted_keys_.end(), std::back_inserter(all));
        for (std::size_t i = 0; i < std::min(k, all.size()); ++i) found.push_back(all[i].number);
    } else if (!numbers_.empty()) best_of_fronts(k, found);
    return found;
}

template <class Deferred>
std::optional<std::uint64_t> basic_rung_scores<Deferred>::promotable(std::size_t k) {
    if (objectives_ == 1) {
        if (waiting_.empty()) return std::nullopt;
        // All that are better were promoted: how many that are is the place.
        const auto place = std::lower_bound(promoted_keys_.begin(), promoted_keys_.end(), waiting_.front()) - promoted_keys_.begin();
        return static_cast<std::size_t>(place) < k ? std::optional{waiting_.front().number} : std::nullopt;
    }
    if (!known_ || known_for_ != k) {
        known_ = true;
        known_for_ = k;
        first_ = std::nullopt;
        for (const auto number : best(k))
            if (!promoted_.contains(number)) {
                first_ = number;
                break;
            }
    }
    return first_;
}

template <class Deferred>
void basic_rung_scores<Deferred>::promote(std::uint64_t number) {
    known_ = false;
    if (objectives_ == 1) {
        insert(promoted_keys_, waiting_.front());
        waiting_.erase(waiting_.begin());
    } else promoted_.insert(number);
}

template <class Deferred>
void basic_rung_scores<Deferred>::best_of_fronts(std::size_t k, std::vector<std::uint64_t>& found) const {
    const pareto::objective_rows rows{rows_, objectives_};
    pareto::non_dominated_sorter sorter;
    sorter.sort(rows, violations_);
    for (std::size_t f = 0; f < sorter.fronts() && found.size() < k; ++f) {
        auto front = std::vector<std::uint32_t>(sorter.front(f).begin(), sorter.front(f).end());
        std::sort(front.begin(), front.end(), [&](auto a, auto b) { return numbers_[a] < numbers_[b]; });
        const auto wanted = std::min(k - found.size(), front.size());
        if (front.size() > 1) order_ == front_order::crowding ? by_crowding(rows, front) : by_distance(front, wanted);
        for (std::size_t i = 0; i < wanted; ++i) found.push_back(numbers_[front[i]]);
    }
}

template <class Deferred>
void basic_rung_scores<Deferred>::by_crowding(pareto::objective_rows rows, std::vector<std::uint32_t>& front) {
    std::vector<double> distances(front.size());
    pareto::crowding_distance{}(rows, front, distances);
    std::vector<std::size_t> order(front.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return distances[a] != distances[b] ? distances[a] > distances[b] : a < b; });
    std::vector<std::uint32_t> sorted;
    for (const auto i : order) sorted.push_back(front[i]);
    front = std::move(sorted);
}

template <class Deferred>
void basic_rung_scores<Deferred>::by_distance(std::vector<std::uint32_t>& front, std::size_t wanted) const {
    const auto m = objectives_;
    std::vector<double> low(m, std::numeric_limits<double>::infinity()), high(m, -std::numeric_limits<double>::infinity());
    for (const auto i : front)
        for (std::size_t o = 0; o < m; ++o) low[o] = std::min(low[o], rows_[i * m + o]), high[o] = std::max(high[o], rows_[i * m + o]);
    const auto scaled = [&](std::uint32_t i, std::size_t o) { return high[o] > low[o] ? (rows_[i * m + o] - low[o]) / (high[o] - low[o]) : 0.0; };
    std::vector<double> nearest(front.size(), std::numeric_limits<double>::infinity());
    std::size_t next = 0;
    for (std::size_t i = 1; i < front.size(); ++i)
        if (rows_[front[i] * m] < rows_[front[next] * m]) next = i;
    for (std::size_t taken = 0;;) {
        // The order of those that are left stays, so that ties go to the lower number.
        std::rotate(front.begin() + static_cast<std::ptrdiff_t>(taken), front.begin() + static_cast<std::ptrdiff_t>(next),
                    front.begin() + static_cast<std::ptrdiff_t>(next) + 1);
        std::rotate(nearest.begin() + static_cast<std::ptrdiff_t>(taken), nearest.begin() + static_cast<std::ptrdiff_t>(next),
                    nearest.begin() + static_cast<std::ptrdiff_t>(next) + 1);
        if (++taken >= wanted) return;
        next = taken;
        for (std::size_t i = taken; i < front.size(); ++i) {
            double sum = 0;
            for (std::size_t o = 0; o < m; ++o) sum += std::pow(scaled(front[i], o) - scaled(front[taken - 1], o), 2);
            nearest[i] = std::min(nearest[i], sum);
            if (nearest[i] > nearest[next]) next = i;
        }
    }
}
VERDANT_DEFINED_ONCE(class basic_rung_scores<>);

} // namespace verdant
