#include <verdant/spaces/autobuild/layer_variation.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

using namespace verdant;
using Catch::Contains;
using spaces::block_profile;
using spaces::layer_variation;
using spaces::mbconv_family;

namespace {

using mbv3 = spaces::ofa_mobilenet_v3<1.2>;
using pn = spaces::ofa_proxyless<>;

/// Whether all blocks and depths are of the profile.
bool within(const spaces::mbconv_config& c, const block_profile& p) {
    for (std::size_t u = 0; u < c.units.size(); ++u) {
        if (c.units[u].size() < p.least[u] || c.units[u].size() > p.greatest[u]) return false;
        for (const auto& b : c.units[u])
            if (std::find(p.candidates.begin(), p.candidates.end(), b) == p.candidates.end()) return false;
    }
    return true;
}

template <class S>
void check_profile(const std::string& name) {
    const auto profile = block_profile::of(spaces::mbconv_family_of<S>, name);
    profile.check();
    const layer_variation vary{profile};
    random_stream random{11};
    auto p = vary.initial<S>(random);
    std::set<std::size_t> depths;
    std::set<int> changed_units;
    for (int i = 0; i < 400; ++i) {
        REQUIRE(p.feasible());
        const auto config = spaces::config_of(p);
        REQUIRE(within(config, profile));
        depths.insert(config.units[0].size());
        const auto next = vary.mutate(p, random);
        const auto after = spaces::config_of(next);
        int changed = 0;
        for (std::size_t u = 0; u < after.units.size(); ++u) {
            const auto a = config.units[u].size(), b = after.units[u].size();
            REQUIRE((a > b ? a - b : b - a) <= 1);
            changed += after.units[u] == config.units[u] ? 0 : 1;
            if (a == b) {
                std::size_t blocks = 0;
                for (std::size_t j = 0; j < a; ++j) blocks += after.units[u][j] == config.units[u][j] ? 0 : 1;
                REQUIRE(blocks <= 1);
            }
        }
        REQUIRE(changed >= 1); // every change of a block is one
        REQUIRE(after.resolution == config.resolution);
        changed_units.insert(changed);
        p = i % 2 == 0 ? next : vary.initial<S>(random);
    }
    CHECK(depths.size() == profile.greatest[0] - profile.least[0] + 1);
    CHECK(changed_units.size() > 2);
}

} // namespace

TEST_CASE("Blocks vary within their profiles", "[spaces]") {
    for (const auto* name : {"whole", "npu", "gpu", "cpu", "max_acc", "n10"}) check_profile<mbv3>(name);
    for (const auto* name : {"whole", "npu", "gpu", "cpu", "max_acc"}) check_profile<pn>(name);
}

TEST_CASE("The published profiles", "[spaces]") {
    const auto npu = block_profile::of(mbconv_family::pn, "npu");
    CHECK(npu.candidates.size() == 6);
    CHECK(npu.probabilities == std::vector<double>{0.25, 0.25, 0.25, 0.5, 0.5, 0.5});
    CHECK(npu.greatest == std::vector<std::size_t>{4, 4, 4, 4, 4, 1});
    CHECK(block_profile::of(mbconv_family::mbv3, "gpu").greatest == std::vector<std::size_t>{4, 3, 4, 3, 3});
    CHECK(block_profile::of(mbconv_family::pn, "gpu").greatest == std::vector<std::size_t>{3, 3, 3, 4, 4, 1});
    CHECK(block_profile::of(mbconv_family::mbv3, "cpu").greatest == std::vector<std::size_t>{3, 3, 3, 4, 4});
    CHECK(block_profile::of(mbconv_family::pn, "cpu").greatest == std::vector<std::size_t>{3, 3, 4, 4, 4, 1});
    CHECK(block_profile::of(mbconv_family::mbv3, "cpu").candidates.size() == 9);
    CHECK(block_profile::of(mbconv_family::mbv3, "max_acc").candidates.size() == 5);
    const auto n10 = block_profile::of(mbconv_family::mbv3, "n10");
    CHECK(n10.candidates.size() == 7);
    CHECK(n10.greatest == std::vector<std::size_t>{3, 4, 4, 4, 4});
    random_stream random{1};
    const auto drawn = npu.with_random_candidates(random);
    CHECK(drawn.candidates.size() == 6);
    CHECK(drawn.name == "npu_random");
    drawn.check();
}

TEST_CASE("Profiles that make no sense are refused", "[spaces]") {
    CHECK_THROWS_WITH(block_profile::of(mbconv_family::pn, "n10"), Contains("one of whole, npu, gpu, cpu, max_acc"));
    CHECK_THROWS_WITH(block_profile::of(mbconv_family::mbv3, "npo"), Contains("did you mean 'npu'?"));
    random_stream random{1};
    const layer_variation other{block_profile::of(mbconv_family::pn, "gpu")};
    CHECK_THROWS_WITH(other.initial<mbv3>(random), Contains("layer variation, profile: expected one of the family mbv3, found pn"));
    auto profile = block_profile::whole(mbconv_family::mbv3);
    profile.greatest[2] = 5;
    CHECK_THROWS_WITH(profile.check(), Contains("whole, unit 3: expected depths that the family has"));
    profile = block_profile::whole(mbconv_family::mbv3);
    profile.candidates.clear();
    CHECK_THROWS_WITH(profile.check(), Contains("candidates, found none"));
    profile = block_profile::whole(mbconv_family::mbv3);
    profile.probabilities.pop_back();
    CHECK_THROWS_WITH(profile.check(), Contains("found 5, 5 and 4"));
}
