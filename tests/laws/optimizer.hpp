#pragma once

// What every model of the concept `optimizer` keeps, and the least such model.

#include "catch.hpp"

#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/space/feasible_set.hpp>

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace laws {

// 61 feasible points of 120: a constraint over two parameters, and one that exists at some points only.
struct law_space : verdant::space<verdant::param<"width", verdant::range<2, 12, 2>>, verdant::param<"heads", verdant::range<1, 4>>,
                                  verdant::when<verdant::var<"heads"> == verdant::val<2>, verdant::param<"shared", verdant::range<0, 4>>>,
                                  verdant::where<verdant::var<"width"> % verdant::var<"heads"> == verdant::val<0>>> {};

using law_goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>,
                                 verdant::subject_to<verdant::latency, verdant::at_most<9>>>;
using law_point = verdant::point<law_space>;
using law_trial = verdant::trial<law_space, law_goals>;

// Some points fail, some break the constraint, one has an infinite violation.
inline law_trial measured(const law_point& p, std::uint64_t number) {
    law_trial t;
    t.number = number;
    t.point = p;
    const auto width = p.get<"width">(), heads = p.get<"heads">();
    if (width == 4 && heads == 4) {
        t.status = verdant::trial_status::failed;
        t.message = "no luck";
        return t;
    }
    const double accuracy = 0.1 * static_cast<double>(width * (heads % 3 + 1)), milliseconds = static_cast<double>(width + heads);
    t.values = {accuracy, milliseconds * verdant::milliseconds{}};
    t.objectives = law_goals::objectives(t.values);
    t.violation = law_goals::violation(t.values, law_goals::limits());
    if (width == 12 && heads == 1) {
        t.objectives = {std::numeric_limits<double>::infinity(), 0};
        t.violation = std::numeric_limits<double>::infinity();
    }
    return t;
}

inline std::vector<law_trial> measured(const std::vector<law_point>& points, std::uint64_t first) {
    std::vector<law_trial> trials;
    for (const auto& p : points) trials.push_back(measured(p, first++));
    return trials;
}

/// @tparam Policy  the type that users write in `search`
/// @param  options chosen so that several generations take place within 200 points
template <class Policy>
void obeys_optimizer_laws(const typename Policy::options& options) {
    static_assert(verdant::optimizer_policy<Policy>);
    using engine = typename Policy::template engine<law_space, law_goals>;
    static_assert(verdant::optimizer<engine, law_space, law_goals>);
    static_assert(std::constructible_from<engine, const typename Policy::options&>);

    engine one{options}, same{options}, piecewise{options};
    verdant::random_stream random{11}, again{11}, third{11};
    REQUIRE(one.preferred_batch() >= 1);
    REQUIRE(one.ask(random, 0).empty());
    REQUIRE(same.ask(again, 0).empty());
    REQUIRE(piecewise.ask(third, 0).empty());
    one.tell({});
    std::uint64_t number = 0;
    std::vector<law_trial> told;
    for (const std::size_t n : {1U, 2U, 7U, 40U, 3U, 90U, 57U}) {
        const auto points = one.ask(random, n);
        REQUIRE(points.size() <= n);
        for (const auto& p : points) REQUIRE(p.feasible());
        // Equal tells and streams give equal asks.
        REQUIRE(same.ask(again, n) == points);
        REQUIRE(piecewise.ask(third, n) == points);
        REQUIRE(random == again);
        const auto trials = measured(points, number);
        number += trials.size();
        told.insert(told.end(), trials.begin(), trials.end());
        one.tell(trials);
        same.tell(trials);
        // However the trials are told: all at once or one by one.
        for (const auto& t : trials) piecewise.tell(std::span{&t, 1});
    }

    // A copy goes on as the original does, and so does one that was saved and restored.
    auto copy = one;
    auto random_copy = random;
    if constexpr (verdant::savable_engine<engine, law_space, law_goals>) {
        engine restored{options};
        const auto saved = one.save();
        restored.restore(saved, told);
        REQUIRE(restored.save() == saved);
        auto random_restored = random;
        REQUIRE(restored.ask(random_restored, 30) == copy.ask(random_copy, 30));
        REQUIRE_THROWS_AS(engine{options}.restore(saved + (saved.empty() ? "1" : " 1"), told), verdant::input_error);
        if (saved.find(' ') != saved.npos) REQUIRE_THROWS_AS(engine{options}.restore(saved.substr(0, saved.size() / 2), told), verdant::input_error);
        copy = one;
        random_copy = random;
    }
    REQUIRE(copy.ask(random_copy, 30) == one.ask(random, 30));

    // It may be told of points that nobody asked for, and of known ones again.
    std::vector<law_point> others;
    for (int i = 0; i < 30; ++i) others.push_back(verdant::sample<law_space>(random));
    others.insert(others.end(), others.begin(), others.begin() + 10);
    one.tell(measured(others, number));
    for (const auto& p : one.ask(random, 20)) REQUIRE(p.feasible());

    // Nothing but failures is no end.
    engine unlucky{options};
    for (int round = 0; round < 5; ++round) {
        auto trials = measured(unlucky.ask(random, 10), 0);
        for (auto& t : trials) t.status = verdant::trial_status::failed;
        unlucky.tell(trials);
    }
    REQUIRE(unlucky.ask(random, 1).size() == 1);
}

/// An asynchronous search by hand: some points are asked for and some trials told, in any order, as `random` has it.
template <class Engine>
class asynchronous_search {
public:
    std::vector<verdant::pending_trial<law_space>> pending;
    std::vector<law_trial> told;

    /// @param same engines that are asked and told the same; their answers are equal
    void step(std::vector<Engine*> same, std::vector<verdant::random_stream*> streams, verdant::random_stream& random) {
        if (pending.size() < 8 && random.below(2) == 0) {
            ask(same, streams, 1 + static_cast<std::size_t>(random.below(3)));
        } else if (!pending.empty()) {
            const auto at = pending.begin() + static_cast<std::ptrdiff_t>(random.below(pending.size()));
            told.push_back(measured(at->point, at->number));
            pending.erase(at);
            for (auto* e : same) e->tell(std::span{&told.back(), 1});
        }
    }

    void ask(const std::vector<Engine*>& same, const std::vector<verdant::random_stream*>& streams, std::size_t n) {
        const auto points = asked(*same[0], *streams[0], n);
        REQUIRE(points.size() <= n);
        for (std::size_t e = 1; e < same.size(); ++e) REQUIRE(asked(*same[e], *streams[e], n) == points);
        for (const auto& p : points) take(same, p);
    }

private:
    static constexpr bool knows_pending = verdant::pending_optimizer<Engine, law_space, law_goals>;

    std::vector<law_point> asked(Engine& e, verdant::random_stream& stream, std::size_t n) const {
        if constexpr (knows_pending) return e.ask(stream, n, pending);
        else return e.ask(stream, n);
    }
    void take(const std::vector<Engine*>& same, const law_point& p) {
        REQUIRE(p.feasible());
        for (const auto& t : told)
            if (t.point == p) {
                for (auto* e : same) e->tell(std::span{&t, 1});
                return;
            }
        for (const auto& one : pending)
            if (one.point == p) {
                REQUIRE_FALSE(knows_pending); // there are always others
                return;
            }
        pending.push_back({told.size() + pending.size(), p});
    }
};

/// What engines keep while trials are pending, with or without a word of these: equal orders of questions and tells give equal points, none is
/// infeasible or of a pending trial, and one that was saved meanwhile goes on.
template <class Policy>
void obeys_pending_laws(const typename Policy::options& options, int rounds = 4) {
    using engine = typename Policy::template engine<law_space, law_goals>;
    engine one{options}, same{options};
    verdant::random_stream random{11}, again{11}, order{5};
    asynchronous_search<engine> search;
    for (int round = 0; round < rounds; ++round) {
        for (int i = 0; i < 60; ++i) search.step({&one, &same}, {&random, &again}, order);
        if constexpr (verdant::savable_engine<engine, law_space, law_goals>) {
            engine restored{options};
            const auto saved = one.save();
            restored.restore(saved, search.told);
            REQUIRE(restored.save() == saved);
            auto copy = one;
            auto stream = random, other = random, order_of_copy = order;
            auto ahead = search;
            // A search that goes on asks its last question first.
            ahead.ask({&copy, &restored}, {&stream, &other}, 2);
            for (int i = 0; i < 40; ++i) ahead.step({&copy, &restored}, {&stream, &other}, order_of_copy);
        }
    }
    if constexpr (verdant::pending_optimizer<engine, law_space, law_goals>) REQUIRE(search.told.size() >= 10);
}

/// The least optimizer: the same point for ever.
struct optimizer_archetype : verdant::optimizer_policy_base {
    struct options {};
    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options&) {}
        std::vector<verdant::point<Space>> ask(verdant::random_stream&, std::size_t n) { return std::vector<verdant::point<Space>>(n); }
        void tell(std::span<const verdant::trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 1; }
    };
};

} // namespace laws
