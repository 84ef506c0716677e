#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/bayes/acquisition_search.hpp>
#include <verdant/optimizer/bayes/relaxation.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/repair.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Searches for the point that an acquisition function values most, among the points themselves.
namespace verdant {

/// How points are searched where some parameter has no order, so that what lies between its values means nothing.
struct point_search_options {
    std::size_t raw_samples = 512;  ///< points that starts are chosen from, half of them anywhere, half near the best so far
    std::size_t starts = 8;         ///< starts of the climb
    std::size_t evaluations = 1000; ///< after so many values of the acquisition no further point is climbed from

    using described = members<member<"raw_samples", &point_search_options::raw_samples>, member<"starts", &point_search_options::starts>,
                              member<"evaluations", &point_search_options::evaluations>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        require_count(source, "points.raw_samples", raw_samples, 1);
        require_count(source, "points.starts", starts, 1);
        require_count(source, "points.evaluations", evaluations, 1);
    }
};

/// Local search over feasible points: one parameter after another, in an order drawn anew for each start, is given the value of highest acquisition
/// while the others stay, until none can be bettered. All values of an unordered parameter are tried, and up to eight ordered ones; of more those
/// ..., 4, 2 and 1 places away, one after another, so that a domain of a million values takes forty tries. Starts are the best of some feasible
/// points and of some that differ from the best observed ones in few parameters (Wan, Nguyen, Ha, Ru, Lu, Osborne, "Think global and act local:
/// Bayesian optimisation over high-dimensional categorical and mixed search spaces", ICML 2021; Oh, Tomczak, Gavves, Welling, "Combinatorial Bayesian
/// optimization using the graph Cartesian product", NeurIPS 2019).
/// @tparam A an acquisition function with `likely` and `screen`, see `detail::weighted_acquisition`
/// @tparam IsNew of a point: whether it may be suggested
template <class Space, class A, class IsNew>
class point_search {
public:
    /// Larger is better: points that are likely to be measured come first.
    struct worth {
        bool likely = false;
        double value = -std::numeric_limits<double>::infinity();
        [[nodiscard]] bool operator>(const worth& other) const { return likely != other.likely ? likely : value > other.value; }
    };

    /// @param relaxed, acquisition outlive this
    point_search(const relaxation& relaxed, A& acquisition, IsNew is_new, const point_search_options& options)
        : relaxed_{relaxed}, acquisition_{acquisition}, is_new_{std::move(is_new)}, options_{options} {}

    /// The worth of a point, which is remembered as the best new one where it is.
    worth operator()(const point<Space>& p) {
        const auto [at, fresh] = known_.try_emplace(p);
        if (!fresh) return at->second;
        const auto x = relaxed_.encode(p);
        at->second = {acquisition_.likely(x), acquisition_(x, nullptr)};
        if (std::isnan(at->second.value)) at->second.value = -std::numeric_limits<double>::infinity();
        if (is_new_(p) && (!found_ || at->second > most_)) {
            found_ = p;
            most_ = at->second;
        }
        return at->second;
    }

    /// Climbs from the best of random points and of points near `incumbents`.
    void run(std::span<const point<Space>> incumbents, random_stream& random) {
        std::vector<point<Space>> raw;
        std::vector<double> values;
        for (std::size_t i = 0; i < options_.raw_samples; ++i) {
            const bool near = i % 2 == 1 && !incumbents.empty();
            const auto p = near ? varied(incumbents[i / 2 % incumbents.size()], random) : sample<Space>(random);
            if (!is_new_(p)) continue;
            const auto value = acquisition_.screen(relaxed_.encode(p));
            if (!std::isfinite(value)) continue;
            raw.push_back(p);
            values.push_back(value);
        }
        if (raw.empty()) return;
        for (const auto i : detail::boltzmann_selection(values, options_.starts, random)) climb(raw[i], random);
    }

    /// Climbs from a point to one that no change of a single parameter betters.
    void climb(point<Space> p, random_stream& random) {
        auto best = (*this)(p);
        const auto n = relaxed_.free_parameters();
        std::vector<std::size_t> order(n);
        std::iota(order.begin(), order.end(), std::size_t{0});
        random.shuffle(std::span{order});
        for (std::size_t unchanged = 0, k = 0; unchanged < n && known_.size() < options_.evaluations; k = (k + 1) % n, ++unchanged) {
            const auto c = relaxed_.free_parameter(order[k]);
            if (const auto* group = bundle_of(c.parameter)) {
                climb_bundle(*group, p, best, unchanged);
                continue;
            }
            const bool every = !c.ordered || c.values <= 8;
            for (auto step = every ? std::size_t{1} : std::bit_floor(c.values - 1); step > 0; step /= 2) {
                const auto from = p;
                const auto now = static_cast<std::size_t>(from[c.parameter]);
                const auto attempt = [&](std::size_t value) {
                    auto to = from;
                    to[c.parameter] = static_cast<typename point<Space>::index_type>(value);
                    to.canonicalise();
                    if (to == from || !may_be_proposed(to)) return;
                    const auto w = (*this)(to);
                    if (!(w > best)) return;
                    best = w;
                    p = to;
                    unchanged = 0;
                };
                if (every) {
                    for (std::size_t v = 0; v < c.values; ++v)
                        if (v != now) attempt(v);
                    continue;
                }
                if (now >= step) attempt(now - step);
                if (now + step < c.values) attempt(now + step);
            }
        }
    }

    /// The best point seen that may be suggested; none where there was none.
    [[nodiscard]] const std::optional<point<Space>>& found() const noexcept { return found_; }

private:
    /// Where searches are bound to a part of the space: the parameters that change together with this one, or null.
    [[nodiscard]] static const detail::feasible_group* bundle_of(std::size_t parameter) {
        const auto* part = detail::bound_part<Space>;
        const auto* group = part == nullptr ? nullptr : part->group_of(parameter);
        return group != nullptr && group->enumerated() ? group : nullptr;
    }
    /// Gives such parameters their best combination, of at most 256 that are evenly spread over the list.
    void climb_bundle(const detail::feasible_group& group, point<Space>& p, worth& best, std::size_t& unchanged) {
        const auto from = p;
        const auto step = (group.count() + 255) / 256;
        for (std::size_t r = 0; r < group.count(); r += step) {
            auto to = from;
            group.assign(r, to);
            if (to == from) continue;
            const auto w = (*this)(to);
            if (!(w > best)) continue;
            best = w;
            p = to;
            unchanged = 0;
        }
    }

    /// A feasible point that differs in few parameters: in one, and with probability 1/2 each in further ones.
    [[nodiscard]] point<Space> varied(point<Space> p, random_stream& random) const {
        do {
            const auto c = relaxed_.free_parameter(random.below(relaxed_.free_parameters()));
            if (const auto* group = bundle_of(c.parameter)) {
                group->assign(static_cast<std::size_t>(random.below(group->count())), p);
                continue;
            }
            const auto other = random.below(c.values - 1), now = static_cast<std::size_t>(p[c.parameter]);
            p[c.parameter] = static_cast<typename point<Space>::index_type>(other < now ? other : other + 1);
        } while (random.uniform() < 0.5);
        p.canonicalise();
        return may_be_proposed(p) ? p : repair(p, random);
    }

    const relaxation& relaxed_;
    A& acquisition_;
    IsNew is_new_;
    point_search_options options_;
    std::unordered_map<point<Space>, worth> known_;
    std::optional<point<Space>> found_;
    worth most_;
};

} // namespace verdant
