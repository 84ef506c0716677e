#include "catch.hpp"

#include <verdant/io/html.hpp>

#include <algorithm>

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
    };
    for (const auto& [text, expected] : cases) CHECK(io::unescape_html(text) == expected);
}

TEST_CASE("the table of names is sorted, as the search in it needs", "[io]") {
    CHECK(std::is_sorted(std::begin(io::detail::html_entities), std::end(io::detail::html_entities),
                         [](const auto& a, const auto& b) { return a.name < b.name; }));
    for (const auto& entity : io::detail::html_entities) CHECK(io::detail::find_entity(entity.name) == &entity);
}
