#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/crowding_distance.hpp>
#include <verdant/pareto/non_dominated_sort.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// The survival of NSGA-II: by fronts, then by crowding distance.
namespace verdant {

/// Who survives, with the front number and crowding distance of each; best front first.
struct survivors {
    std::vector<std::uint32_t> indices;
    std::vector<std::uint32_t> ranks;
    std::vector<double> crowding;

    void clear() noexcept {
        indices.clear();
        ranks.clear();
        crowding.clear();
    }
};

/// Environmental selection of NSGA-II (Deb et al., IEEE TEC 6(2), 2002, section III-C): whole fronts of the constrained domination order,
/// best first, while they fit; of the front that no longer fits the vectors with the largest crowding distances.
class rank_and_crowding {
public:
    rank_and_crowding() = default;
    // What is kept between calls is memory and no state: copies, of which options of an optimizer make some, begin with their own.
    rank_and_crowding(const rank_and_crowding&) : rank_and_crowding{} {}
    rank_and_crowding& operator=(const rank_and_crowding&) { return *this; }
    ~rank_and_crowding() = default;

    /// Selects `keep` of `points` (all, where there are not more) into `kept`.
    template <class = instantiated_when_used>
    void operator()(pareto::objective_rows points, std::span<const double> violations, std::size_t keep, survivors& kept);

private:
    pareto::non_dominated_sorter sorter_;
    pareto::crowding_distance crowding_;
    std::vector<double> distances_;
    std::vector<std::uint32_t> chosen_;
};

template <class>
void rank_and_crowding::operator()(pareto::objective_rows points, std::span<const double> violations, std::size_t keep, survivors& kept) {
    kept.clear();
    sorter_.sort(points, violations);
    for (std::size_t k = 0; k < sorter_.fronts() && kept.indices.size() < keep; ++k) {
        const auto front = sorter_.front(k);
        distances_.resize(front.size());
        crowding_(points, front, distances_);
        chosen_.resize(front.size());
        for (std::uint32_t i = 0; i < front.size(); ++i) chosen_[i] = i;
        const auto room = std::min(keep - kept.indices.size(), front.size());
        if (room < front.size()) {
            std::nth_element(
                chosen_.begin(), chosen_.begin() + static_cast<std::ptrdiff_t>(room), chosen_.end(),
                [this](std::uint32_t a, std::uint32_t b) { return distances_[a] != distances_[b] ? distances_[a] > distances_[b] : a < b; });
            std::sort(chosen_.begin(), chosen_.begin() + static_cast<std::ptrdiff_t>(room));
        }
        for (std::size_t i = 0; i < room; ++i) {
            kept.indices.push_back(front[chosen_[i]]);
            kept.ranks.push_back(static_cast<std::uint32_t>(k));
            kept.crowding.push_back(distances_[chosen_[i]]);
        }
    }
}
VERDANT_DEFINED_ONCE(void rank_and_crowding::operator()<>(pareto::objective_rows, std::span<const double>, std::size_t, survivors&));

} // namespace verdant
