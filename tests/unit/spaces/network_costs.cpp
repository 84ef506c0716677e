#include <verdant/error.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution.hpp>
#include <verdant/search.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/spaces/elastic_mutation.hpp>
#include <verdant/spaces/moofa.hpp>
#include <verdant/spaces/network_costs.hpp>
#include <verdant/spaces/reachable_peaks.hpp>

#include "catch.hpp"

#include <string>

namespace vd = verdant;

namespace {

struct small_images : vd::fix<vd::spaces::moofa_v3, "image_size", 128> {};

template <class Space>
using study = vd::search<Space, vd::minimize<vd::macs>, vd::subject_to<vd::peak_memory, vd::at_most<800'000>>, vd::evolution<vd::network_costs>>;

} // namespace

TEST_CASE("the least peak of a space bounds what a search may ask for", "[spaces]") {
    const auto least = vd::spaces::least_peak<vd::spaces::moofa_v3>().peak;
    CHECK(vd::network_costs::least<vd::spaces::moofa_v3, vd::peak_memory>() == static_cast<double>(least));
    CHECK(vd::network_costs::least<small_images, vd::peak_memory>() == static_cast<double>(least));
    study<vd::spaces::moofa_v3> s{vd::network_costs{}};
    s.at_most<vd::peak_memory>(static_cast<double>(least - 1));
    CHECK_THROWS_WITH(s.run({.trials = 10}), Catch::Contains("no point has a peak_memory of at most " + std::to_string(least - 1) +
                                                             "; the least of this space is " + std::to_string(least)));
    s.at_most<vd::peak_memory>(static_cast<double>(least));
    const auto found = s.run({.trials = 20, .seed = 1, .optimizer = {.population = 10}});
    for (const auto& t : found.trials()) CHECK(t.get<vd::peak_memory>() == static_cast<double>(least));
}
