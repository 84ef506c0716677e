#include "catch.hpp"

#include <verdant/space.hpp>
#include <verdant/spaces.hpp>

namespace vd = verdant;
namespace hw = verdant::hardware;

TEST_CASE("the accelerator space has the published parameters and 3240 points", "[spaces]") {
    STATIC_REQUIRE(vd::valid<vd::spaces::accelerator>);
    STATIC_REQUIRE(vd::cardinality<vd::spaces::accelerator> == 3240);
    const auto names = vd::names<vd::spaces::accelerator>();
    REQUIRE(std::vector<std::string_view>(names.begin(), names.end()) ==
            std::vector<std::string_view>{"clusters", "width", "depth", "l2_kib", "l2_bandwidth", "glb_mib"});
}

TEST_CASE("a point stands for its accelerator, also in a narrowed space", "[spaces]") {
    const auto p = vd::parse_point<vd::spaces::accelerator>("clusters=2 width=64 depth=16 l2_kib=256 l2_bandwidth=64 glb_mib=4");
    const auto a = vd::spaces::accelerator_of(p);
    REQUIRE(a == hw::from_clusters(2, 64, 16, 256, 64, 4));
    struct narrow : vd::fix<vd::spaces::accelerator, "width", 64> {};
    REQUIRE(vd::spaces::accelerator_of(vd::point_cast<narrow>(p)) == a);
    STATIC_REQUIRE(vd::spaces::accelerator_space<narrow>);
    struct other : vd::space<vd::param<"width", vd::range<1, 4>>> {};
    STATIC_REQUIRE_FALSE(vd::spaces::accelerator_space<other>);
}
