#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

struct chain : space<param<"a", range<0, 9>>, param<"b", range<0, 9>>, param<"c", range<0, 9>>, param<"d", range<0, 9>>> {};
struct near_top : metric<"near_top"> {};
struct evenness : metric<"evenness"> {};

/// Two metrics that pull apart.
struct pulled {
    metrics<near_top, evenness> operator()(const point<chain>& p) const {
        double sum = 0, off = 0;
        for (std::size_t i = 0; i < p.size(); ++i) {
            sum += p[i];
            off += p[i] * p[i];
        }
        return {sum, off};
    }
};

template <class Optimizer>
using study = search<chain, maximize<near_top>, minimize<evenness>, Optimizer>;

/// Values 2 and 7 of a, 3 to 5 of b.
space_part<chain> some() {
    std::vector<allowed_combinations<chain>> bundles(2);
    bundles[0].parameters = {0};
    bundles[1].parameters = {1};
    for (const auto v : {2, 7}) bundles[0].combinations.emplace_back()[0] = static_cast<std::uint8_t>(v);
    for (const auto v : {3, 4, 5}) bundles[1].combinations.emplace_back()[1] = static_cast<std::uint8_t>(v);
    return space_part<chain>{bundles};
}

template <class Optimizer>
std::size_t distinct_within(const space_part<chain>& part) {
    study<within<space_part<chain>, Optimizer>> s{pulled{}};
    const auto result = s.run({.trials = 80, .seed = 2, .optimizer = {.region = part}});
    for (const auto& t : result.trials()) CHECK(part.contains(t.point));
    return result.trials().size();
}

} // namespace

TEST_CASE("Archive evolution keeps the laws of optimizers", "[optimizer]") {
    using policy = archive_evolution<>;
    laws::obeys_optimizer_laws<policy>({.initial = 20, .budget = 10, .generations = 0});
    laws::obeys_pending_laws<policy>({.initial = 20, .budget = 10, .generations = 0});
    laws::obeys_optimizer_laws<archive_evolution<redraw_variation, best_parents>>(
        {.initial = 7, .budget = 30, .generations = 0, .depth = 2, .parents = {3}});
    laws::obeys_pending_laws<archive_evolution<redraw_variation, best_parents>>(
        {.initial = 7, .budget = 30, .generations = 0, .depth = 2, .parents = {3}});
    laws::obeys_optimizer_laws<within<space_part<laws::law_space>, policy>>(
        {.region = space_part<laws::law_space>{}, .optimizer = {.initial = 20, .budget = 10, .generations = 0}});
    laws::obeys_pending_laws<within<space_part<laws::law_space>, policy>>(
        {.region = space_part<laws::law_space>{}, .optimizer = {.initial = 20, .budget = 10, .generations = 0}});
}

TEST_CASE("Archive evolution asks for the random points and then for a budget in each generation", "[optimizer]") {
    study<archive_evolution<>> s{pulled{}};
    const auto result = s.run({.trials = 10'000, .seed = 1});
    CHECK(result.trials().size() <= 250);
    CHECK(result.trials().size() > 200);
    const auto other = s.run({.trials = 10'000, .seed = 1, .optimizer = {.initial = 30, .budget = 20, .generations = 2}});
    CHECK(other.trials().size() <= 70);
    CHECK(other.trials().size() > 60);
}

TEST_CASE("Archive evolution finds a better front than random points", "[optimizer]") {
    double bred = 0, drawn = 0;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const auto best = [](const auto& result) {
            double sum = 0;
            for (const auto& t : result.front()) sum = std::max(sum, 3 * t.template get<near_top>() - t.template get<evenness>() / 4);
            return sum;
        };
        bred += best(study<archive_evolution<redraw_variation>>{pulled{}}.run({.trials = 250, .seed = seed, .optimizer = {.generations = 0}}));
        drawn += best(study<random_search>{pulled{}}.run({.trials = 250, .seed = seed}));
    }
    CHECK(bred > drawn);
}

TEST_CASE("With the best as parents and a limit, archive evolution searches under a constraint", "[optimizer]") {
    using limited = search<chain, maximize<near_top>, subject_to<evenness, at_most<60>>, archive_evolution<redraw_variation, best_parents>>;
    const auto result = limited{pulled{}}.run({.trials = 1000, .seed = 4, .optimizer = {.budget = 20, .generations = 10}});
    double best = 0;
    for (const auto& t : result.front()) {
        CHECK(t.get<evenness>() <= 60);
        best = std::max(best, t.get<near_top>());
    }
    CHECK(best == 15); // 4, 4, 4, 3: squares of 57; 4, 4, 4, 4 has 64
    // Those that break the limit have no children.
    archive_evolution<redraw_variation, best_parents>::engine<laws::law_space, laws::law_goals> engine{{.initial = 5, .generations = 1}};
    random_stream random{1};
    auto trials = laws::measured(engine.ask(random, 5), 0);
    for (auto& t : trials) t.violation = 1;
    engine.tell(trials);
    CHECK(engine.ask(random, 50).size() == 41); // strangers: all there are
    CHECK(engine.ask(random, 50).empty());
}

TEST_CASE("Archive evolution without parents, or with a rate that draws nothing, is refused", "[optimizer]") {
    using fronts = archive_evolution<>;
    using best = archive_evolution<redraw_variation, best_parents>;
    using of_fronts = fronts::engine<laws::law_space, laws::law_goals>;
    using of_best = best::engine<laws::law_space, laws::law_goals>;
    CHECK_THROWS_WITH((of_fronts{fronts::options{.parents = {.fronts = 0}}}),
                      Contains("archive_evolution, parents.fronts: expected at least 1, found 0"));
    CHECK_THROWS_WITH((of_best{best::options{.parents = {.count = 0}}}), Contains("archive_evolution, parents.count: expected at least 1, found 0"));
    CHECK_THROWS_WITH((of_fronts{fronts::options{.variation = {.rate = 1e-15}}}),
                      Contains("archive_evolution, variation.rate: expected 0, or at least 1e-06"));
    CHECK_NOTHROW(of_fronts{fronts::options{.variation = {.rate = 1e-6}}});
    CHECK_NOTHROW(of_fronts{fronts::options{.variation = {.rate = 0}}});
}

TEST_CASE("In a tiny space mutations find nothing new, and the search ends all the same", "[optimizer]") {
    const auto all = std::vector<allowed_combinations<chain>>{{{0, 1, 2, 3}, {point<chain>{}, point<chain>::from_indices(std::vector{1, 1, 1, 1})}}};
    study<within<space_part<chain>, archive_evolution<>>> s{pulled{}};
    const auto result = s.run({.trials = 250, .seed = 1, .optimizer = {.region = space_part<chain>{all}}});
    CHECK(result.trials().size() == 2);
}

TEST_CASE("Every optimizer stays within a part", "[optimizer]") {
    const auto part = some();
    CHECK(part.cardinality() == 600);
    CHECK(distinct_within<random_search>(part) == 80);
    CHECK(distinct_within<exhaustive_search>(part) == 80);
    CHECK(distinct_within<nsga2<>>(part) == 80);
    CHECK(distinct_within<evolution<>>(part) == 80);
    CHECK(distinct_within<archive_evolution<>>(part) == 80);
    // Afterwards the whole space is searched as before.
    CHECK(study<exhaustive_search>{pulled{}}.run({.trials = 20'000}).trials().size() == 10'000);
}

TEST_CASE("A search within a part needs one, and says so; an optimizer that leaves it is stopped", "[optimizer]") {
    using searched = within<space_part<laws::law_space>, laws::optimizer_archetype>;
    using engine = searched::engine<laws::law_space, laws::law_goals>;
    CHECK_THROWS_WITH(engine{searched::options{}}, "verdant: within, region: expected the region to search, found none");
    std::vector<allowed_combinations<laws::law_space>> bundles(1);
    bundles[0].parameters = {0, 1, 2};
    bundles[0].combinations.push_back(point<laws::law_space>{});
    bundles[0].combinations.back()[0] = 1;
    engine stubborn{{.region = space_part<laws::law_space>{bundles}, .optimizer = {}}};
    random_stream random{1};
    CHECK_THROWS_WITH(stubborn.ask(random, 1), Contains("left the region"));
    const chosen_region<space_part<chain>> region{some()}, same{some()}, whole{space_part<chain>{}}, none{};
    CHECK(std::string_view{region} == std::string_view{same});
    CHECK(std::string_view{region} != std::string_view{whole});
    CHECK(std::string_view{none} == "none");
    CHECK_THAT(std::string{std::string_view{region}}, Contains("600 points"));
}

TEST_CASE("Archive evolution refuses numbers that are none of their kind", "[optimizer]") {
    using engine = archive_evolution<>::engine<laws::law_space, laws::law_goals>;
    CHECK_THROWS_WITH(engine{{.initial = 0}}, Contains("archive_evolution, initial"));
    CHECK_THROWS_WITH(engine{{.budget = 0}}, Contains("budget"));
    CHECK_THROWS_WITH(engine{{.depth = 0}}, Contains("depth"));
    CHECK_THROWS_WITH(engine{{.attempts = 0}}, Contains("attempts"));
    CHECK_THROWS_WITH(engine{{.fruitless = 0}}, Contains("fruitless"));
    CHECK_THROWS_WITH(engine{{.variation = {1.5}}}, Contains("variation.rate"));
}

TEST_CASE("The best of the first objective are parents, or the first fronts", "[optimizer]") {
    const std::vector<double> rows{3, 0, 1, 5, 1, 5, 2, 2};
    CHECK(best_parents{2}(rows, 2) == std::vector<std::uint32_t>{1, 2});
    CHECK(best_parents{}(rows, 2) == std::vector<std::uint32_t>{1, 2, 3, 0});
    CHECK(front_parents{}(rows, 2) == std::vector<std::uint32_t>{0, 1, 3});
    CHECK(front_parents{2}(rows, 2) == std::vector<std::uint32_t>{0, 1, 3, 2});
}
