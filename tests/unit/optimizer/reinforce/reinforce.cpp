#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search.hpp>
#include <verdant/study/memory_storage.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace reinforce_tests {

using policy = verdant::reinforce<verdant::target_reward>;
const policy::options small{.episodes = 5, .embedding = 4, .hidden = 8, .learning_rate = 0.02, .reward = {.target = 6}};

struct plain : verdant::space<verdant::param<"a", verdant::range<1, 4>>, verdant::param<"b", verdant::choices<3, 5>>,
                              verdant::param<"c", verdant::range<1, 3>>, verdant::param<"d", verdant::choices<true, false>>> {};
using goals = verdant::goals<verdant::maximize<verdant::accuracy>>;
using plain_policy = verdant::reinforce<>;
using plain_engine = plain_policy::engine<plain, goals>;

verdant::trial<plain, goals> measured(const verdant::point<plain>& p) {
    verdant::trial<plain, goals> t;
    t.point = p;
    t.values = {0.1 * static_cast<double>(p.get<"a">()) + (p.get<"d">() ? 0.2 : 0.0) + 0.05 * static_cast<double>(p.get<"c">() == 2)};
    t.objectives = goals::objectives(t.values);
    return t;
}

/// The first value of `a`, both of `b`: 12 points.
verdant::space_part<plain> few_points() {
    std::vector<verdant::allowed_combinations<plain>> bundles(1);
    bundles[0].parameters = {0};
    bundles[0].combinations.emplace_back()[0] = 0;
    return verdant::space_part<plain>{bundles};
}
/// A controller that soon draws little else than what it liked first.
const plain_policy::options rash{.episodes = 4, .embedding = 4, .hidden = 8, .learning_rate = 0.1};

struct accuracy_of {
    verdant::metrics<verdant::accuracy> operator()(const verdant::point<plain>& p) const { return measured(p).values; }
};

} // namespace reinforce_tests
using namespace reinforce_tests;

TEST_CASE("REINFORCE is an optimizer", "[optimizer]") {
    laws::obeys_optimizer_laws<policy>(small);
    laws::obeys_pending_laws<policy>(small);
    auto published = small;
    published.start = verdant::first_token::published;
    published.episodes = 1;
    laws::obeys_optimizer_laws<policy>(published);
    laws::obeys_pending_laws<policy>(published);
}

TEST_CASE("REINFORCE learns what is worth drawing", "[optimizer]") {
    plain_engine engine{{.episodes = 8, .embedding = 4, .hidden = 8, .learning_rate = 0.03}};
    verdant::random_stream random{3};
    double early = 0, late = 0, between = 0;
    for (int epoch = 0; epoch < 80; ++epoch) {
        std::vector<verdant::trial<plain, goals>> told;
        for (const auto& p : engine.ask(random, 8)) told.push_back(measured(p));
        for (const auto& t : told) (epoch < 10 ? early : epoch >= 70 ? late : between) -= t.objectives[0] / 80;
        engine.tell(told);
        REQUIRE(engine.updates() == static_cast<std::uint64_t>(epoch) + 1);
    }
    REQUIRE(early < 0.45);
    REQUIRE(late > 0.6); // of 0.65
}

TEST_CASE("how many points REINFORCE is asked for at once between two updates changes nothing", "[optimizer]") {
    plain_engine at_once{{.episodes = 30, .embedding = 4, .hidden = 8}}, in_parts{{.episodes = 30, .embedding = 4, .hidden = 8}};
    verdant::random_stream a{9}, b{9};
    auto parts = in_parts.ask(b, 13);
    const auto rest = in_parts.ask(b, 7);
    parts.insert(parts.end(), rest.begin(), rest.end());
    REQUIRE(at_once.ask(a, 20) == parts);
}

TEST_CASE("the reward of REINFORCE", "[optimizer]") {
    const verdant::objective_value accuracy{0.7, true, "accuracy"}, error{0.3, false, "error"}, latency{20, false, "latency"},
        throughput{20, true, "throughput"};
    REQUIRE(verdant::objective_reward{}(std::vector{accuracy}) == 0.7);
    REQUIRE(verdant::objective_reward{}(std::vector{error}) == -0.3);
    const verdant::target_reward reward{.target = 10};
    REQUIRE(reward(std::vector{accuracy, latency}) == Approx(0.7 * std::pow(0.5, 0.07)));
    REQUIRE(reward(std::vector{accuracy, throughput}) == Approx(0.7 * std::pow(2, 0.07)));
    REQUIRE_THROWS_WITH(reward(std::vector{accuracy, verdant::objective_value{0, false, "latency"}}), Catch::Contains("latency"));
}

TEST_CASE("REINFORCE refuses options that are none", "[optimizer]") {
    const auto refused = [](const policy::options& o, const char* name) {
        using engine = policy::engine<laws::law_space, laws::law_goals>;
        REQUIRE_THROWS_WITH(engine{o}, Catch::Contains(name));
    };
    refused({.episodes = 0}, "episodes");
    refused({.embedding = 0}, "embedding");
    refused({.hidden = 0}, "hidden");
    refused({.range = 0}, "range");
    refused({.learning_rate = -1}, "learning_rate");
    refused({.baseline_decay = 1.5}, "baseline_decay");
    refused({.entropy_weight = -1}, "entropy_weight");
    refused({.reward = {.target = 0}}, "reward.target");
    refused({.reward = {.exponent = -1}}, "reward.exponent");
}

TEST_CASE("the baseline of REINFORCE has all rewards of an update, but none of what failed", "[optimizer]") {
    plain_engine engine{{.episodes = 4, .embedding = 4, .hidden = 8}};
    verdant::random_stream random{1};
    std::vector<verdant::trial<plain, goals>> told;
    for (const auto& p : engine.ask(random, 4)) told.push_back(measured(p));
    told[1].status = verdant::trial_status::failed;
    for (std::size_t i = 0; i < 3; ++i) engine.tell(std::span{&told[i], 1});
    REQUIRE_FALSE(engine.baseline());
    // What is corrected before the update counts as corrected.
    told[0].objectives[0] = -0.9;
    engine.correct(told[0]);
    engine.tell(std::span{&told[3], 1});
    double expected = 0.9;
    for (const std::size_t i : {2U, 3U}) expected = 0.95 * expected - 0.05 * told[i].objectives[0];
    REQUIRE(*engine.baseline() == Approx(expected));
    REQUIRE(engine.updates() == 1);
}

TEST_CASE("a saved controller of another size is refused", "[optimizer]") {
    plain_engine engine{{.episodes = 4, .embedding = 4, .hidden = 8}};
    verdant::random_stream random{1};
    static_cast<void>(engine.ask(random, 1));
    const auto saved = engine.save();
    plain_engine wider{{.episodes = 4, .embedding = 4, .hidden = 9}};
    REQUIRE_THROWS_WITH(wider.restore(saved, {}), Catch::Contains("as many numbers as the controller has"));
}

TEST_CASE("REINFORCE searches a small space to its end", "[optimizer]") {
    using study = verdant::search<plain, verdant::maximize<verdant::accuracy>, plain_policy>;
    for (const std::size_t batch : {1U, 4U}) {
        auto session = study::ask_tell({.seed = 2, .optimizer = rash});
        std::size_t questions = 0, most = 0;
        for (std::size_t before = 0; !session.exhausted();) {
            for (const auto& p : session.ask(batch))
                if (session.tell_known(p) == nullptr) session.tell(p, accuracy_of{}(p));
            questions = session.trials().size() > before ? 0 : questions + 1;
            most = std::max(most, questions);
            before = session.trials().size();
        }
        REQUIRE(session.result().reason() == verdant::stop_reason::exhausted);
        REQUIRE(session.trials().size() == 48);
        REQUIRE(most >= 100); // it was needed
        REQUIRE(most <= 101);
    }
    // Also while trials are pending, of which those at the end are waited for.
    for (const unsigned threads : {1U, 3U}) {
        const auto found =
            study{accuracy_of{}}.run({.trials = 1000, .seed = 2, .threads = threads, .optimizer = rash, .order = verdant::tell_order::as_completed});
        REQUIRE(found.reason() == verdant::stop_reason::exhausted);
        REQUIRE(found.trials().size() == 48);
    }
    // The end of a part is that of the search.
    using partial = verdant::search<plain, verdant::maximize<verdant::accuracy>, verdant::within<verdant::space_part<plain>, plain_policy>>;
    const auto part = few_points();
    const auto found = partial{accuracy_of{}}.run({.trials = 1000, .seed = 2, .optimizer = {.region = part, .optimizer = rash}});
    REQUIRE(found.reason() == verdant::stop_reason::exhausted);
    REQUIRE(found.trials().size() == 12);
    for (const auto& t : found.trials()) REQUIRE(part.contains(t.point));
}

TEST_CASE("REINFORCE goes on with a small space where it was saved", "[optimizer]") {
    plain_engine engine{rash};
    verdant::random_stream random{2};
    std::vector<verdant::trial<plain, goals>> told;
    std::size_t compared = 0;
    for (int question = 0; question < 400; ++question) {
        if (question % 5 == 0) {
            plain_engine restored{rash};
            const auto saved = engine.save();
            restored.restore(saved, told);
            REQUIRE(restored.save() == saved);
            auto copy = engine;
            auto one = random, other = random;
            const auto points = copy.ask(one, 3);
            REQUIRE(restored.ask(other, 3) == points);
            REQUIRE(one == other);
            compared += points.empty() ? 0 : 1;
        }
        std::vector<verdant::trial<plain, goals>> now;
        for (const auto& p : engine.ask(random, 3)) now.push_back(measured(p));
        engine.tell(now);
        told.insert(told.end(), now.begin(), now.end());
    }
    REQUIRE(engine.ask(random, 3).empty()); // all are told
    REQUIRE(compared > 20);
    // A number of questions that no controller comes to.
    const auto saved = engine.save();
    REQUIRE_THROWS_WITH(plain_engine{rash}.restore(saved + "0", told), Catch::Contains("a number of questions without a new point"));
}
