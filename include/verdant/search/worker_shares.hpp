#pragma once

#include <verdant/search/search_consumption.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

/// What the worker processes of a run consumed, by their own meters.
namespace verdant::detail {

/// Adds up what workers say with their results. Where several meters count the same of one machine, such as its memory or RAPL's counters, it counts once: for the
/// process that searches, if it is one of them, else for the worker that counted most, so that a machine has at least what is said.
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
    [[nodiscard]] std::vector<Row> rows(const metered_scope& own) const {
        std::vector<Row> out;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            auto row = all_[i].used;
            std::string elsewhere;
            const auto drop = [&](const char* what, std::string metered_scope::* scope, si::energy search_consumption::* energy) {
                if (counts(i, own, scope, energy)) return;
                row.*energy = {};
                elsewhere += (elsewhere.empty() ? "; " : ", ") + std::string{what};
            };
            drop("processors", &metered_scope::processors, &search_consumption::processors);
            drop("graphics", &metered_scope::graphics, &search_consumption::graphics);
            drop("memory", &metered_scope::memory, &search_consumption::memory);
            // Emissions are in proportion: the intensity is that of the worker's place.
            if (const auto before = all_[i].used.energy(); row.energy() != before)
                row.emitted = row.emitted * (row.energy().value() / before.value());
            row.method = all_[i].worker + "; " + row.method +
                         (elsewhere.empty() ? "" : elsewhere + ": of the whole machine, and counted for another of its processes");
            row.runs = 0;
            out.push_back(row);
        }
        return out;
    }

private:
    [[nodiscard]] static Row nameless(Row one) {
        one.method.clear();
        return one;
    }

    /// Whether what worker i counted is nobody else's.
    [[nodiscard]] bool counts(std::size_t i, const metered_scope& own, std::string metered_scope::* scope,
                              si::energy search_consumption::* energy) const {
        const auto& mine = all_[i].scope.*scope;
        if (mine.empty()) return true;
        if (mine == own.*scope) return false;
        for (std::size_t j = 0; j < all_.size(); ++j)
            if (j != i && all_[j].scope.*scope == mine)
                if (all_[j].used.*energy > all_[i].used.*energy || (all_[j].used.*energy == all_[i].used.*energy && j < i)) return false;
        return true;
    }

    std::vector<Worker> all_; ///< in the order in which they came
};
using worker_shares = basic_worker_shares<>;

} // namespace verdant::detail
