#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/front_filter.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/report/parameter_importance.hpp>
#include <verdant/study/study_columns.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

/// What a report draws, in numbers.
namespace verdant::detail {

/// The front of two objectives, by the first of them.
struct pair_front {
    std::size_t x = 0, y = 0; ///< places among the objectives
    std::vector<std::uint32_t> rows{};
};

/// The hypervolume once so many trials are there.
struct volume_step {
    std::size_t trials = 0;
    double seconds = 0; ///< since the first trial began; NaN in a history by trials
    double volume = 0;
};

struct report_figures {
    std::vector<std::uint32_t> front{};
    std::vector<pair_front> pairs{};
    bool has_volume = false; ///< whether every objective has a threshold
    std::vector<volume_step> by_trials{}, by_time{};
    std::vector<parameter_importances> importances{}; ///< of the objectives
    std::vector<std::uint32_t> lanes{}; ///< of each trial: its worker, or a row where it does not overlap; 0 where its times are not known
    bool workers_recorded = false;
    double began = std::numeric_limits<double>::quiet_NaN(), ended = began;
};

/// Feasible vectors that none dominates, while they grow.
template <class = instantiated_when_used>
class basic_growing_front {
public:
    explicit basic_growing_front(std::size_t objectives) : width_{objectives} {}

    void add(std::span<const double> vector) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < rows_.size(); i += width_) {
            const auto found = relation(&rows_[i], vector);
            if (found == side::no_better) { // what dominated this one dominates many: it is asked first the next time
                std::swap_ranges(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(width_), rows_.begin() + static_cast<std::ptrdiff_t>(i));
                return;
            }
            if (found == side::better) continue;
            if (kept < i) std::copy_n(rows_.begin() + static_cast<std::ptrdiff_t>(i), width_, rows_.begin() + static_cast<std::ptrdiff_t>(kept));
            kept += width_;
        }
        rows_.resize(kept);
        rows_.insert(rows_.end(), vector.begin(), vector.end());
        changed_ = true;
    }
    [[nodiscard]] double volume(std::span<const double> reference) {
        if (changed_) volume_ = computed_({rows_, width_}, reference);
        changed_ = false;
        return volume_;
    }

private:
    enum class side : std::uint8_t { better, no_better, neither };
    /// Of a new vector beside a member.
    [[nodiscard]] side relation(const double* member, std::span<const double> vector) const {
        bool above = false, below = false;
        for (std::size_t j = 0; j < width_; ++j) {
            above = above || vector[j] > member[j];
            below = below || vector[j] < member[j];
            if (above && below) return side::neither;
        }
        return below ? side::better : side::no_better;
    }

    std::size_t width_;
    std::vector<double> rows_;
    pareto::basic_exact_hypervolume<> computed_;
    double volume_ = 0;
    bool changed_ = false;
};

/// Sorts rows by a number, those of equal numbers by themselves.
template <class Key>
void sort_rows_by(std::vector<std::uint32_t>& rows, const Key& key) {
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) != key(b) ? key(a) < key(b) : a < b; });
}

/// The rows of the feasible trials that no other dominates in some objectives, by the first of these.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::uint32_t> front_of(const study_columns& table, std::span<const std::size_t> objectives) {
    std::vector<std::uint32_t> feasible, front;
    std::vector<double> rows;
    for (std::size_t t = 0; t < table.trials(); ++t) {
        if (table.outcomes[t] != trial_outcome::feasible) continue;
        feasible.push_back(static_cast<std::uint32_t>(t));
        for (const auto o : objectives) rows.push_back(table.minimized(o, t));
    }
    if (objectives.empty()) return front;
    for (const auto i : pareto::front_indices({rows, objectives.size()})) front.push_back(feasible[i]);
    sort_rows_by(front, [&](auto t) { return table.minimized(objectives[0], t); });
    return front;
}

/// How the hypervolume grows over trials in some order, at so many places at most.
/// @param order rows of trials
template <class = instantiated_when_used>
[[nodiscard]] std::vector<volume_step> volume_history(const study_columns& table, const std::vector<std::uint32_t>& order, std::size_t places) {
    const auto objectives = table.objectives.size();
    std::vector<double> reference, vector(objectives);
    for (const auto& o : table.objectives) reference.push_back(o.maximized ? -o.threshold : o.threshold);
    basic_growing_front<> front{objectives};
    std::vector<volume_step> steps;
    for (std::size_t i = 0, place = 0; i < order.size(); ++i) {
        const auto t = order[i];
        if (table.outcomes[t] == trial_outcome::feasible) {
            for (std::size_t o = 0; o < objectives; ++o) vector[o] = table.minimized(o, t);
            front.add(vector);
        }
        if ((i + 1) * places < (place + 1) * order.size()) continue;
        place = (i + 1) * places / order.size();
        steps.push_back({i + 1, table.times[t].ended, front.volume(reference)});
    }
    return steps;
}

/// Who evaluated each trial: the worker that is recorded, else a row of a drawing in which no two trials overlap.
template <class = instantiated_when_used>
void find_lanes(const study_columns& table, report_figures& out) {
    std::vector<std::uint32_t> timed;
    for (std::size_t t = 0; t < table.trials(); ++t) {
        out.workers_recorded = out.workers_recorded || table.times[t].worker != 0;
        if (table.times[t].known()) timed.push_back(static_cast<std::uint32_t>(t));
    }
    out.lanes.assign(table.trials(), 0);
    sort_rows_by(timed, [&](auto t) { return table.times[t].started; });
    std::vector<double> free;
    for (const auto t : timed) {
        const auto& when = table.times[t];
        out.began = std::isnan(out.began) ? when.started : std::min(out.began, when.started);
        out.ended = std::isnan(out.ended) ? when.ended : std::max(out.ended, when.ended);
        if (out.workers_recorded) {
            out.lanes[t] = when.worker;
            continue;
        }
        constexpr std::size_t most = 256;
        auto lane = static_cast<std::size_t>(std::find_if(free.begin(), free.end(), [&](double end) { return end <= when.started; }) - free.begin());
        if (lane == free.size() && free.size() < most) free.push_back(0);
        lane = std::min(lane, most - 1);
        free[lane] = std::max(free[lane], when.ended);
        out.lanes[t] = static_cast<std::uint32_t>(lane + 1);
    }
}

template <class Deferred = instantiated_when_used>
[[nodiscard]] report_figures figures_of(const study_columns& table, const importance_options& importance) {
    report_figures out;
    const auto k = table.objectives.size();
    std::vector<std::size_t> all(k);
    std::iota(all.begin(), all.end(), std::size_t{0});
    out.front = front_of<Deferred>(table, all);
    for (std::size_t x = 0; x < k; ++x)
        for (std::size_t y = x + 1; y < k; ++y) {
            const std::size_t both[]{x, y};
            out.pairs.push_back({x, y, front_of<Deferred>(table, both)});
        }
    find_lanes<Deferred>(table, out);
    out.has_volume = k > 0 && std::all_of(table.objectives.begin(), table.objectives.end(), [](const auto& o) { return std::isfinite(o.threshold); });
    if (out.has_volume && table.trials() > 0) {
        // Of four and more objectives a volume takes long where the front is large.
        const std::size_t places = k < 4 || out.front.size() < 200 ? 400 : out.front.size() < 1000 ? 100 : 20;
        std::vector<std::uint32_t> order(table.trials());
        std::iota(order.begin(), order.end(), std::uint32_t{0});
        out.by_trials = volume_history<Deferred>(table, order, std::min(places, order.size()));
        std::erase_if(order, [&](auto t) { return std::isnan(table.times[t].ended); });
        sort_rows_by(order, [&](auto t) { return table.times[t].ended; });
        if (!std::isnan(out.began)) out.by_time = volume_history<Deferred>(table, order, std::min(places, order.size()));
        for (auto& s : out.by_time) s.seconds -= out.began;
    }
    for (const auto& o : table.objectives) out.importances.push_back(parameter_importance<Deferred>(table, o.metric, importance));
    return out;
}

} // namespace verdant::detail
