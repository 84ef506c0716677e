#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/space/validity.hpp>
#include <verdant/spaces/nas_bench_201/nas_bench_201.hpp>

#include <cstdint>
#include <set>
#include <string>

using namespace verdant;
using namespace verdant::spaces;
using Catch::Contains;

static_assert(valid<nas_bench_201>);
static_assert(cell_number(cell_of_number(12345)) == 12345);

namespace {

const std::string published = "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|";

} // namespace

TEST_CASE("Cells are read and written as NAS-Bench-201 writes them", "[spaces]") {
    const auto p = parse_cell(published);
    CHECK(p.get<"0to1">() == "avg_pool_3x3");
    CHECK(p.get<"0to2">() == "nor_conv_1x1");
    CHECK(p.get<"1to2">() == "skip_connect");
    CHECK(p.get<"2to3">() == "skip_connect");
    CHECK(cell_text(p) == published);
    for (std::uint32_t n = 0; n < 15625; n += 7) {
        const auto q = cell_of_number(n);
        CHECK(parse_cell(cell_text(q)) == q);
        CHECK(cell_number(q) == n);
    }
}

TEST_CASE("Texts that are no cell are refused where they go wrong", "[spaces]") {
    CHECK_THROWS_WITH(parse_cell(""), "verdant: cell, character 1: expected '|', found the end");
    CHECK_THROWS_WITH(parse_cell("|conv~0|"), Contains("character 2: expected one of none, skip_connect, nor_conv_1x1") && Contains("found 'conv~0|'"));
    CHECK_THROWS_WITH(parse_cell("|none~1|+|none~0|none~1|+|none~0|none~1|none~2|"), Contains("character 6: expected '~0|', found '~1|+"));
    CHECK_THROWS_WITH(parse_cell("|none~0|+|none~0|+|none~0|none~1|none~2|"), Contains("character 18: expected one of none"));
    CHECK_THROWS_WITH(parse_cell(published + " "), Contains("expected the end, found ' '"));
    CHECK_THROWS_WITH(parse_cell("|none~0|+|none~0|none~1|", "table.csv"), Contains("table.csv, character 25: expected '+|', found the end"));
    for (std::size_t n = 0; n < published.size(); ++n) CHECK_THROWS_AS(parse_cell(published.substr(0, n)), input_error);
    CHECK_THROWS_WITH(cell_of_number(15625), Contains("expected one below 15625, found 15625"));
}

TEST_CASE("There are 6466 distinct graphs", "[spaces]") {
    std::set<std::string> graphs;
    for (std::uint32_t n = 0; n < 15625; ++n) graphs.insert(canonical_cell(cell_of_number(n)));
    CHECK(graphs.size() == 6466);
    // An edge that skips is its node, sums have no order, nothing comes of zero.
    CHECK(canonical_cell(parse_cell("|skip_connect~0|+|nor_conv_3x3~0|none~1|+|none~0|none~1|avg_pool_3x3~2|")) ==
          canonical_cell(parse_cell("|skip_connect~0|+|none~0|nor_conv_3x3~1|+|none~0|none~1|avg_pool_3x3~2|")));
    CHECK(canonical_cell(parse_cell("|none~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|none~0|none~1|skip_connect~2|")) ==
          canonical_cell(parse_cell("|none~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|none~0|none~1|skip_connect~2|")));
}
