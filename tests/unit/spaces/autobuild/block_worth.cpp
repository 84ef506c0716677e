#include "catch.hpp"

#include <verdant/spaces/autobuild/block_worth.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using namespace verdant;
using namespace verdant::spaces;
using Catch::Contains;

namespace {

using mbv3 = ofa_mobilenet_v3<1.2>;
using pn = ofa_proxyless<1.3>;

double blocks_of(const point<mbv3>& p) {
    double n = 0;
    for (const auto& unit : config_of(p).units) n += static_cast<double>(unit.size());
    return n;
}

} // namespace

TEST_CASE("Networks have the block at its place, and all else is drawn", "[spaces]") {
    random_stream random{1};
    const auto whole = block_profile::whole(mbconv_family::mbv3);
    std::vector<std::size_t> depths(5);
    for (int i = 0; i < 2000; ++i) {
        const auto units = config_of(sample_with<mbv3>({2, 2, {4, 7}}, whole, random)).units;
        REQUIRE(units[2].size() >= 3);
        REQUIRE(units[2][2] == mbconv_block{4, 7});
        ++depths[units[2].size()];
    }
    CHECK(static_cast<double>(depths[3]) == Approx(1000).margin(100));
    const auto last = sample_with<pn>({5, 0, {6, 7}}, block_profile::whole(mbconv_family::pn), random);
    CHECK(config_of(last).units[5][0] == mbconv_block{6, 7});
    CHECK_THROWS_WITH(sample_with<mbv3>({5, 0, {6, 7}}, whole, random), Contains("unit 6, block 1"));
    CHECK_THROWS_WITH(sample_with<mbv3>({0, 4, {6, 7}}, whole, random), Contains("unit 1, block 5"));
    CHECK_THROWS_AS(sample_with<mbv3>({0, 0, {5, 7}}, whole, random), input_error);
}

TEST_CASE("Numbers in brief are those of NumPy", "[spaces]") {
    std::vector<double> numbers;
    for (int i = 0; i < 11; ++i) numbers.push_back((i * 7 % 11) * 1.0); // 0 to 10 in another order
    const auto p = number_profile::of(numbers);
    CHECK(p.count == 11);
    CHECK(p.mean == Approx(5));
    CHECK(p.deviation == Approx(std::sqrt(10.0)));
    CHECK(p.quantiles[0] == Approx(0.1));
    CHECK(p.quantiles[1] == Approx(0.5));
    CHECK(p.quantiles[2] == Approx(9.5));
    CHECK(p.quantiles[3] == Approx(9.9));
    CHECK(p.least == 0);
    CHECK(p.greatest == 10);
    CHECK_THROWS_WITH(number_profile::of({}), Contains("found none"));
    CHECK_THROWS_WITH(number_profile::of({1, std::numeric_limits<double>::quiet_NaN()}), Contains("finite numbers"));
}

TEST_CASE("A block deep in its unit is worth the depth that it needs", "[spaces]") {
    random_stream random{3};
    const auto worth = worth_of<mbv3>({1, 3, {3, 3}}, 3000, blocks_of, random);
    CHECK(worth.random.count == 3000);
    CHECK(worth.random.mean == Approx(15).margin(0.1));
    CHECK(worth.with.mean == Approx(16).margin(0.1));
    CHECK(worth.with.least >= 12);
    CHECK(worth.random.deviation == Approx(std::sqrt(5 * 2.0 / 3)).epsilon(0.05));
    CHECK(worth.with.deviation == Approx(std::sqrt(4 * 2.0 / 3)).epsilon(0.05));
}
