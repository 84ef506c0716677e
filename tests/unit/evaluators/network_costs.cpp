#include <verdant/error.hpp>
#include <verdant/evaluators/network_costs.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/published/published_evolution.hpp>
#include <verdant/random/numpy.hpp>
#include <verdant/random/python.hpp>
#include <verdant/search.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/spaces/once_for_all/elastic_mutation.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include "catch.hpp"

#include <algorithm>
#include <span>
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

TEST_CASE("the published loop gives up where nothing fits", "[spaces]") {
    using space = vd::spaces::moofa_v3;
    vd::reference::python_random python{1};
    vd::reference::numpy_random numpy{1};
    const auto equal = [](std::span<const vd::spaces::ofa_arch>, std::span<float> out) { std::fill(out.begin(), out.end(), 0.5F); };
    const auto peak = [](const vd::spaces::ofa_arch& a) { return vd::workload::peak_memory(vd::spaces::net_of(space::family, a)); };
    const auto run = [&](double constraint) {
        return vd::spaces::reference::published_evolution<space>(constraint, equal, peak, python, numpy,
                                                                 {.population = 10, .iterations = 2, .rejections = 2000});
    };
    CHECK(run(500'000).efficiency_calls >= 30);
    CHECK_THROWS_WITH(run(200'000), Catch::Contains("no candidate at or below 200000") && Catch::Contains("in 2000 draws; the least had"));
}
