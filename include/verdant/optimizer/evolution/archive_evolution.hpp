#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/variation_checks.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/pareto/peeled_fronts.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// The evolutionary search of AutoBuild, over the points of any space.
namespace verdant {

/// Draws parts of a point anew: each group of parameters that constraints tie together, and each other parameter, with probability `rate`, at least
/// one. What is drawn may be what was there.
struct redraw_variation {
    double rate = 0.5;
    using described = members<member<"rate", &redraw_variation::rate>>;

    /// @throws input_error for a rate above 0 so small that it takes more than a million passes over the parts of a point, as is to be expected,
    /// until one is drawn
    template <search_space S>
    void check() const {
        if (!(rate > 0 && rate < 1e-6)) return; // a point has one part at least
        const auto& set = feasible_set_of<S>();
        const auto parts = set.free_parameters().size() + set.groups().size();
        if (rate * static_cast<double>(parts) >= 1e-6) return;
        throw input_error{"archive_evolution", "variation.rate",
                          "0, or at least 1e-06 for all " + std::to_string(parts) + " parts of a point together", exact_text(rate)};
    }

    template <search_space S>
    [[nodiscard]] point<S> initial(random_stream& random) const {
        return sample<S>(random);
    }
    template <search_space S>
    [[nodiscard]] point<S> mutate(point<S> p, random_stream& random) const {
        const auto& set = feasible_set_of<S>();
        // A rate of 0 would never draw anything.
        for (bool some = false; !some; some = some || rate <= 0) {
            for (const auto i : set.free_parameters())
                if (random.chance(rate)) {
                    p[i] = static_cast<typename point<S>::index_type>(random.below(view_of<S>.domain_size(i)));
                    some = true;
                }
            for (const auto& group : set.groups())
                if (random.chance(rate)) {
                    set.sample_group(group, p, random);
                    some = true;
                }
        }
        return p;
    }
};

/// The feasible points on the first fronts have children.
struct front_parents {
    std::size_t fronts = 1; ///< published: one; more are peeled one below the other
    using described = members<member<"fronts", &front_parents::fronts>>;

    /// @throws input_error for no front, which would have no children
    void check() const { require_count("archive_evolution", "parents.fronts", fronts, 1); }

    /// @param objectives of all feasible points, row after row
    [[nodiscard]] std::vector<std::uint32_t> operator()(std::span<const double> objectives, std::size_t width) const {
        return pareto::peeled_fronts({objectives, width}, fronts);
    }
};

/// The feasible points that are best in the first objective have children: AutoBuild's search for accuracy under a constraint.
struct best_parents {
    std::size_t count = 10; ///< published
    using described = members<member<"count", &best_parents::count>>;

    /// @throws input_error for no point, which would have no children
    void check() const { require_count("archive_evolution", "parents.count", count, 1); }

    [[nodiscard]] std::vector<std::uint32_t> operator()(std::span<const double> objectives, std::size_t width) const {
        std::vector<std::uint32_t> order(objectives.size() / width);
        for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            const double x = objectives[a * width], y = objectives[b * width];
            return x != y ? x < y : a < b;
        });
        order.resize(std::min(order.size(), count));
        return order;
    }
};

/// The evolutionary search of AutoBuild (Mills et al., CVPR 2024; rm_search/ea/model_rm_custom.py): all that is known is the archive; in each
/// generation its front, or its best, has children by chains of mutations, which are different from each other. Children that are known already are
/// told their results and use up the generation's budget, as published. Where mutations find nothing new in 100 rounds, a generation is smaller; the
/// original goes on for ever. A generation is handed out to its end before the next one is bred from what was told by then, so `ask` gives less
/// there.
/// @tparam Variation `template <S> initial(random)` and `mutate(point, random)`: `redraw_variation`, `unit_variation`, `layer_variation`
/// @tparam Parents   `(objectives, width) -> indices`: `front_parents`, `best_parents`; what has a `check()`, as `Variation` may have a `check<S>()`,
/// is asked once
template <class Variation = redraw_variation, class Parents = front_parents>
struct archive_evolution : optimizer_policy_base {
    struct options {
        std::size_t initial = 50; ///< random points; published, and so are the next two
        std::size_t budget = 50; ///< children of a generation
        std::size_t generations = 4; ///< after the random one; 0: until the search ends otherwise
        std::size_t depth = 1; ///< mutations one after the other, each of which is a child
        std::size_t attempts = 100; ///< mutations of one point until there is a new one
        std::size_t fruitless = 100; ///< rounds over all parents without a new child after which a generation is complete
        Variation variation{};
        Parents parents{};

        using described =
            members<member<"initial", &options::initial>, member<"budget", &options::budget>, member<"generations", &options::generations>,
                    member<"depth", &options::depth>, member<"attempts", &options::attempts>, member<"fruitless", &options::fruitless>,
                    member<"variation", &options::variation, member_role::policy>, member<"parents", &options::parents, member_role::policy>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "archive_evolution"; }

    template <class Space, class Goals>
    class engine {
    public:
        /// Throws input_error for options that are out of range.
        explicit engine(const options& o) : options_{o} {
            require_count("archive_evolution", "initial", o.initial, 1);
            require_count("archive_evolution", "budget", o.budget, 1);
            require_count("archive_evolution", "generations", o.generations, 0);
            require_count("archive_evolution", "depth", o.depth, 1);
            require_count("archive_evolution", "attempts", o.attempts, 1);
            require_count("archive_evolution", "fruitless", o.fruitless, 1);
            detail::probability_check check{"archive_evolution"};
            check("variation", o.variation);
            if constexpr (requires { o.variation.template check<Space>(); }) o.variation.template check<Space>();
            if constexpr (requires { o.parents.check(); }) o.parents.check();
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            if (n > 0 && queue_.empty() && may_breed()) breed(random);
            const auto given = std::min(n, queue_.size());
            std::vector<point<Space>> points(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(given));
            queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(given));
            return points;
        }

        /// A generation is bred from what was told by then; those of its children that are pending use up its budget.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            pending_points<Space> taken{pending};
            std::vector<point<Space>> points;
            for (int generation = 0; generation < 2 && points.empty() && n > 0; ++generation) {
                if (queue_.empty() && !may_breed()) return points;
                if (queue_.empty()) breed(random);
                std::size_t used = 0;
                for (; points.size() < n && used < queue_.size(); ++used)
                    if (!taken.contains(queue_[used])) points.push_back(taken.choose(queue_[used], random));
                queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(used));
            }
            // All children are pending: some other point.
            if (points.empty() && n > 0) points.push_back(taken.choose(random, [&] { return options_.variation.template initial<Space>(random); }));
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) take(t);
        }
        /// Takes new values of a trial.
        void correct(const trial<Space, Goals>& t) { take(t); }

        [[nodiscard]] std::size_t preferred_batch() const { return bred_ == 0 ? options_.initial : options_.budget; }
        /// Generations that were bred, the random first one included.
        [[nodiscard]] std::size_t generation() const noexcept { return bred_; }

        [[nodiscard]] std::string save() const { return (state_writer{} << std::uint64_t{bred_} << queue_).text(); }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader in{saved, "archive_evolution"};
            std::uint64_t bred = 0;
            std::vector<point<Space>> queue;
            in >> bred >> queue;
            in.finish();
            bred_ = static_cast<std::size_t>(bred);
            queue_ = std::move(queue);
            archive_.clear();
            places_.clear();
            tell(told);
        }

    private:
        struct member_of_archive {
            point<Space> who{};
            std::array<double, Goals::objective_count> objectives{};
            bool feasible = false;
        };

        [[nodiscard]] bool may_breed() const { return options_.generations == 0 || bred_ <= options_.generations; }
        void breed(random_stream& random) {
            const auto parents = chosen();
            if (parents.empty()) queue_ = strangers(random, bred_ == 0 ? options_.initial : options_.budget);
            else queue_ = children(parents, random);
            ++bred_;
        }

        void take(const trial<Space, Goals>& t) {
            const auto [at, fresh] = places_.try_emplace(t.point, archive_.size());
            if (fresh) archive_.emplace_back();
            archive_[at->second] = {t.point, t.objectives, t.completed() && t.violation <= 0};
        }

        /// In the order of the archive, which is that of telling.
        [[nodiscard]] std::vector<point<Space>> chosen() const {
            std::vector<point<Space>> points;
            std::vector<double> objectives;
            for (const auto& m : archive_)
                if (m.feasible) {
                    points.push_back(m.who);
                    objectives.insert(objectives.end(), m.objectives.begin(), m.objectives.end());
                }
            std::vector<point<Space>> parents;
            if (bred_ > 0 && !points.empty())
                for (const auto i : options_.parents(objectives, Goals::objective_count)) parents.push_back(points[i]);
            return parents;
        }

        /// Different random points, fewer where no more are found.
        [[nodiscard]] std::vector<point<Space>> strangers(random_stream& random, std::size_t count) const {
            std::vector<point<Space>> points;
            std::set<point<Space>> met;
            for (std::size_t failed = 0; points.size() < count && failed < options_.attempts * options_.fruitless;) {
                auto p = options_.variation.template initial<Space>(random);
                if (met.insert(p).second) {
                    points.push_back(std::move(p));
                    failed = 0;
                } else {
                    ++failed;
                }
            }
            return points;
        }

        [[nodiscard]] std::vector<point<Space>> children(const std::vector<point<Space>>& parents, random_stream& random) const {
            std::vector<point<Space>> born;
            std::set<point<Space>> met;
            for (std::size_t fruitless = 0; born.size() < options_.budget && fruitless < options_.fruitless;) {
                const auto before = born.size();
                for (const auto& parent : parents) {
                    auto last = parent;
                    for (std::size_t d = 0; d < options_.depth; ++d) {
                        bool found = false;
                        for (std::size_t k = 0; k < options_.attempts && !found; ++k) {
                            auto child = options_.variation.mutate(last, random);
                            if (!met.insert(child).second) continue;
                            born.push_back(child);
                            last = std::move(child);
                            found = true;
                        }
                        if (!found) break;
                    }
                }
                fruitless = born.size() == before ? fruitless + 1 : 0;
            }
            random.shuffle(std::span{born});
            if (born.size() > options_.budget) born.resize(options_.budget);
            return born;
        }

        options options_;
        std::vector<member_of_archive> archive_;
        std::unordered_map<point<Space>, std::size_t> places_;
        std::vector<point<Space>> queue_; ///< bred and not asked for
        std::size_t bred_ = 0;
    };
};

} // namespace verdant
