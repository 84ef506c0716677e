#include "catch.hpp"

#include <verdant/surrogate/gp/normal_scores.hpp>

#include <vector>

using namespace verdant::surrogate;

TEST_CASE("Normal scores keep the order and share ranks among equals", "[surrogate]") {
    CHECK(normal_scores({}).empty());
    CHECK(normal_scores(std::vector<double>{3.0}).front() == Approx(0).margin(1e-12));
    const auto s = normal_scores(std::vector<double>{5, -1e300, 7, 5});
    CHECK(s[0] == s[3]);
    CHECK(s[0] == Approx(0).margin(1e-12)); // ranks 2 and 3 of 4
    CHECK(s[1] == Approx(normal_quantile(0.125)));
    CHECK(s[2] == Approx(normal_quantile(0.875)));
}
