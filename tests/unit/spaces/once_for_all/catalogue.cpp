// Spaces by name.

#include <verdant/error.hpp>
#include <verdant/spaces/once_for_all/catalogue.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/narrow.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>

#include "catch.hpp"

#include <set>
#include <string>
#include <string_view>
#include <type_traits>

namespace spaces = verdant::spaces;
using Catch::Contains;

TEST_CASE("A space is found by its name", "[catalogue]") {
    using all = spaces::published_catalogue;
    CHECK(std::set<std::string_view>(all::names.begin(), all::names.end()).size() == all::names.size());
    for (const auto name : all::names)
        CHECK(all::visit(name, []<class S>(std::type_identity<S>) { return std::string{spaces::catalogue_name<S>}; }) == name);
    const auto is_v3 = []<class S>(std::type_identity<S>) { return std::is_same_v<S, spaces::moofa_v3>; };
    CHECK(all::visit("MOOFA_V3", is_v3));
    CHECK_FALSE(all::visit("MOOFA_V2", is_v3));
    CHECK(all::visit("OFA_1.2", []<class S>(std::type_identity<S>) { return std::is_same_v<S, spaces::ofa_mobilenet_v3<1.2>>; }));
}

TEST_CASE("A catalogue has the spaces that it was given", "[catalogue]") {
    using narrow = spaces::catalogue<spaces::narrow_ofa, spaces::narrow_moofa>;
    STATIC_REQUIRE(narrow::names.size() == 2);
    int visited = 0;
    narrow::visit("narrow_MOOFA", [&visited]<class S>(std::type_identity<S>) { visited += std::is_same_v<S, spaces::narrow_moofa> ? 1 : 10; });
    CHECK(visited == 1);
    CHECK_THROWS_WITH(narrow::visit("OFA", [](auto) {}), Contains("space: expected one of narrow_OFA, narrow_MOOFA, found 'OFA'"));
}
