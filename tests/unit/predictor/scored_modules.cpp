#include <verdant/predictor/scored_modules.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>

#include "catch.hpp"

using namespace verdant;
using Catch::Contains;

TEST_CASE("Labelled modules are modules of the units of a space", "[predictor]") {
    using mbv3 = spaces::ofa_mobilenet_v3<1.2>;
    using pn = spaces::ofa_proxyless<>;
    predictor::module_labels labels;
    labels.family = spaces::mbconv_family::pn;
    for (std::uint8_t unit = 1; unit <= 5; ++unit) {
        predictor::labelled_module m;
        m.module.unit = unit;
        m.module.size = 3;
        m.module.blocks = {{{6, 7}, {4, 5}, {3, 3}}};
        m.score = unit;
        labels.modules.push_back(m);
    }
    const auto scored = predictor::scored_modules<pn>(labels);
    for (std::size_t u = 0; u < 5; ++u) {
        REQUIRE(scored[u].size() == 1);
        CHECK(scored[u][0].score == static_cast<double>(u + 1));
        CHECK((spaces::module_blocks<pn>(u, scored[u][0].values) ==
               predictor::units_of(labels.modules[u].module, labels.family))); // glog cannot print them
    }
    const auto one = reduced_space<pn>{scored}.at("image_size", "192");
    CHECK(one.cardinality() == 1);
    CHECK(spaces::config_of(*one.points().begin()).units[5].size() == 1);
    CHECK_THROWS_WITH(predictor::scored_modules<mbv3>(labels), "verdant: labels of modules, family: expected mbv3, found pn");
    labels.modules[2].module.unit = 6;
    CHECK_THROWS_WITH(predictor::scored_modules<pn>(labels), Contains("unit: expected from 1 to 5, found 6"));
    labels.modules[2].module.unit = 3;
    labels.modules[2].module.size = 5;
    CHECK_THROWS_AS(predictor::scored_modules<pn>(labels), input_error);
    CHECK_THROWS_WITH(spaces::module_point<pn>(4, {{{3, 3}, {3, 3}}}), Contains("unit 5: expected 2 lists of blocks, found 1"));
    CHECK_THROWS_WITH(spaces::module_point<mbv3>(5, {{{3, 3}, {3, 3}}}), Contains("a unit up to 5"));
    CHECK_THROWS_WITH(spaces::module_blocks<mbv3>(5, {}), Contains("a unit up to 5"));
}
