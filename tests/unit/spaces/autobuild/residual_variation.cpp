#include "catch.hpp"

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces/autobuild/residual_variation.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <string>

using namespace verdant;
using namespace verdant::spaces;
using Catch::Contains;

namespace {

struct resnet50 : ofa_resnet<> {};

/// Entries of the raw form that differ: d, w, and the lists of ratios that exist, stage by stage.
std::set<std::string> differences(const resnet_arch& a, const resnet_arch& b) {
    std::set<std::string> found;
    for (std::size_t i = 0; i < a.d.size(); ++i)
        if (a.d[i] != b.d[i]) found.insert("d" + std::to_string(i));
    for (std::size_t i = 0; i < a.w.size(); ++i)
        if (a.w[i] != b.w[i]) found.insert("w" + std::to_string(i));
    for (std::size_t s = 0; s < 4; ++s)
        for (int j = 0; j < resnet50::resnet.least_blocks[s] + std::min(a.d[s + 1], b.d[s + 1]); ++j) {
            const auto i = static_cast<std::size_t>(resnet50::resnet.block_offset(static_cast<int>(s)) + j);
            if (a.e[i] != b.e[i]) found.insert("e" + std::to_string(s));
        }
    return found;
}

} // namespace

TEST_CASE("A profile of OFA-ResNet50D bounds what is drawn and what mutations leave", "[spaces]") {
    residual_variation v;
    v.profile.ratios = {0.2, 0.35};
    v.profile.widths = {1, 2};
    v.profile.least = {2, 3, 4, 2};
    v.profile.greatest = {3, 4, 5, 2};
    random_stream random{1};
    auto p = v.initial<resnet50>(random);
    std::array<std::set<int>, 5> depths;
    std::set<double> ratios;
    for (int i = 0; i < 3000; ++i) {
        REQUIRE(p.feasible());
        const auto a = arch_of(p);
        for (const int w : a.w) REQUIRE((w == 1 || w == 2));
        for (std::size_t s = 0; s < 5; ++s) depths[s].insert(a.d[s]);
        for (std::size_t s = 0; s < 4; ++s)
            for (int j = 0; j < resnet50::resnet.least_blocks[s] + a.d[s + 1]; ++j)
                ratios.insert(a.e[static_cast<std::size_t>(resnet50::resnet.block_offset(static_cast<int>(s)) + j)]);
        p = i % 2 == 0 ? v.mutate(p, random) : v.initial<resnet50>(random);
    }
    CHECK(depths == std::array<std::set<int>, 5>{std::set<int>{0, 2}, {0, 1}, {1, 2}, {0, 1}, {0}});
    CHECK(ratios == std::set<double>{0.2, 0.35});
    v.profile.greatest[3] = 5;
    CHECK_THROWS_WITH(v.mutate(p, random), Contains("residual profile, whole, stage 3"));
    v.profile = {};
    v.profile.ratios = {0.3};
    CHECK_THROWS_WITH(v.initial<resnet50>(random), Contains("ratios out of 0.2, 0.25 and 0.35"));
    v.profile = {};
    v.profile.widths = {3};
    CHECK_THROWS_WITH(v.initial<resnet50>(random), Contains("widths out of 0, 1 and 2"));
}

TEST_CASE("One change at a time, each as often as the others that are allowed", "[spaces]") {
    residual_variation v;
    random_stream random{2};
    v.profile.probabilities = {0, 0, 1, 0, 0};
    auto a = arch_of(v.initial<resnet50>(random));
    a.d[2] = 1; // may grow and shrink
    for (std::size_t j = 0; j < 3; ++j) a.e[4 + j] = j == 0 ? 0.2 : j == 1 ? 0.25 : 0.35;
    const auto p = point_of<resnet50>(a);
    std::map<std::string, double> kinds;
    for (int i = 0; i < 4000; ++i) {
        const auto b = arch_of(v.mutate(p, random));
        const auto d = differences(a, b);
        for (const auto& entry : d) REQUIRE((entry == "d2" || entry == "e1" || entry == "w3"));
        REQUIRE_FALSE(d.empty());
        ++kinds[d.contains("w3") ? "width" : b.d[2] > a.d[2] ? "add" : b.d[2] < a.d[2] ? "remove" : "ratio"];
    }
    for (const auto* kind : {"width", "add", "remove", "ratio"}) CHECK(kinds[kind] / 4000 == Approx(0.25).margin(0.03));

    v.profile.probabilities = {1, 0, 0, 0, 0};
    std::map<std::string, double> stem;
    for (int i = 0; i < 3000; ++i) {
        const auto d = differences(a, arch_of(v.mutate(p, random)));
        REQUIRE(d.size() == 1);
        ++stem[*d.begin()];
    }
    for (const auto* part : {"d0", "w0", "w1"}) CHECK(stem[part] / 3000 == Approx(1.0 / 3).margin(0.03));
}

TEST_CASE("OFA-ResNet50D is searched layer by layer", "[spaces]") {
    using study = search<resnet50, maximize<accuracy>, minimize<latency>, archive_evolution<residual_variation>>;
    const auto measure = [](const point<resnet50>& p) {
        double size = 0;
        for (const auto& b : net_of(p).blocks) size += static_cast<double>(b.mid) * b.out;
        return metrics<accuracy, latency>{1 - std::exp(-size / 1e6), 1e-6 * size * milliseconds{}};
    };
    const auto result = study{measure}.run({.trials = 250, .seed = 1});
    CHECK(result.trials().size() > 150);
    CHECK(result.front().size() > 20);
}
