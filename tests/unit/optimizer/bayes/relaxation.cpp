#include <verdant/optimizer/bayes/relaxation.hpp>

#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>

#include "catch.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

using namespace verdant;

namespace {

struct mixed : space<param<"depth", range<6, 12>>, param<"fixed", choices<3>>, param<"activation", choices<"relu", "gelu", "silu">>,
                     param<"skip", flag>, param<"norm", choices<"batch", "layer">>, param<"width", choices<32, 64, 256>>> {};

} // namespace

TEST_CASE("Ordered parameters are positions with margins of almost half a step", "[optimizer]") {
    const relaxation r{view_of<mixed>};
    CHECK(r.dimensions() == 1 + 3 + 1 + 1 + 1);
    CHECK(r.free_parameters() == 5);
    const auto x = r.encode(std::vector<int>{2, 0, 1, 1, 0, 2});
    // Ax 0.3.7, transforms/int_to_float.py: (v - l + 0.49999) / (u - l + 0.99998)
    CHECK(x[0] == Approx(2.49999 / 6.99998).epsilon(1e-14));
    CHECK((x[1] == 0 && x[2] == 1 && x[3] == 0));
    CHECK(x[4] == Approx(1.49999 / 1.99998).epsilon(1e-14));
    CHECK(x[5] == Approx(0.49999 / 1.99998).epsilon(1e-14));
    CHECK(x[6] == Approx(2.49999 / 2.99998).epsilon(1e-14));
}

TEST_CASE("Decoding inverts encoding and rounds what lies between", "[optimizer]") {
    const relaxation r{view_of<mixed>};
    random_stream random{1};
    for (int i = 0; i < 200; ++i) {
        const auto p = sample<mixed>(random);
        CHECK(point<mixed>::from_indices(r.decode(r.encode(p))) == p);
    }
    Eigen::VectorXd x = Eigen::VectorXd::Zero(7);
    CHECK(r.decode(x) == std::vector<std::size_t>{0, 0, 0, 0, 0, 0});
    x.setOnes();
    CHECK(r.decode(x) == std::vector<std::size_t>{6, 0, 0, 1, 1, 2});
    // Each of 7 values has an equal share of [0, 1].
    std::vector<int> hits(7, 0);
    for (int i = 0; i < 7000; ++i) {
        x[0] = (i + 0.5) / 7000;
        ++hits[r.decode(x)[0]];
    }
    for (const auto h : hits) CHECK(h == Approx(1000).margin(2));
}

TEST_CASE("Numbers of the unit interval give each value an equal share", "[optimizer]") {
    const relaxation r{view_of<mixed>};
    CHECK(r.from_unit(std::vector<double>{0, 0.34, 0.5, 0.49, 0.999999}) == std::vector<std::size_t>{0, 0, 1, 1, 0, 2});
}

TEST_CASE("Parameters that have a choice are told apart by order", "[optimizer]") {
    const relaxation r{view_of<mixed>};
    CHECK_FALSE(r.ordered());
    struct numbers : space<param<"depth", range<6, 12>>, param<"skip", flag>> {};
    CHECK(relaxation{view_of<numbers>}.ordered());
    CHECK(r.free_parameter(1).parameter == 2);
    CHECK(r.free_parameter(1).values == 3);
    CHECK_FALSE(r.free_parameter(1).ordered);
    CHECK(r.free_parameter(4).ordered);
}
