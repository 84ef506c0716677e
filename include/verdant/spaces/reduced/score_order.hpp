#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The points of a reduced space from the best sum of scores on (AutoBuild: eval_topk_ofa.py).
namespace verdant {

/// A point, where it stands in the order, and the sum of the scores of its modules.
template <search_space S>
struct ranked_point {
    std::uint64_t place = 0;
    point<S> who{};
    double score = 0;
};

/// Walks over the combinations of modules by descending sum of scores; of equal sums the one that comes first where the last unit changes fastest and modules are
/// best first. That is a stable sort of the Cartesian product, without the product: memory grows with the points that were taken. Parameters outside of
/// the units have their first value that is left.
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

/// Every point of a reduced space by descending sum of scores, as an optimizer; ends when there are no more, or after a slice.
/// @tparam S the space of the search
template <unit_space S>
struct score_order_search : optimizer_policy_base {
    struct options {
        chosen_region<reduced_space<S>> region{};
        std::uint64_t first = 0; ///< place of the first point of the slice
        std::uint64_t count = std::numeric_limits<std::uint64_t>::max(); ///< points of the slice
        std::size_t batch = 256; ///< points asked for at once; it does not change their order

        using described = members<member<"region", &options::region>, member<"first", &options::first>, member<"count", &options::count>,
                                  member<"batch", &options::batch, member_role::unrecorded>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "score_order_search"; }

    template <class Space, class Goals>
    class engine {
        static_assert(detail::region_check<std::same_as<Space, S>>::value);

    public:
        /// Throws input_error where no region is given, a module has no score, or a batch is no number of points.
        explicit engine(const options& o) : options_{o}, order_{required(o)} {
            require_count("score_order_search", "batch", o.batch, 1);
            order_.skip(o.first);
        }
        [[nodiscard]] std::vector<point<S>> ask(random_stream&, std::size_t n) {
            std::vector<point<S>> points;
            while (points.size() < n && given_ < options_.count) {
                const auto next = order_.next();
                if (!next) break;
                points.push_back(next->who);
                ++given_;
            }
            return points;
        }
        void tell(std::span<const trial<S, Goals>>) {}
        [[nodiscard]] std::size_t preferred_batch() const { return options_.batch; }

        /// How many points were given.
        [[nodiscard]] std::string save() const { return (state_writer{} << given_).text(); }
        void restore(std::string_view saved, std::span<const trial<S, Goals>>) {
            state_reader in{saved, "score_order_search"};
            std::uint64_t given = 0;
            in >> given;
            in.finish();
            order_ = score_order<S>{required(options_)};
            order_.skip(options_.first);
            order_.skip(given);
            given_ = order_.place() - std::min(order_.place(), options_.first);
        }

    private:
        [[nodiscard]] static const reduced_space<S>& required(const options& o) {
            if (!o.region.region()) throw input_error{"score_order_search", "region", "the reduced space to walk over", "none"};
            return *o.region.region();
        }

        options options_;
        score_order<S> order_;
        std::uint64_t given_ = 0;
    };
};

} // namespace verdant
