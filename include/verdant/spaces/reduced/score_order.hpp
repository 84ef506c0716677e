#pragma once

#include <verdant/error.hpp>
#include <verdant/spaces/reduced/ranked_point.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

/// The points of a reduced space from the best sum of scores on (AutoBuild: eval_topk_ofa.py).
namespace verdant {

/// Walks over the combinations of modules by descending sum of scores; of equal sums the one that comes first where the last unit changes fastest and
/// modules are best first. That is a stable sort of the Cartesian product, without the product: memory grows with the points that were taken.
/// Parameters outside of the units have their first value that is left.
template <search_space S>
class score_order {
public:
    /// @throws input_error where a module has no score
    explicit score_order(reduced_space<S> space) : space_{std::move(space)} {
        for (std::size_t u = 0; u < units; ++u) {
            const auto modules = space_.modules(u);
            for (std::uint32_t i = 0; i < modules.size(); ++i) {
                if (std::isnan(modules[i].score))
                    throw input_error{"order of scores", "unit " + std::to_string(u + 1) + ", module " + std::to_string(i + 1), "a score", "none"};
                order_[u].push_back(i);
            }
            std::sort(order_[u].begin(), order_[u].end(), [&](std::uint32_t a, std::uint32_t b) {
                return modules[a].score != modules[b].score ? modules[a].score > modules[b].score : a < b;
            });
        }
        open_.push(made({}));
    }

    /// The next point; none after the last.
    [[nodiscard]] std::optional<ranked_point<S>> next() {
        if (open_.empty()) return std::nullopt;
        const auto best = open_.top();
        open_.pop();
        // Each combination has one predecessor: that in which the last unit that is not at its best is one better.
        std::size_t last = 0;
        for (std::size_t u = 0; u < units; ++u)
            if (best.ranks[u] > 0) last = u;
        for (auto u = last; u < units; ++u) {
            if (best.ranks[u] + 1 == order_[u].size()) continue;
            auto worse = best.ranks;
            ++worse[u];
            open_.push(made(worse));
        }
        return ranked_point<S>{place_++, point_at(best.ranks), best.score};
    }
    /// Passes over so many points, or to the end.
    void skip(std::uint64_t count) {
        for (; count > 0 && !open_.empty(); --count) static_cast<void>(next());
    }
    /// How many points were taken or passed over.
    [[nodiscard]] std::uint64_t place() const noexcept { return place_; }
    [[nodiscard]] const reduced_space<S>& space() const noexcept { return space_; }

private:
    static constexpr auto units = reduced_space<S>::unit_count;
    using ranks_type = std::array<std::uint32_t, units>; ///< of each unit: the place of its module by score

    struct combination {
        double score = 0;
        ranks_type ranks{};
        /// Of a heap whose top is the best.
        friend bool operator<(const combination& a, const combination& b) { return a.score != b.score ? a.score < b.score : a.ranks > b.ranks; }
    };

    /// Sums from the first unit on, as the original does: rounding keeps the order of sums where one module is worse.
    [[nodiscard]] combination made(const ranks_type& ranks) const {
        combination c{.score = 0, .ranks = ranks};
        for (std::size_t u = 0; u < units; ++u) c.score += space_.modules(u)[order_[u][ranks[u]]].score;
        return c;
    }
    [[nodiscard]] point<S> point_at(const ranks_type& ranks) const {
        point<S> p;
        for (const auto& v : space_.values()) p[v.parameter] = static_cast<typename point<S>::index_type>(v.indices.front());
        for (std::size_t u = 0; u < units; ++u)
            for (std::size_t i = 0; i < p.size(); ++i)
                if (unit_of_parameter<S>[i] == u) p[i] = space_.modules(u)[order_[u][ranks[u]]].values[i];
        return p;
    }

    reduced_space<S> space_;
    std::array<std::vector<std::uint32_t>, units> order_;
    std::priority_queue<combination> open_;
    std::uint64_t place_ = 0;
};

} // namespace verdant
