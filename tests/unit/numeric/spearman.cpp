#include <verdant/numeric/spearman.hpp>

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <vector>

using namespace verdant;
using Catch::Contains;

TEST_CASE("Ranks of equal numbers are means", "[surrogate]") {
    CHECK(surrogate::mean_ranks(std::vector<double>{3, 1, 3, 2, 3}) == std::vector<double>{4, 1, 4, 2, 4});
    CHECK(surrogate::mean_ranks({}).empty());
    CHECK_THROWS_WITH(surrogate::mean_ranks(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}),
                      Contains("expected numbers, found NaN"));
}

TEST_CASE("Spearman's correlation looks at the order alone", "[surrogate]") {
    const std::vector<double> up{1, 2, 3, 4}, steep{1, 10, 100, 1000}, down{9, 7, 5, 3}, nearly{1, 2, 4, 3}, flat(4, 2.0);
    CHECK(surrogate::spearman_rho(up, steep) == Approx(1));
    CHECK(surrogate::spearman_rho(up, down) == Approx(-1));
    CHECK(surrogate::spearman_rho(up, nearly) == Approx(0.8));
    CHECK(std::isnan(surrogate::spearman_rho(up, flat)));
    CHECK_THROWS_WITH(surrogate::spearman_rho(up, std::vector<double>{1}), Contains("found 4 and 1"));
}

TEST_CASE("Chances of rank correlations are those of Student's distribution", "[surrogate]") {
    // scipy.stats.t.sf, two-sided.
    CHECK(surrogate::spearman_p_value(0.8, 4) == Approx(0.2));
    CHECK(surrogate::spearman_p_value(0.9, 5) == Approx(0.03738607346849865).epsilon(1e-10));
    CHECK(surrogate::spearman_p_value(-0.9, 5) == Approx(0.03738607346849865).epsilon(1e-10));
    CHECK(surrogate::spearman_p_value(0, 10) == Approx(1));
    CHECK(surrogate::spearman_p_value(1, 10) == 0);
    CHECK(std::isnan(surrogate::spearman_p_value(0.5, 2)));
}
