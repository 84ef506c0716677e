#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/devices.hpp>
#include <verdant/hardware/throughput.hpp>

#include <functional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace hw = verdant::hardware;

namespace {

std::vector<hw::accelerator> published_grid() {
    std::vector<hw::accelerator> grid;
    for (const int clusters : {1, 2, 4})
        for (const int width : {32, 64, 128, 256})
            for (const int depth : {2, 4, 8, 16, 32, 64})
                for (const int glb : {2, 4, 8})
                    for (const int l2 : {64, 128, 256, 512, 1024})
                        for (const int bandwidth : {32, 64, 128}) grid.push_back(hw::from_clusters(clusters, width, depth, l2, bandwidth, glb));
    return grid;
}

} // namespace

TEST_CASE("the published grid has the counts of feasible points that the original has", "[hardware]") {
    const auto grid = published_grid();
    int small = 0, slow = 0, both = 0, differ = 0;
    for (const auto& a : grid) {
        const bool area = hw::area(a) <= hw::published_area_limit, tops = hw::tops(a) <= hw::published_tops_limit;
        small += area;
        slow += tops;
        both += area && tops;
        differ += hw::area(a) != hw::area<hw::live>(a);
    }
    CHECK(grid.size() == 3240);
    CHECK(small == 3195);
    CHECK(slow == 3060);
    CHECK(both == 3060);
    CHECK(differ == 81);
}

TEST_CASE("the points of the published grid are distinct to order and hash", "[hardware]") {
    const auto grid = published_grid();
    CHECK(std::set<hw::accelerator>(grid.begin(), grid.end()).size() == grid.size());
    CHECK(std::unordered_set<hw::accelerator>(grid.begin(), grid.end()).size() == grid.size());
    std::unordered_set<std::size_t> hashes;
    for (const auto& a : grid) hashes.insert(std::hash<hw::accelerator>{}(a));
    CHECK(hashes.size() == grid.size());
}

TEST_CASE("area grows with every extent and buffer, not with bandwidth", "[hardware]") {
    const auto base = hw::from_clusters(2, 64, 16, 256, 64, 4);
    CHECK(hw::area(hw::from_clusters(4, 64, 16, 256, 64, 4)) > hw::area(base));
    CHECK(hw::area(hw::from_clusters(2, 128, 16, 256, 64, 4)) > hw::area(base));
    CHECK(hw::area(hw::from_clusters(2, 64, 32, 256, 64, 4)) > hw::area(base));
    CHECK(hw::area(hw::from_clusters(2, 64, 16, 512, 64, 4)) > hw::area(base));
    CHECK(hw::area(hw::from_clusters(2, 64, 16, 256, 64, 8)) > hw::area(base));
    CHECK(hw::area(hw::from_clusters(2, 64, 16, 256, 128, 4)) == hw::area(base));
}

TEST_CASE("fixed devices are found by name, and an unknown name lists them", "[hardware]") {
    for (const auto& d : hw::devices) {
        CHECK(hw::device_named(d.name).value == d.value);
        CHECK(hw::has_legal_geometry(d.value));
    }
    try {
        (void)hw::device_named("T4");
        FAIL("accepted");
    } catch (const verdant::input_error& e) {
        CHECK(std::string{e.what()}.find("V100-like, A100-like, H100-like") != std::string::npos);
    }
}
