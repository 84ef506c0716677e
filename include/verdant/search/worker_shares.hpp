#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What the worker processes of a run consumed, by their own meters.
namespace verdant::detail {

/// Adds up what workers say with their results. What several meters count counts once, such as RAPL's counters of a machine or a process and its
/// children: for the process that searches, where it counts all of it, else for the worker that counted most, so that there is at least what is said.
/// Where the process that searches counts only a part of what a worker does, both count, and the share says so.
/// @tparam Worker, Row as they are: names, so that lists of them are compiled only where this is used
template <class Worker = worker_consumption, class Row = search_consumption>
class basic_worker_shares {
public:
    void add(const Worker& more) {
        const auto known = std::find_if(all_.begin(), all_.end(), [&more](const Worker& w) { return w.worker == more.worker; });
        if (known == all_.end()) return all_.push_back(more);
        known->used += nameless(more.used);
    }
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }

    /// A row for each worker, see `search_consumption::runs`. @param own what the meter of the process that searches counts
    /// @param twice becomes true where a part of a share is in `own`, too; may be null
    [[nodiscard]] std::vector<Row> rows(const metered_scope& own, bool* twice = nullptr) const;

private:
    [[nodiscard]] static Row nameless(Row one) {
        one.method.clear();
        return one;
    }

    /// Whether `holds` of one of the counters of a scope.
    template <class Holds>
    [[nodiscard]] static bool some(std::string_view scope, const Holds& holds) {
        while (!scope.empty()) {
            const auto one = scope.substr(0, scope.find('\n'));
            if (holds(one)) return true;
            scope.remove_prefix(std::min(one.size() + 1, scope.size()));
        }
        return false;
    }
    [[nodiscard]] static bool is_part(std::string_view one, std::string_view of) {
        return one.starts_with(of) && (one.size() == of.size() || one[of.size()] == '/');
    }
    /// Whether the second scope counts all that the first does.
    [[nodiscard]] static bool within(std::string_view mine, std::string_view whole) {
        return !mine.empty() &&
               !some(mine, [whole](std::string_view one) { return !some(whole, [one](std::string_view of) { return is_part(one, of); }); });
    }
    /// Whether both count something.
    [[nodiscard]] static bool overlap(std::string_view a, std::string_view b) {
        return some(
            a, [b](std::string_view one) { return some(b, [one](std::string_view other) { return is_part(one, other) || is_part(other, one); }); });
    }

    /// The workers by what they counted, the most first, and of equal ones the earlier.
    [[nodiscard]] std::vector<std::size_t> most_first(si::energy search_consumption::* energy) const {
        std::vector<std::size_t> order(all_.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const auto more = all_[a].used.*energy, less = all_[b].used.*energy;
            return more > less || (more == less && a < b);
        });
        return order;
    }

    std::vector<Worker> all_; ///< in the order in which they came
};

template <class Worker, class Row>
std::vector<Row> basic_worker_shares<Worker, Row>::rows(const metered_scope& own, bool* twice) const {
    std::vector<Row> out;
    std::vector<std::string> elsewhere(all_.size()), also(all_.size());
    for (const auto& one : all_) {
        out.push_back(one.used);
        out.back().took = {}; // it passed in the run
    }
    const auto part = [&](const char* what, std::string metered_scope::* scope, si::energy search_consumption::* energy) {
        std::vector<std::size_t> counted;
        for (const auto i : most_first(energy)) {
            const auto& mine = all_[i].scope.*scope;
            const auto shared = [&](std::size_t other) { return overlap(mine, all_[other].scope.*scope); };
            if (within(mine, own.*scope) || std::any_of(counted.begin(), counted.end(), shared)) {
                out[i].*energy = {};
                elsewhere[i] += (elsewhere[i].empty() ? "; " : ", ") + std::string{what};
                continue;
            }
            counted.push_back(i);
            if (!overlap(mine, own.*scope)) continue;
            also[i] += (also[i].empty() ? "; " : ", ") + std::string{what};
            if (twice != nullptr) *twice = true;
        }
    };
    part("processors", &metered_scope::processors, &search_consumption::processors);
    part("graphics", &metered_scope::graphics, &search_consumption::graphics);
    part("memory", &metered_scope::memory, &search_consumption::memory);
    for (std::size_t i = 0; i < out.size(); ++i) {
        auto& row = out[i];
        // Emissions are in proportion: the intensity is that of the worker's place.
        if (const auto before = all_[i].used.energy(); row.energy() != before) row.emitted = row.emitted * (row.energy().value() / before.value());
        row.method = all_[i].worker + "; " + row.method + (elsewhere[i].empty() ? "" : elsewhere[i] + ": counted for another process") +
                     (also[i].empty() ? "" : also[i] + ": in part counted for the process that searches, too");
        row.runs = 0;
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<search_consumption> basic_worker_shares<>::rows(const metered_scope&, bool*) const);
using worker_shares = basic_worker_shares<>;

} // namespace verdant::detail
