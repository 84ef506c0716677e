#include "catch.hpp"
#include "dtlz2.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/evolution/moead.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

using engine = moead<>::engine<laws::law_space, laws::law_goals>;

} // namespace

TEST_CASE("MOEA/D keeps the laws of optimizers", "[optimizer]") {
    laws::obeys_optimizer_laws<moead<>>({.divisions = 9, .neighbours = 4});
    laws::obeys_optimizer_laws<moead<one_point_crossover, reset_mutation>>(
        {.divisions = 19, .near_probability = 0.5, .replacements = 1, .value = scalarisation::boundary_intersection, .batch = 4});
    laws::obeys_optimizer_laws<within<space_part<laws::law_space>, moead<>>>(
        {.region = space_part<laws::law_space>{}, .optimizer = {.divisions = 9, .neighbours = 4}});
}

TEST_CASE("Vectors are worth along a direction what the paper says", "[optimizer]") {
    const std::array<double, 2> ideal{1, 0}, extent{2, 1};
    const decomposition by_distance{das_dennis_directions(2, 4), 3, scalarisation::tchebycheff, 5};
    // (0.25, 0.75) of ((3 - 1) / 2, 2 / 1).
    CHECK(by_distance(1, std::array<double, 2>{3, 2}, ideal, extent) == Approx(1.5));
    CHECK(by_distance(0, std::array<double, 2>{3, 0}, ideal, extent) == Approx(1e-6));
    const decomposition along{das_dennis_directions(2, 2), 3, scalarisation::boundary_intersection, 5};
    CHECK(along(1, std::array<double, 2>{3, 1}, ideal, extent) == Approx(std::sqrt(2.0)));
    CHECK(along(1, std::array<double, 2>{5, 0}, ideal, extent) == Approx(6 * std::sqrt(2.0)));
}

TEST_CASE("Neighbours are the nearest directions", "[optimizer]") {
    const decomposition d{das_dennis_directions(2, 4), 3, scalarisation::tchebycheff, 5};
    const auto near = [&](std::size_t i) { return std::vector<std::uint32_t>(d.near(i).begin(), d.near(i).end()); };
    CHECK(near(0) == std::vector<std::uint32_t>{0, 1, 2});
    CHECK(near(2) == std::vector<std::uint32_t>{2, 1, 3});
    CHECK(decomposition{das_dennis_directions(2, 4), 99, scalarisation::tchebycheff, 5}.near(0).size() == 5);
}

TEST_CASE("Neighbours are those of all distances, in their order", "[optimizer]") {
    for (const auto& directions : {das_dennis_directions(1, 3), das_dennis_directions(2, 7, 5), das_dennis_directions(3, 6, 4),
                                   das_dennis_directions(5, 3, 2), das_dennis_directions(8, 2, 1)})
        for (const auto neighbours : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{20}, std::size_t{1000}}) {
            const decomposition d{directions, neighbours, scalarisation::tchebycheff, 5};
            const auto n = directions.size();
            for (std::uint32_t i = 0; i < n; ++i) {
                std::vector<std::pair<double, std::uint32_t>> all;
                for (std::uint32_t k = 0; k < n; ++k) {
                    double square = 0;
                    for (std::size_t j = 0; j < directions.objectives; ++j) {
                        const double off = directions.row(i)[j] - directions.row(k)[j];
                        square += off * off;
                    }
                    all.emplace_back(square, k);
                }
                std::sort(all.begin(), all.end());
                const auto near = d.near(i);
                REQUIRE(near.size() == std::min(neighbours, n));
                CHECK(std::equal(near.begin(), near.end(), all.begin(), [](std::uint32_t a, const auto& b) { return a == b.second; }));
            }
        }
}

TEST_CASE("As many directions as there may be have neighbours", "[optimizer]") {
    // 99681 directions, of which one inside has six others at the least distance.
    const decomposition d{das_dennis_directions(3, 445), 7, scalarisation::tchebycheff, 5};
    REQUIRE(d.size() == 99681);
    const auto middle = static_cast<std::uint32_t>(446 + 445 + 200); // third row of the triangle: (2, 200, 243) of 445
    std::vector<std::uint32_t> near(d.near(middle).begin(), d.near(middle).end());
    CHECK(near.front() == middle);
    std::sort(near.begin(), near.end());
    CHECK(near == std::vector<std::uint32_t>{middle - 445, middle - 444, middle - 1, middle, middle + 1, middle + 443, middle + 444});
    CHECK(engine{{.divisions = 99'999}}.population().size() == 100'000);
}

TEST_CASE("Neighbours for which memory is not meant are refused", "[optimizer]") {
    CHECK_THROWS_WITH((engine{{.divisions = 99'999, .neighbours = 100'000}}),
                      Contains("moead, neighbours: expected at most 671 of each of 100000 directions, for which 256 MiB are kept, found 100000"));
    CHECK_THROWS_WITH((engine{{.divisions = 99'999, .neighbours = 672}}), Contains("expected at most 671"));
    CHECK_THROWS_WITH((decomposition{das_dennis_directions(2, 8192), 8193, scalarisation::tchebycheff, 5}), Contains("at most 8191 of each of 8193"));
}

TEST_CASE("MOEA/D spreads over a front of three objectives", "[optimizer]") {
    const auto drawn = dtlz2::mean_volume<random_search>({});
    CHECK(dtlz2::mean_volume<moead<>>({.divisions = 6}) > drawn + 0.1);
    CHECK(dtlz2::mean_volume<moead<>>({.divisions = 6, .value = scalarisation::boundary_intersection}) > drawn + 0.1);
}

TEST_CASE("A child takes no more places than it may", "[optimizer]") {
    engine one{{.divisions = 9, .neighbours = 4, .replacements = 2}};
    random_stream random{5};
    one.tell(laws::measured(one.ask(random, 10), 0));
    const auto before = one.population();
    auto best = laws::measured(one.ask(random, 1), 10);
    best[0].status = trial_status::completed;
    best[0].objectives = {-1000, -1000};
    best[0].violation = 0;
    one.tell(best);
    const auto after = one.population();
    CHECK(std::count(after.begin(), after.end(), best[0].point) == 2);
    CHECK(std::inner_product(before.begin(), before.end(), after.begin(), 0, std::plus<>{}, std::not_equal_to<>{}) == 2);
}

TEST_CASE("MOEA/D goes on where answers come in another order, or late", "[optimizer]") {
    engine one{{.divisions = 9, .neighbours = 4}};
    random_stream random{5};
    auto open = laws::measured(one.ask(random, 12), 0);
    for (int round = 0; round < 12; ++round) {
        std::swap(open.front(), open.back());
        one.tell({&open.back(), 1});
        open.pop_back();
        const auto next = laws::measured(one.ask(random, 1), 12);
        for (const auto& t : open) CHECK(t.point != next[0].point);
        open.insert(open.begin(), next.begin(), next.end());
    }
}

TEST_CASE("MOEA/D says what is wrong with its options", "[optimizer]") {
    CHECK_THROWS_WITH(engine{{.neighbours = 1}}, Contains("moead") && Contains("neighbours: expected at least 2, found 1"));
    CHECK_THROWS_WITH(engine{{.near_probability = 1.5}}, Contains("near_probability: expected a number from 0 to 1, found 1.5"));
    CHECK_THROWS_WITH(engine{{.replacements = 0}}, Contains("replacements: expected at least 1"));
    CHECK_THROWS_WITH(engine{{.penalty = 0}}, Contains("penalty: expected a number above 0"));
}
