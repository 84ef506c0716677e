#include <verdant/surrogate/gp/outcome_transforms.hpp>

#include "catch.hpp"

#include <vector>

using namespace verdant;
using surrogate::outcome_transform;

namespace {

const std::vector<double> seen{1, 2, 3, 4, 5, 6, 7, 8, 9, 100}; // q1 = 3 (lower), q3 = 8 (higher)

} // namespace

TEST_CASE("Outliers are cut on the bad side only, beyond the fence of the quartiles or the limit", "[surrogate]") {
    // Ax 0.3.7, transforms/winsorize.py: max(q3, b) + 1.5 (max(q3, b) - q1)
    const outcome_transform no_limit{seen, {.above_is_bad = true}};
    CHECK(no_limit.cut(100) == 8 + 1.5 * (8 - 3));
    CHECK(no_limit.cut(-1000) == -1000);
    const outcome_transform tight{seen, {.high = 5, .above_is_bad = true}};
    CHECK(tight.cut(100) == 15.5);
    const outcome_transform loose{seen, {.high = 20, .above_is_bad = true}};
    CHECK(loose.cut(100) == 20 + 1.5 * 17);
    const outcome_transform below{seen, {.low = 2, .below_is_bad = true}};
    CHECK(below.cut(100) == 100);
    CHECK(below.cut(-50) == 2 - 1.5 * (8 - 2));
    const outcome_transform neither{seen, {}};
    CHECK(neither.cut(100) == 100);
}

TEST_CASE("What has been cut is standardised, and limits move along", "[surrogate]") {
    const outcome_transform t{seen, {.high = 5, .above_is_bad = true}};
    double sum = 0, squares = 0;
    for (const auto v : seen) {
        sum += t(v);
        squares += t(v) * t(v);
    }
    CHECK(sum == Approx(0).margin(1e-12));
    CHECK(squares == Approx(9));
    CHECK(t.limit(4) == t(4));
    CHECK(t.limit(100) > t(100));
    CHECK(t.inverse(t(4)) == Approx(4));
}

TEST_CASE("Constant and single observations become 0", "[surrogate]") {
    const outcome_transform constant{std::vector<double>{7, 7, 7}, {}};
    CHECK(constant(7) == 0);
    CHECK(constant.scale() == 1);
    const outcome_transform one{std::vector<double>{7}, {.high = 3, .above_is_bad = true}};
    CHECK(one(7) == 0);
}
