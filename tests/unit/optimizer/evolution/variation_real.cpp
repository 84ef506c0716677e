#include <verdant/error.hpp>
#include <verdant/optimizer/evolution/genome_variation.hpp>
#include <verdant/optimizer/evolution/variation_real.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

using namespace verdant;

static_assert(genome_variation<real_variation<>, std::vector<double>>);
static_assert(genome_variation<real_variation<std::array<double, 3>>, std::array<double, 3>>);

namespace {

const real_box box{{-1.0, 0.0, 5.0}, {1.0, 10.0, 5.0}};

bool inside(std::span<const double> x) {
    for (std::size_t j = 0; j < x.size(); ++j)
        if (!(x[j] >= box.lower(j) && x[j] <= box.upper(j))) return false;
    return true;
}

} // namespace

TEST_CASE("Real genomes never leave their box, not even from its edges", "[optimizer]") {
    random_stream random{1};
    const real_variation<std::array<double, 3>> variation{box, simulated_binary_crossover{{.rate = 1, .index = 0.5, .variable_rate = 1}},
                                                          polynomial_mutation{{.rate = 1, .index = 0}}};
    for (int repeat = 0; repeat < 5000; ++repeat) {
        auto a = variation.initial(random);
        auto b = variation.initial(random);
        CHECK((inside(a) && inside(b)));
        if (repeat % 3 == 0) a[0] = -1, a[1] = 10;
        if (repeat % 5 == 0) b[0] = std::nextafter(a[0], 2.0);
        auto [c, d] = variation.crossover(a, b, random);
        CHECK((inside(c) && inside(d)));
        variation.mutate(c, random);
        CHECK(inside(c));
        CHECK(c[2] == 5.0);
    }
}

TEST_CASE("Crossover far from the bounds keeps the middle of the parents and spreads as published", "[optimizer]") {
    // Unbounded spread factor: half of the children are contracted, with density 0.5 (n + 1) beta^n below 1 (Deb and Agrawal 1995, Eq. 6).
    const real_box wide{{-1e6}, {1e6}};
    const double index = 3;
    const simulated_binary_crossover crossover{{.rate = 1, .index = index, .variable_rate = 1}};
    random_stream random{2};
    const int n = 20000;
    int contracted = 0, below = 0;
    for (int repeat = 0; repeat < n; ++repeat) {
        std::vector a{-1.0}, b{1.0};
        crossover(a, b, wide, random);
        CHECK(a[0] + b[0] == Approx(0.0).margin(1e-9));
        const double beta = std::abs(a[0] - b[0]) / 2;
        contracted += beta < 1 ? 1 : 0;
        below += beta < 0.8 ? 1 : 0;
    }
    // Six standard deviations of a binomial count: fails with a probability below 1e-8 for a fresh seed, never for this one.
    const double margin = 6 * std::sqrt(0.25 / n);
    CHECK(contracted / double{n} == Approx(0.5).margin(margin));
    CHECK(below / double{n} == Approx(0.5 * std::pow(0.8, index + 1)).margin(margin));
}

TEST_CASE("Mutation changes the given share of variables, symmetrically in the middle of the box", "[optimizer]") {
    const real_box unit = real_box::unit(50);
    const polynomial_mutation mutation;
    random_stream random{3};
    const int n = 2000;
    int changed = 0, up = 0;
    for (int repeat = 0; repeat < n; ++repeat) {
        std::vector<double> x(50, 0.5);
        mutation(x, unit, random);
        for (const double value : x) {
            changed += value != 0.5 ? 1 : 0;
            up += value > 0.5 ? 1 : 0;
        }
    }
    CHECK(changed == Approx(n).margin(6 * std::sqrt(n)));
    CHECK(up == Approx(0.5 * changed).margin(6 * std::sqrt(0.25 * n)));
}

TEST_CASE("Rates of nought leave genomes alone", "[optimizer]") {
    random_stream random{4};
    const real_variation<> variation{real_box::unit(5), simulated_binary_crossover{{.rate = 0}}, polynomial_mutation{{.rate = 0}}};
    const auto a = variation.initial(random), b = variation.initial(random);
    auto children = variation.crossover(a, b, random);
    CHECK((children.first == a && children.second == b));
    variation.mutate(children.first, random);
    CHECK(children.first == a);
}

TEST_CASE("A power by multiplication equals the power", "[optimizer]") {
    for (const double exponent : {1.0, 2.0, 11.0, 21.0, 51.0, 128.0, 3.5})
        for (const double x : {0.0, 0.1, 0.9, 1.0, 1.7}) {
            CHECK(detail::index_power{exponent}(x) == Approx(std::pow(x, exponent)).epsilon(1e-13));
            CHECK(std::pow(detail::index_power{exponent}.root(x), exponent) == Approx(x).epsilon(1e-12));
        }
}

TEST_CASE("Boxes and rates that make no sense are refused", "[optimizer]") {
    const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS((real_box{{}, {}}), input_error);
    CHECK_THROWS_AS((real_box{{0.0}, {0.0, 1.0}}), input_error);
    CHECK_THROWS_AS((real_box{{1.0}, {0.0}}), input_error);
    CHECK_THROWS_AS((real_box{{0.0}, {inf}}), input_error);
    CHECK_THROWS_AS((real_box{{nan}, {1.0}}), input_error);
    CHECK_THROWS_AS((simulated_binary_crossover{{.rate = 1.5}}), input_error);
    CHECK_THROWS_AS((simulated_binary_crossover{{.index = -1}}), input_error);
    CHECK_THROWS_AS((polynomial_mutation{{.rate = nan}}), input_error);
    CHECK_THROWS_AS((polynomial_mutation{{.index = inf}}), input_error);
    CHECK_THROWS_AS((real_variation<std::array<double, 2>>{real_box::unit(3)}), input_error);
}

TEST_CASE("Parents from outside of the box have children inside", "[optimizer]") {
    random_stream random{5};
    const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    for (const double rate : {0.0, 0.5, 1.0}) {
        const real_variation<std::array<double, 3>> variation{box, simulated_binary_crossover{{.rate = rate, .variable_rate = 1}},
                                                              polynomial_mutation{{.rate = rate}}};
        for (int repeat = 0; repeat < 500; ++repeat) {
            auto a = variation.initial(random), b = variation.initial(random);
            for (std::size_t j = 0; j < 3; ++j) {
                const double odd[] = {a[j], box.upper(j) + 1e-9, box.lower(j) - 7, 1e300, -1e308, inf, -inf, nan};
                a[j] = odd[random.below(8)];
                b[j] = odd[random.below(8)];
            }
            auto children = variation.crossover(a, b, random);
            CHECK((inside(children.first) && inside(children.second)));
            variation.mutate(a, random);
            CHECK(inside(a));
        }
    }
    const real_variation<> any{real_box::unit(2)};
    std::vector<double> three{0, 0, 0};
    CHECK_THROWS_AS(any.crossover(three, three, random), input_error);
    CHECK_THROWS_AS(any.mutate(three, random), input_error);
}

TEST_CASE("The widest boxes have children inside, and wider ones are refused", "[optimizer]") {
    random_stream random{6};
    const double most = std::numeric_limits<double>::max() / 8;
    const real_box wide{{-most, -most, 0.9 * most}, {most, -0.9 * most, most}};
    const auto within = [&](const std::array<double, 3>& x) {
        for (std::size_t j = 0; j < 3; ++j)
            if (!(x[j] >= wide.lower(j) && x[j] <= wide.upper(j))) return false;
        return true;
    };
    const real_variation<std::array<double, 3>> variation{wide, simulated_binary_crossover{{.rate = 1, .index = 0, .variable_rate = 1}},
                                                          polynomial_mutation{{.rate = 1, .index = 0}}};
    bool different = false;
    for (int repeat = 0; repeat < 500; ++repeat) {
        const auto a = variation.initial(random), b = variation.initial(random);
        CHECK((within(a) && within(b)));
        auto children = variation.crossover(a, b, random);
        variation.mutate(children.first, random);
        CHECK((within(children.first) && within(children.second)));
        different = different || children.first != a;
    }
    CHECK(different);
    CHECK_THROWS_WITH((real_box{{-1e308}, {1e308}}), Catch::Contains("box, variable 0: expected bounds of at most 2.2e+307 in size, found [-1e+308, 1e+308]"));
}
