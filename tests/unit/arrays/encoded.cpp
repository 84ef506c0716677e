#include "catch.hpp"

#include <verdant/arrays/encoded.hpp>
#include <verdant/error.hpp>
#include <verdant/predictor/accuracy_encoding.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>

#include <xtensor/xmath.hpp>

#include <algorithm>
#include <span>
#include <type_traits>
#include <vector>

namespace vd = verdant;
namespace arrays = verdant::arrays;
using space = vd::spaces::accelerator;

namespace {

std::vector<vd::point<space>> some_points(std::size_t count) {
    vd::random_stream random{4};
    std::vector<vd::point<space>> points;
    while (points.size() < count) points.push_back(vd::sample<space>(random));
    return points;
}

} // namespace

TEST_CASE("rows of an encoded population are the encodings, and decode to the points", "[arrays]") {
    const auto points = some_points(50);
    const auto matrix = arrays::encoded<arrays::ordinal<space>>(points);
    REQUIRE(matrix.shape(0) == 50);
    REQUIRE(matrix.shape(1) == vd::ordinal_width<space>);
    std::vector<double> row(vd::ordinal_width<space>);
    for (std::size_t i = 0; i < points.size(); ++i) {
        vd::encode_ordinal(points[i], std::span<double>{row});
        for (std::size_t k = 0; k < row.size(); ++k) REQUIRE(matrix(i, k) == row[k]);
    }
    CHECK(arrays::decoded<arrays::ordinal<space>>(matrix) == points);

    const auto hot = arrays::encoded<arrays::one_hot<space, float>>(points);
    static_assert(std::is_same_v<decltype(hot)::value_type, float>);
    REQUIRE(hot.shape(1) == vd::one_hot_width<space>);
    const xt::xtensor<float, 1> ones = xt::sum(hot, {1});
    for (const float n : ones) REQUIRE(n == static_cast<float>(vd::parameter_count<space>));
    CHECK(arrays::decoded<arrays::one_hot<space, float>>(hot) == points);
}

TEST_CASE("encodings of accuracy predictors make the same matrices", "[arrays]") {
    using ofa = vd::spaces::moofa_v3;
    using encoding = vd::spaces::moofa_encoding<ofa>;
    vd::random_stream random{9};
    std::vector<ofa::arch_type> archs;
    for (int i = 0; i < 20; ++i) archs.push_back(vd::spaces::arch_of(vd::sample<ofa>(random)));
    const auto matrix = arrays::encoded<encoding>(archs);
    std::vector<float> expected(archs.size() * encoding::width);
    vd::spaces::encode<encoding>(archs, expected);
    REQUIRE(matrix.size() == expected.size());
    CHECK(std::equal(expected.begin(), expected.end(), matrix.data()));
    const bool same = arrays::encoded<encoding>(arrays::decoded<encoding>(matrix)) == matrix;
    CHECK(same);
}

TEST_CASE("no points make a matrix without rows, and a matrix of another width is refused", "[arrays]") {
    const std::vector<vd::point<space>> none;
    const auto matrix = arrays::encoded<arrays::ordinal<space>>(none);
    CHECK(matrix.shape(0) == 0);
    CHECK(matrix.shape(1) == vd::ordinal_width<space>);
    CHECK(arrays::decoded<arrays::ordinal<space>>(matrix).empty());
    const auto narrow = xt::xtensor<double, 2>::from_shape({2, 3});
    CHECK_THROWS_WITH(arrays::decoded<arrays::ordinal<space>>(narrow), "verdant: encoded matrix, columns: expected 6, found 3");
}
