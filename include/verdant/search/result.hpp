#pragma once

#include <verdant/goal/trial.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/pareto/non_dominated_sort.hpp>
#include <verdant/search/search_consumption.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The result of a search.
namespace verdant {

/// Why a search ended.
enum class stop_reason : std::uint8_t {
    trials,     ///< all trials asked for were made
    exhausted,  ///< the optimizer has no more points
    patience,   ///< the optimizer proposed nothing but known points for longer than `patience` allows
    time_limit, ///< the time was up
    requested,  ///< an observer asked for it
};

/// The reason in a word, as files have it: `trials`, `exhausted`, `patience`, `time_limit`, `requested`.
[[nodiscard]] constexpr std::string_view stop_reason_text(stop_reason why) {
    switch (why) {
    case stop_reason::trials: return "trials";
    case stop_reason::exhausted: return "exhausted";
    case stop_reason::patience: return "patience";
    case stop_reason::time_limit: return "time_limit";
    default: return "requested";
    }
}

namespace detail {

/// The rows of a Pareto front in lexicographic order; of equal rows that with the least number. Compiled once, whatever the trials are.
/// @param objectives row by row, smaller is better
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::uint32_t> ordered_front(std::span<const double> objectives, std::size_t columns,
                                                       std::span<const std::uint64_t> numbers) {
    if (numbers.empty()) return {};
    pareto::non_dominated_sorter sorter;
    sorter.sort({objectives, columns});
    const auto front = sorter.front(0);
    std::vector<std::uint32_t> rows(front.begin(), front.end());
    // Where they differ, and `columns` where they do not.
    const auto differ = [&](std::uint32_t a, std::uint32_t b) {
        std::size_t i = 0;
        while (i < columns && objectives[a * columns + i] == objectives[b * columns + i]) ++i;
        return i;
    };
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto i = differ(a, b);
        return i < columns ? objectives[a * columns + i] < objectives[b * columns + i] : numbers[a] < numbers[b];
    });
    const auto same = [&](std::uint32_t a, std::uint32_t b) { return differ(a, b) == columns; };
    rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
    return rows;
}
VERDANT_DEFINED_ONCE(std::vector<std::uint32_t> ordered_front<>(std::span<const double>, std::size_t, std::span<const std::uint64_t>));

} // namespace detail

/// What a search found. As a range it is the Pareto front: the feasible trials that no other feasible one dominates, one for each distinct
/// vector of objectives, ordered by the first objective.
template <class Space, class Goals>
class search_result {
public:
    using trial_type = trial<Space, Goals>;

    /// @param optimizer what it is called in files
    /// @param trials_asked how many a run was asked for, 0 where nobody asked for a number
    search_result(std::vector<trial_type> trials, const typename Goals::limits_type& limits, stop_reason why, std::uint64_t repeated,
                  std::string_view optimizer = {}, std::optional<std::uint64_t> seed = std::nullopt, std::size_t trials_asked = 0)
        : trials_{std::move(trials)}, limits_{limits}, reason_{why}, repeated_{repeated}, optimizer_{optimizer}, seed_{seed},
          trials_asked_{trials_asked} {
        std::vector<std::size_t> feasible;
        std::vector<std::uint64_t> numbers;
        std::vector<double> objectives;
        for (std::size_t i = 0; i < trials_.size(); ++i) {
            const auto& t = trials_[i];
            if (!t.feasible()) continue;
            feasible.push_back(i);
            numbers.push_back(t.number);
            objectives.insert(objectives.end(), t.objectives.begin(), t.objectives.end());
        }
        const auto rows = detail::ordered_front(objectives, Goals::objective_count, numbers);
        front_.reserve(rows.size());
        for (const auto row : rows) front_.push_back(trials_[feasible[row]]);
    }

    /// The Pareto front.
    [[nodiscard]] const std::vector<trial_type>& front() const noexcept { return front_; }
    [[nodiscard]] auto begin() const noexcept { return front_.begin(); }
    [[nodiscard]] auto end() const noexcept { return front_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return front_.size(); }
    [[nodiscard]] bool empty() const noexcept { return front_.empty(); }

    /// Every trial, in order; failed and infeasible ones, too.
    [[nodiscard]] const std::vector<trial_type>& trials() const noexcept { return trials_; }
    [[nodiscard]] const typename Goals::limits_type& limits() const noexcept { return limits_; }
    [[nodiscard]] stop_reason reason() const noexcept { return reason_; }
    /// How often the optimizer proposed a point that was known already; such points are not evaluated again.
    [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }

    /// The name of the optimizer, as files have it; empty where it is not known.
    [[nodiscard]] std::string_view optimizer() const noexcept { return optimizer_; }

    /// The seed of the search; none where it is not known.
    [[nodiscard]] std::optional<std::uint64_t> seed() const noexcept { return seed_; }
    /// How many trials `run` was asked for; 0 where the search was asked and told by hand, or was read from a file.
    [[nodiscard]] std::size_t trials_asked() const noexcept { return trials_asked_; }

    /// What the search itself consumed, over all its runs; nothing where none was metered (see `carbon::consumption_meter`).
    [[nodiscard]] const std::optional<search_consumption>& consumption() const noexcept { return consumption_; }
    /// Says what it consumed.
    void set_consumption(search_consumption all) { consumption_ = std::move(all); }

    /// Hypervolume that the front dominates up to the reference point; nothing where an objective has no threshold. It is in SI units, the product of
    /// those of the objectives (`hypervolume_unit`), also where thresholds and tables are in others: with a threshold of 300 ms its edge is 0.3 s.
    [[nodiscard]] std::optional<double> hypervolume() const { return hypervolume_of(front_, limits_); }

    /// The same for any trials.
    [[nodiscard]] static std::optional<double> hypervolume_of(std::span<const trial_type> trials, const typename Goals::limits_type& limits) {
        const auto reference = Goals::reference(limits);
        if (std::any_of(reference.begin(), reference.end(), [](double r) { return std::isnan(r); })) return std::nullopt;
        std::vector<double> numbers;
        for (const auto& t : trials)
            if (t.feasible()) numbers.insert(numbers.end(), t.objectives.begin(), t.objectives.end());
        // The reference lies behind them, since g++ 12 sees the size of an array and warns of the code for more objectives.
        numbers.insert(numbers.end(), reference.begin(), reference.end());
        const std::span<const double> all{numbers};
        return pareto::hypervolume({all.first(all.size() - reference.size()), reference.size()}, all.last(reference.size()));
    }

private:
    std::vector<trial_type> trials_, front_;
    typename Goals::limits_type limits_;
    stop_reason reason_;
    std::uint64_t repeated_;
    std::string optimizer_;
    std::optional<std::uint64_t> seed_;
    std::size_t trials_asked_;
    std::optional<search_consumption> consumption_;
};

} // namespace verdant
