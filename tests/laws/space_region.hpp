#pragma once

// What every model of the concept `space_region` keeps.

#include "catch.hpp"

#include <verdant/optimizer/within.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/part.hpp>

#include <cstddef>
#include <set>
#include <string_view>

namespace laws {

/// @param region of fewer than a million points
template <class Region>
void obeys_region_laws(const Region& region) {
    static_assert(verdant::space_region<Region>);
    using space = typename Region::space_type;
    const auto& part = region.part();
    // All points are feasible, different, in order, and counted.
    std::set<verdant::point<space>> all;
    for (const auto& p : part.points()) {
        REQUIRE(p.feasible());
        REQUIRE(part.contains(p));
        REQUIRE((all.empty() || *all.rbegin() < p));
        all.insert(p);
    }
    REQUIRE(part.cardinality() == all.size());
    // What is drawn is one of them; within it, what may be proposed is what it contains.
    verdant::random_stream random{21};
    const auto copy = region;
    for (int i = 0; i < 200; ++i) {
        REQUIRE(all.contains(copy.part().sample(random)));
        const auto any = verdant::sample<space>(random);
        const verdant::within_part<space> bound{copy.part()};
        REQUIRE(verdant::may_be_proposed(any) == all.contains(any));
        REQUIRE(all.contains(verdant::sample<space>(random)));
    }
    // Equal regions are described alike, however they came about.
    REQUIRE(std::string_view{verdant::chosen_region<Region>{region}} == std::string_view{verdant::chosen_region<Region>{copy}});
}

} // namespace laws
