#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/local_search.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

struct chain : space<param<"a", range<0, 9>>, param<"b", range<0, 9>>, param<"c", range<0, 9>>> {};
struct height : metric<"height"> {};
struct cost : metric<"cost"> {};

using single = goals<maximize<height>>;
using told = trial<chain, single>;

told worth(const point<chain>& p, double value) {
    told t;
    t.point = p;
    t.values = {value};
    t.objectives = {-value};
    return t;
}
double sum_of(const point<chain>& p) { return static_cast<double>(p[0] + p[1] + p[2]); }
point<chain> at(std::array<std::uint32_t, 3> indices) { return point<chain>::from_indices(indices); }

} // namespace

TEST_CASE("Local search keeps the laws of optimizers", "[optimizer]") {
    laws::obeys_optimizer_laws<local_search>({});
    laws::obeys_pending_laws<local_search>({});
    laws::obeys_optimizer_laws<local_search>({.climb = climbing::best_improvement, .plateau = 0, .reach = 1});
    laws::obeys_pending_laws<local_search>({.climb = climbing::best_improvement, .plateau = 0, .reach = 1});
    laws::obeys_optimizer_laws<within<space_part<laws::law_space>, local_search>>({.region = space_part<laws::law_space>{}, .optimizer = {}});
    laws::obeys_pending_laws<within<space_part<laws::law_space>, local_search>>({.region = space_part<laws::law_space>{}, .optimizer = {}});
}

TEST_CASE("A climb asks for neighbours of where it stands, and goes on to the first that is better or to the best of all", "[optimizer]") {
    for (const auto climb : {climbing::first_improvement, climbing::best_improvement}) {
        local_search::engine<chain, single> one{{.climb = climb}};
        random_stream random{4};
        one.tell(std::array{worth(one.ask(random, 1).front(), 0)});
        const auto start = at({5, 5, 5});
        // The start is where the engine says; told by hand here.
        local_search::engine<chain, single> two{{.climb = climb}};
        auto here = two.ask(random, 1).front();
        two.tell(std::array{worth(here, sum_of(here))});
        std::size_t moves = 0;
        for (int i = 0; i < 200; ++i) {
            const auto p = two.ask(random, 1).front();
            std::size_t differences = 0;
            for (std::size_t k = 0; k < 3; ++k) differences += p[k] != here[k] ? 1 : 0;
            if (differences != 1) {
                CHECK(here == at({9, 9, 9})); // a new climb begins at the top alone
                break;
            }
            two.tell(std::array{worth(p, sum_of(p))});
            if (climb == climbing::first_improvement && sum_of(p) > sum_of(here)) here = p, ++moves;
            if (climb == climbing::best_improvement) {
                // A step up is a step to 9 in the lowest parameter, once all 27 neighbours are known.
                if (i % 27 == 26 || false) {
                    auto k = std::min_element(&here[0], &here[0] + 3) - &here[0];
                    here[static_cast<std::size_t>(k)] = 9;
                    ++moves;
                    break;
                }
            }
        }
        CHECK(moves > 0);
        static_cast<void>(start);
    }
}

TEST_CASE("Local search crosses plateaus, and leaves them", "[optimizer]") {
    // A terrace of equal points between 2 and 6 in a; b and c do not matter.
    const auto terraced = [](const point<chain>& p) -> metrics<height> {
        const auto a = static_cast<double>(p.get<"a">());
        return a < 2 ? a : a < 7 ? 2 : a;
    };
    const auto found =
        search<chain, maximize<height>, local_search>{terraced}.run({.trials = 200, .seed = 1, .optimizer = {.plateau = 6, .reach = 1}});
    CHECK(found.front().front().get<height>() == 9);
    const auto level = [](const point<chain>&) -> metrics<height> { return 1.0; };
    CHECK(search<chain, maximize<height>, local_search>{level}.run({.trials = 1000, .seed = 1}).trials().size() == 1000); // all there are
}

TEST_CASE("A climb asks for no neighbour again that was told while an earlier one is pending", "[optimizer]") {
    local_search::engine<chain, single> one{{}};
    random_stream random{6};
    const auto start = one.ask(random, 1)[0];
    one.tell(std::array{worth(start, 5)});
    const std::array pending{pending_trial<chain>{1, one.ask(random, 1)[0]}};
    std::vector<point<chain>> met{start, pending[0].point};
    for (int i = 0; i < 10; ++i) {
        const auto p = one.ask(random, 1, pending)[0];
        CHECK(std::find(met.begin(), met.end(), p) == met.end());
        one.tell(std::array{worth(p, 0)});
        met.push_back(p);
    }
}

TEST_CASE("Where all points are known, a question costs one climb", "[optimizer]") {
    local_search::engine<chain, single> one{{}};
    std::vector<told> all;
    for (const auto& p : feasible_points<chain>()) all.push_back(worth(p, sum_of(p)));
    one.tell(all);
    random_stream random{2};
    for (std::size_t k = 1; k <= 5; ++k) {
        const auto p = one.ask(random, 1);
        REQUIRE(p.size() == 1);
        CHECK(one.climbs() == k);
        one.tell(std::array{worth(p[0], sum_of(p[0]))});
    }
}

TEST_CASE("Several climbs find several parts of a front, within limits", "[optimizer]") {
    const auto both = [](const point<chain>& p) -> metrics<height, cost> {
        return {sum_of(p), static_cast<double>(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])};
    };
    const auto limited = search<chain, maximize<height>, subject_to<cost, at_most<50>>, local_search>{both}.run({.trials = 200, .seed = 2});
    CHECK(limited.front().front().get<height>() == 12); // 4, 4, 4
    const auto spread = search<chain, maximize<height>, minimize<cost>, local_search>{both}.run({.trials = 300, .seed = 2});
    CHECK(spread.front().size() > 12);
}

TEST_CASE("Local search says what is wrong with a stored state", "[optimizer]") {
    local_search::engine<chain, single> one{{}};
    CHECK_THROWS_WITH(one.restore("1 0 0 0 0 0 0 1 1", {}), Contains("a point that was told"));
    CHECK_THROWS_WITH(one.restore("0 0 0 0 0 5 0 1 1", {}), Contains("no more neighbours looked at than there are"));
}
