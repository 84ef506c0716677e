#include <verdant/error.hpp>
#include <verdant/pareto/contributions.hpp>
#include <verdant/pareto/front_filter.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"
#include "point_sets.hpp"

#include <cstddef>
#include <vector>

using namespace verdant;

namespace {

std::vector<double> without(const std::vector<double>& values, std::size_t objectives, std::size_t i) {
    auto rest = values;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i * objectives), rest.begin() + static_cast<std::ptrdiff_t>((i + 1) * objectives));
    return rest;
}

} // namespace

TEST_CASE("A contribution is the difference of two hypervolumes", "[pareto]") {
    random_stream random{9};
    pareto::hypervolume_contributions contributions;
    for (std::size_t objectives = 1; objectives <= 7; ++objectives)
        for (std::size_t repeat = 0; repeat < 12; ++repeat) {
            const std::size_t n = repeat < 6 ? 10 : 40;
            const auto values = repeat % 3 == 0   ? point_sets::grid(n, objectives, 5, random)
                                : repeat % 3 == 1 ? point_sets::uniform(n, objectives, random)
                                                  : point_sets::sphere(n, objectives, random);
            const std::vector<double> reference(objectives, 0.9);
            const auto found = contributions({values, objectives}, reference);
            REQUIRE(found.size() == n);
            const double all = pareto::hypervolume({values, objectives}, reference);
            for (std::size_t i = 0; i < n; ++i)
                CHECK(found[i] == Approx(all - pareto::hypervolume({without(values, objectives, i), objectives}, reference)).margin(1e-13));
        }
}

TEST_CASE("Contributions of non-dominated points with ties are differences of hypervolumes, too", "[pareto]") {
    random_stream random{12};
    for (std::size_t objectives = 2; objectives <= 5; ++objectives)
        for (const std::size_t n : {3U, 12U, 60U}) {
            const auto drawn = point_sets::plane(n, objectives, 9, random);
            std::vector<double> values;
            for (const auto i : pareto::without_repeats({drawn, objectives}))
                values.insert(values.end(), drawn.begin() + static_cast<std::ptrdiff_t>(i * objectives),
                              drawn.begin() + static_cast<std::ptrdiff_t>((i + 1) * objectives));
            const std::vector<double> reference(objectives, 10.0);
            const auto found = pareto::contributions({values, objectives}, reference);
            const double all = pareto::hypervolume({values, objectives}, reference);
            for (std::size_t i = 0; i < found.size(); ++i)
                CHECK(found[i] == Approx(all - pareto::hypervolume({without(values, objectives, i), objectives}, reference)).margin(1e-10));
        }
}

TEST_CASE("Duplicates and dominated points contribute nothing", "[pareto]") {
    for (std::size_t objectives = 1; objectives <= 5; ++objectives) {
        std::vector<double> values;
        for (const double value : {0.5, 0.5, 0.7, 2.0}) values.insert(values.end(), objectives, value);
        const auto found = pareto::contributions({values, objectives}, std::vector<double>(objectives, 1.0));
        CHECK(found == std::vector<double>(4, 0.0));
    }
}

TEST_CASE("Contributions of nothing are none, and a wrong reference is refused", "[pareto]") {
    CHECK(pareto::contributions({std::vector<double>{}, 3}, std::vector{1.0, 1.0, 1.0}).empty());
    CHECK_THROWS_AS(pareto::contributions({std::vector{0.0, 0.0}, 2}, std::vector{1.0}), input_error);
}
