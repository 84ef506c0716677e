#include <verdant/error.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/pareto/non_dominated_sort.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"
#include "point_sets.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

using namespace verdant;

namespace {

/// Inclusion and exclusion over all subsets; for few points only.
double by_inclusion_exclusion(pareto::objective_rows rows, std::span<const double> reference) {
    double total = 0;
    for (std::uint64_t subset = 1; subset < std::uint64_t{1} << rows.size(); ++subset) {
        double box = std::popcount(subset) % 2 == 1 ? 1 : -1;
        for (std::size_t j = 0; j < rows.objectives(); ++j) {
            double worst = -std::numeric_limits<double>::infinity();
            for (std::size_t i = 0; i < rows.size(); ++i)
                if ((subset >> i & 1U) != 0) worst = std::max(worst, rows[i][j]);
            box *= std::max(reference[j] - worst, 0.0);
        }
        total += box;
    }
    return total;
}

} // namespace

TEST_CASE("Hypervolume equals inclusion and exclusion on small sets with ties and duplicates", "[pareto]") {
    random_stream random{5};
    pareto::exact_hypervolume hypervolume;
    for (std::size_t objectives = 1; objectives <= 8; ++objectives)
        for (std::size_t repeat = 0; repeat < 30; ++repeat) {
            const auto n = 1 + static_cast<std::size_t>(random.below(9));
            const auto values = repeat % 3 == 0   ? point_sets::grid(n, objectives, 4, random)
                                : repeat % 3 == 1 ? point_sets::uniform(n, objectives, random)
                                                  : point_sets::sphere(n, objectives, random);
            // Some points lie beyond the reference, on the grid some exactly on it.
            const std::vector<double> reference(objectives, 0.75);
            CHECK(hypervolume({values, objectives}, reference) == Approx(by_inclusion_exclusion({values, objectives}, reference)).margin(1e-13));
            const std::vector<double> far(objectives, 2.0);
            CHECK(hypervolume({values, objectives}, far) == Approx(by_inclusion_exclusion({values, objectives}, far)).epsilon(1e-11));
        }
}

TEST_CASE("Hypervolume of larger sets equals its sum of slices", "[pareto]") {
    // The measure of d objectives is the integral of that of d - 1 over the last one.
    random_stream random{6};
    for (std::size_t objectives = 3; objectives <= 6; ++objectives)
        for (const bool ties : {false, true}) {
            const std::size_t n = 60;
            const auto values = ties ? point_sets::grid(n, objectives, 6, random) : point_sets::sphere(n, objectives, random);
            std::vector<std::size_t> order(n);
            std::iota(order.begin(), order.end(), std::size_t{0});
            const auto last = [&](std::size_t i) { return values[i * objectives + objectives - 1]; };
            std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return last(a) < last(b); });
            const std::vector<double> reference(objectives, 1.1);
            std::vector<double> slice;
            double total = 0;
            for (std::size_t k = 0; k < n; ++k) {
                const auto begin = values.begin() + static_cast<std::ptrdiff_t>(order[k] * objectives);
                slice.insert(slice.end(), begin, begin + static_cast<std::ptrdiff_t>(objectives - 1));
                const double next = k + 1 < n ? last(order[k + 1]) : 1.1;
                total += pareto::hypervolume({slice, objectives - 1}, std::span{reference}.first(objectives - 1)) * (next - last(order[k]));
            }
            CHECK(pareto::hypervolume({values, objectives}, reference) == Approx(total).epsilon(1e-12));
        }
}

TEST_CASE("Hypervolume grows with every point, not at all with dominated ones, and ignores the order", "[pareto]") {
    random_stream random{7};
    for (std::size_t objectives = 2; objectives <= 5; ++objectives) {
        const std::vector<double> reference(objectives, 1.0);
        const auto values = point_sets::uniform(40, objectives, random);
        double before = 0;
        for (std::size_t n = 1; n <= 40; ++n) {
            const double now = pareto::hypervolume({std::span{values}.first(n * objectives), objectives}, reference);
            CHECK(now >= before - 1e-14);
            before = now;
        }
        auto more = values;
        for (std::size_t j = 0; j < objectives; ++j) more.push_back(std::nextafter(values[j], 2.0));
        more.insert(more.end(), values.begin(), values.end());
        CHECK(pareto::hypervolume({more, objectives}, reference) == Approx(before).epsilon(1e-13));

        std::vector<double> reversed;
        for (std::size_t i = 40; i-- > 0;)
            reversed.insert(reversed.end(), values.begin() + static_cast<std::ptrdiff_t>(i * objectives),
                            values.begin() + static_cast<std::ptrdiff_t>((i + 1) * objectives));
        CHECK(pareto::hypervolume({reversed, objectives}, reference) == Approx(before).epsilon(1e-13));
    }
}

TEST_CASE("Ranks of 32 bits, for very many points, change nothing", "[pareto]") {
    random_stream random{8};
    const std::size_t n = 33000;
    auto values = point_sets::uniform(n, 4, random);
    for (auto& value : values) value = 0.5 + value / 2;
    const auto few = point_sets::sphere(60, 4, random);
    auto both = values;
    for (std::size_t i = 0; i < few.size(); ++i) both.push_back(few[i] * 0.6);
    const std::vector<double> reference(4, 1.0);
    // Without the dominated points 16 bits are enough.
    std::vector<double> front;
    const auto kept = pareto::non_dominated_ranks({both, 4});
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (kept[i] == 0)
            front.insert(front.end(), both.begin() + static_cast<std::ptrdiff_t>(i * 4), both.begin() + static_cast<std::ptrdiff_t>(i * 4 + 4));
    REQUIRE(front.size() / 4 < 32000);
    CHECK(pareto::hypervolume({both, 4}, reference) == Approx(pareto::hypervolume({front, 4}, reference)).epsilon(1e-12));
}

TEST_CASE("Points on or beyond the reference, and no points, have no volume", "[pareto]") {
    for (std::size_t objectives = 1; objectives <= 5; ++objectives) {
        const std::vector<double> reference(objectives, 1.0);
        CHECK(pareto::hypervolume({std::span<const double>{}, objectives}, reference) == 0);
        CHECK(pareto::hypervolume({reference, objectives}, reference) == 0);
        std::vector<double> edge(objectives, 0.0);
        edge.back() = 1.0;
        CHECK(pareto::hypervolume({edge, objectives}, reference) == 0);
        edge.back() = std::numeric_limits<double>::infinity();
        CHECK(pareto::hypervolume({edge, objectives}, reference) == 0);
        CHECK(pareto::hypervolume({std::vector<double>(objectives, 0.5), objectives}, reference) ==
              Approx(std::pow(0.5, static_cast<double>(objectives))).epsilon(1e-15));
    }
}

TEST_CASE("Hypervolume refuses what has no measure", "[pareto]") {
    const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    const std::vector good{0.0, 0.0}, reference{1.0, 1.0};
    CHECK_THROWS_WITH(pareto::hypervolume({std::vector{0.0, nan}, 2}, reference),
                      "verdant: objective vectors, vector 0, objective 1: expected a number, found NaN");
    CHECK_THROWS_AS(pareto::hypervolume({std::vector{0.0, -inf}, 2}, reference), input_error);
    CHECK_THROWS_AS(pareto::hypervolume({good, 2}, std::vector{1.0, nan}), input_error);
    CHECK_THROWS_AS(pareto::hypervolume({good, 2}, std::vector{1.0, inf}), input_error);
    CHECK_THROWS_AS(pareto::hypervolume({good, 2}, std::vector{1.0}), input_error);
}
