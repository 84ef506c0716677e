#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/spaces/reduced/separable_units.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace verdant {

/// The sum of the scores of the modules of a point.
struct unit_score : metric<"unit_score"> {};

/// The evaluator of sums of scores of modules, as `score_order` sums them: AutoBuild's unit scores (Mills et al., CVPR 2024). A point that has a
/// module which the reduced space lacks has the score minus infinity, so that exact searches leave it out. Parameters outside of the units count
/// nothing.
template <search_space S>
class unit_scores {
public:
    using record = metrics<unit_score>;
    using sums = record;

    /// @throws input_error where a module has no finite score
    explicit unit_scores(const reduced_space<S>& space) {
        for (std::size_t u = 0; u < units; ++u) {
            std::size_t number = 0;
            for (const auto& m : space.modules(u)) {
                ++number;
                if (!std::isfinite(m.score))
                    throw input_error{"unit scores", "unit " + std::to_string(u + 1) + ", module " + std::to_string(number), "a finite score",
                                      "another"};
                scores_[u].push_back({part_of(m.values, u), m.score});
            }
            std::sort(scores_[u].begin(), scores_[u].end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        }
    }

    [[nodiscard]] record operator()(const point<S>& p) const {
        double sum = 0;
        for (std::size_t u = 0; u < units; ++u) sum += score_of(p, u);
        return record{sum};
    }
    /// What parameters outside of the units add: nothing.
    [[nodiscard]] record shared_term(const point<S>&) const { return record{0.0}; }
    /// The score of the module of a unit.
    [[nodiscard]] record block_term(const point<S>& p, std::size_t unit) const { return record{score_of(p, unit)}; }

private:
    static constexpr auto units = reduced_space<S>::unit_count;

    [[nodiscard]] static point<S> part_of(const point<S>& p, std::size_t unit) {
        point<S> part;
        for (std::size_t i = 0; i < p.size(); ++i)
            if (unit_of_parameter<S>[i] == unit) part[i] = p[i];
        return part;
    }
    [[nodiscard]] double score_of(const point<S>& p, std::size_t unit) const {
        const auto part = part_of(p, unit);
        const auto& all = scores_[unit];
        const auto found = std::lower_bound(all.begin(), all.end(), part, [](const auto& a, const point<S>& b) { return a.first < b; });
        return found != all.end() && found->first == part ? found->second : -std::numeric_limits<double>::infinity();
    }

    std::array<std::vector<std::pair<point<S>, double>>, units> scores_;
};

} // namespace verdant
