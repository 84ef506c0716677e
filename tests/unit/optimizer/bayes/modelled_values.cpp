#include <verdant/optimizer/bayes/bayes.hpp>

#include <verdant/search/search.hpp>

#include "catch.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace verdant;
using Catch::Contains;

namespace {

struct cell : space<param<"a", choices<"w", "x", "y", "z">>, param<"b", choices<"w", "x", "y", "z">>, param<"c", choices<"w", "x", "y", "z">>,
                    param<"d", choices<"w", "x", "y", "z">>> {};
struct score : metric<"score"> {};
struct size : metric<"size"> {};

/// Best at x, x, x, x; some cells do not work at all.
double height_of(const point<cell>& p) {
    double sum = 90;
    for (std::size_t i = 0; i < p.size(); ++i) sum -= p[i] == 1 ? 0.0 : 0.3 + 0.1 * p[i];
    return p[0] == 3 && p[1] != 1 ? 1 : sum;
}

using one = search<cell, maximize<score>, bayes<>>;
using limited = search<cell, maximize<score>, subject_to<size, at_most<3>>, bayes<>>;

} // namespace

TEST_CASE("With one objective on categories ranks are modelled, and the best is found", "[optimizer]") {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        one::options o{.trials = 45, .seed = seed};
        o.optimizer.points = {.raw_samples = 64, .starts = 2};
        const auto found = one{[](const point<cell>& p) -> metrics<score> { return height_of(p); }}.run(o);
        CHECK(found.front().front().get<score>() == 90);
        // Only the order of the values counts.
        const auto same = one{[](const point<cell>& p) -> metrics<score> {
                               const auto v = height_of(p);
                               return v * v * v;
                           }}.run(o);
        for (std::size_t i = 0; i < found.trials().size(); ++i) REQUIRE(found.trials()[i].point == same.trials()[i].point);
    }
}

TEST_CASE("Ranks are refused where there are other goals", "[optimizer]") {
    CHECK_NOTHROW(one::session_type(1, {.values = modelled_values::ranked}));
    CHECK_NOTHROW(limited::session_type(1, {}));
    CHECK_THROWS_WITH(limited::session_type(1, {.values = modelled_values::ranked}),
                      Contains("bayes, values: expected 'ranked' where there is one objective and no constraint, found other goals"));
}
