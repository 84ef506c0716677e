#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_columns.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Whether a front that was kept is that of its trials. Values may have been rounded by whoever wrote them; those that are equal count as equal.
namespace verdant::detail {

/// Trials by their objectives, row by row, to be minimised.
struct objective_table {
    std::size_t objectives = 0;
    std::vector<double> values{};
    std::vector<std::uint64_t> trials{};

    [[nodiscard]] const double* row(std::size_t i) const { return values.data() + i * objectives; }
    [[nodiscard]] bool before(std::size_t a, std::size_t b) const {
        return std::lexicographical_compare(row(a), row(a) + objectives, row(b), row(b) + objectives);
    }
};

/// The largest value that is surely below that one, and the largest that may be it or below, where values were rounded.
[[nodiscard]] inline double surely_below(double value) { return value - 1e-9 * std::abs(value); }
[[nodiscard]] inline double perhaps_at(double value) { return value + 1e-9 * std::abs(value); }

/// Whether a dominates b, whatever was rounded.
[[nodiscard]] inline bool surely_dominates(std::span<const double> a, const double* b) {
    bool better = false;
    for (std::size_t o = 0; o < a.size(); ++o) {
        if (a[o] == b[o]) continue;
        if (!(a[o] < surely_below(b[o]))) return false;
        better = true;
    }
    return better;
}

/// Who may dominate or equal whom, among the trials of a front of one or two objectives: the lowest second objective of all whose first is low
/// enough.
class front_sweep {
public:
    template <class = instantiated_when_used>
    explicit front_sweep(const objective_table& on) : on_{&on}, order_(on.trials.size()), lowest_(on.trials.size()) {
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return on.before(a, b); });
        for (std::size_t i = 0; i < order_.size(); ++i)
            lowest_[i] = i > 0 && second(lowest_[i - 1]) <= second(order_[i]) ? lowest_[i - 1] : order_[i];
    }

    /// Of the trials whose first objective is at most that, the one with the lowest second; nothing where there is none.
    [[nodiscard]] std::optional<std::size_t> lowest(double first) const {
        const auto end = std::partition_point(order_.begin(), order_.end(), [&](std::size_t i) { return on_->row(i)[0] <= first; });
        if (end == order_.begin()) return std::nullopt;
        return lowest_[static_cast<std::size_t>(end - order_.begin()) - 1];
    }
    /// The second objective of a trial, 0 where there is one.
    [[nodiscard]] double second(std::size_t i) const { return on_->objectives > 1 ? on_->row(i)[1] : 0.0; }

private:
    const objective_table* on_;
    std::vector<std::size_t> order_, lowest_;
};

/// Throws input_error where a trial of the front surely is dominated by another of it, or one beside the front surely is not. Of one or two
/// objectives in a sweep, in which a trial that is dominated by less than what may be rounding can be passed over; of more pair by pair, unless these
/// are more than 10^8.
template <class = instantiated_when_used>
void require_domination(const objective_table& on, const objective_table& off, std::string_view source) {
    const auto dominated = [&](std::size_t by, std::size_t i) {
        throw input_error{source, "front", "trials that no other dominates",
                          "trial " + std::to_string(on.trials[i]) + ", which trial " + std::to_string(on.trials[by]) + " dominates"};
    };
    const auto missing = [&](std::size_t i) {
        throw input_error{source, "front", "all trials that no other dominates", "none like trial " + std::to_string(off.trials[i])};
    };
    const auto objectives = on.objectives;
    if (objectives <= 2) {
        const front_sweep sweep{on};
        for (std::size_t i = 0; i < on.trials.size(); ++i)
            for (const double first : {surely_below(on.row(i)[0]), on.row(i)[0]})
                if (const auto k = sweep.lowest(first); k && surely_dominates({on.row(*k), objectives}, on.row(i))) dominated(*k, i);
        for (std::size_t i = 0; i < off.trials.size(); ++i) {
            const auto k = sweep.lowest(perhaps_at(off.row(i)[0]));
            if (!k || (objectives > 1 && sweep.second(*k) > perhaps_at(off.row(i)[1]))) missing(i);
        }
        return;
    }
    if (static_cast<double>(on.trials.size()) * static_cast<double>(on.trials.size() + off.trials.size()) > 1e8) return;
    for (std::size_t i = 0; i < on.trials.size(); ++i)
        for (std::size_t k = 0; k < on.trials.size(); ++k)
            if (surely_dominates({on.row(k), objectives}, on.row(i))) dominated(k, i);
    for (std::size_t i = 0; i < off.trials.size(); ++i) {
        const auto perhaps = [&](std::size_t k) {
            return std::equal(on.row(k), on.row(k) + objectives, off.row(i), [](double a, double b) { return a <= perhaps_at(b); });
        };
        std::size_t k = 0;
        while (k < on.trials.size() && !perhaps(k)) ++k;
        if (k == on.trials.size()) missing(i);
    }
}

/// The objectives of the trials of a front, row by row, to be minimised.
/// @param feasible numbers of the trials that meet all limits
/// @param front numbers of those on the front
/// @param source what errors call the text
/// @throws input_error where two trials of the front are equal, and see `require_domination`
template <class = instantiated_when_used>
[[nodiscard]] std::vector<double> rows_of_front(const study_columns& columns, std::span<const stored_trial> trials,
                                                const std::set<std::uint64_t>& feasible, const std::set<std::uint64_t>& front,
                                                std::string_view source) {
    objective_table on{.objectives = columns.objectives.size()}, off = on;
    for (const auto& t : trials) {
        if (!feasible.contains(t.number)) continue;
        auto& to = front.contains(t.number) ? on : off;
        for (const auto& o : columns.objectives) to.values.push_back(o.maximized ? -t.metrics[o.metric] : t.metrics[o.metric]);
        to.trials.push_back(t.number);
    }
    std::vector<std::size_t> order(on.trials.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return on.before(a, b); });
    for (std::size_t i = 1; i < order.size(); ++i)
        if (!on.before(order[i - 1], order[i]))
            throw input_error{source, "front", "one trial of those that are equal in all objectives",
                              "trials " + std::to_string(on.trials[order[i - 1]]) + " and " + std::to_string(on.trials[order[i]])};
    require_domination<>(on, off, source);
    return on.values;
}

/// The hypervolume of a front above its thresholds, infinite where there are none or an objective is, and the size of the numbers that it is a
/// difference of. Nothing for a front of four or more objectives whose size to the power of their number less two is above 10^14, such as 10^5 trials
/// of five: what is below takes fractions of a second on spheres.
/// @param rows as `rows_of_front` gives them
template <class = instantiated_when_used>
[[nodiscard]] std::optional<std::pair<double, double>> volume_of_front(const study_columns& columns, std::span<const double> rows) {
    const auto objectives = columns.objectives.size();
    std::vector<double> reference;
    for (const auto& one : columns.objectives) reference.push_back(one.maximized ? -one.threshold : one.threshold);
    double scale = 1;
    for (std::size_t o = 0; o < objectives; ++o) {
        double best = reference[o];
        for (std::size_t i = o; i < rows.size(); i += objectives) best = std::min(best, rows[i]);
        scale *= std::abs(reference[o]) + (reference[o] - best);
    }
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    const bool measured = std::all_of(reference.begin(), reference.end(), [](double r) { return std::isfinite(r); }) &&
                          std::find(rows.begin(), rows.end(), -infinity) == rows.end();
    if (!measured) return std::pair{infinity, infinity};
    if (std::isnan(scale)) scale = infinity; // 0 times what no double holds
    if (objectives > 3 && std::pow(static_cast<double>(rows.size() / objectives), static_cast<double>(objectives - 2)) > 1e14) return std::nullopt;
    return std::pair{pareto::hypervolume({rows, objectives}, reference), scale};
}
VERDANT_DEFINED_ONCE(std::optional<std::pair<double, double>> volume_of_front<>(const study_columns&, std::span<const double>));

} // namespace verdant::detail
