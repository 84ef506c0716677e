#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/random.hpp>
#include <verdant/space/enumeration.hpp>

#include <cstdlib>
#include <iterator>
#include <map>

TEST_CASE("random search is an optimizer", "[optimizer]") {
    laws::obeys_optimizer_laws<verdant::random_search>({});
    laws::obeys_pending_laws<verdant::random_search>({});
    laws::obeys_optimizer_laws<laws::optimizer_archetype>({});
    laws::obeys_pending_laws<laws::optimizer_archetype>({});
}

TEST_CASE("random search draws every feasible point about equally often", "[optimizer]") {
    verdant::random_search::engine<laws::law_space, laws::law_goals> engine{{}};
    verdant::random_stream random{5};
    std::size_t count = 0;
    for (auto p = verdant::feasible_points<laws::law_space>().begin(); p != std::default_sentinel; ++p) ++count;
    std::map<laws::law_point, int> seen;
    const std::size_t draws = 400 * count;
    for (const auto& p : engine.ask(random, draws)) ++seen[p];
    REQUIRE(seen.size() == count);
    // 400 expected each, standard deviation 20: beyond 8 of them the seed would be one in 10^14.
    for (const auto& [p, times] : seen) REQUIRE(std::abs(times - 400) < 160);
}

TEST_CASE("how many points random search is asked for at once changes nothing", "[optimizer]") {
    verdant::random_search::engine<laws::law_space, laws::law_goals> at_once{{}}, in_parts{{.batch = 3}};
    verdant::random_stream a{9}, b{9};
    auto parts = in_parts.ask(b, 13);
    const auto rest = in_parts.ask(b, 7);
    parts.insert(parts.end(), rest.begin(), rest.end());
    REQUIRE(at_once.ask(a, 20) == parts);
    REQUIRE(in_parts.preferred_batch() == 3);
}
