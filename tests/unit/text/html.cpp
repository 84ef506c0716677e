#include "catch.hpp"

#include <verdant/meta/fnv1a.hpp>
#include <verdant/text/html.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace io = verdant::io;

TEST_CASE("character references of HTML are replaced once", "[io]") {
    const std::pair<const char*, const char*> cases[] = {
        {"a &amp; b", "a & b"},
        {"&amp;lt;", "&lt;"},
        {"&eacute;t&eacute;", "\xc3\xa9t\xc3\xa9"},
        {"&#233;&#xE9;&#Xe9;", "\xc3\xa9\xc3\xa9\xc3\xa9"},
        {"&#39 x", "' x"},                 // numbers need no semicolon
        {"&ampx &notit;", "&x \xc2\xacit;"}, // nor do the old names, the longest of which counts
        {"&alpha &alpha;", "&alpha \xce\xb1"},
        {"&notin;", "\xe2\x88\x89"},
        {"&#128; &#x99;", "\xe2\x82\xac \xe2\x84\xa2"}, // windows-1252
        {"&#0; &#xD800; &#x110000; &#99999999999999;", "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd"},
        {"x&#1;&#xfffe;y", "xy"},
        {"&unknown; & &; &# &#x; &#xg", "&unknown; & &; &# &#x; &#xg"},
        {"&", "&"},
        {"&AMP;&apos;&gt", "&'>"},
        {"&Afr;&hearts;", "\xf0\x9d\x94\x84\xe2\x99\xa5"},
        {"&NotEqualTilde;", "\xe2\x89\x82\xcc\xb8"}, // two code points
        {"&NewLine;&Tab;", "\n\t"},
        {"&CounterClockwiseContourIntegral;&CounterClockwiseContourIntegral", "\xe2\x88\xb3&CounterClockwiseContourIntegral"}, // the longest
    };
    for (const auto& [text, expected] : cases) CHECK(io::unescape_html(text) == expected);
}

TEST_CASE("the table holds what HTML 5 defines, each name where the search finds it", "[io]") {
    std::size_t names = 0, bare = 0, last = 0;
    verdant::fnv1a all;
    std::string_view before;
    const auto& table = io::detail::html_entities;
    for (std::size_t at = 0; at < table.size(); at = table.find(' ', at) + 1) {
        const auto entry = io::detail::entity_at(at);
        CHECK(before < entry.name);
        before = entry.name;
        const auto found = io::detail::find_entity(entry.name);
        REQUIRE(found);
        CHECK(found->name.data() == entry.name.data());
        ++names;
        bare += entry.bare ? 1 : 0;
        last = at;
        all.add(entry.name);
        all.add(entry.bare ? 1 : 0);
        for (const auto code : entry.value()) all.add(code);
    }
    CHECK(last > 0);
    CHECK(names == 2125);
    CHECK(names + bare == 2231); // as the standard counts, which lists names without a semicolon apart
    CHECK(all.value() == 0xde42a7259ec813b0);  // of html.entities.html5 of Python 3.11
    for (const auto* name : {"", "A", "AEli", "AElih", "zwnk", "zz", "amp;"}) CHECK_FALSE(io::detail::find_entity(name));
}
