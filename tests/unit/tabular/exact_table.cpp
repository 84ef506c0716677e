#include "catch.hpp"

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/text.hpp>
#include <verdant/tabular/benchmark.hpp>
#include <verdant/tabular/exact_table.hpp>
#include <verdant/tabular/exact_table_csv.hpp>

#include <limits>
#include <string>
#include <vector>

using namespace verdant;
using namespace verdant::tabular;
using Catch::Contains;

namespace {

struct net : space<param<"width", choices<16, 32>>, param<"kind", choices<"plain", "deep">>, param<"bias", flag>,
                   where<var<"width"> == val<16> || var<"bias"> == val<true>>> {};

const std::string rows =
    "id,width,kind,bias,top,ms\n"
    "7,16,plain,true,60,1\n8,16,plain,0,61,2\n9,16,deep,True,62,3\n10,16,deep,false,63,4\n11,32,plain,1,70,5\n12,32,deep,true,72,9\n";

exact_table<net> read(const std::string& text, const std::vector<std::string>& wanted = {"top", "ms"}) {
    return table_by_parameters<net>(io::parse_csv(text, "net.csv"), wanted);
}
std::string changed(std::string text, const std::string& from, const std::string& to) { return text.replace(text.find(from), from.size(), to); }

} // namespace

TEST_CASE("A table answers for points by the names of its columns", "[tabular]") {
    const auto table = read(rows);
    CHECK(table.size() == 6);
    CHECK(table.columns() == std::vector<std::string>{"top", "ms"});
    const auto p = parse_point<net>("width=32 kind=deep bias=true");
    CHECK(table.value(p, "ms") == 9);
    CHECK(table.values("top") == std::vector<double>{60, 61, 62, 63, 70, 72});
    CHECK_NOTHROW(table.require_complete());
    CHECK(read(rows, {}).columns() == std::vector<std::string>{"id", "top", "ms"});
    CHECK_THROWS_WITH(table.value(p, "tip"), "verdant: net.csv, columns: expected a column 'tip', found only top, ms; did you mean 'top'?");
}

TEST_CASE("A table is an evaluator of a search and a source of a benchmark", "[tabular]") {
    const auto table = read(rows);
    const auto evaluator = table.evaluator<accuracy, latency>({{{"top", source_unit::of<percent>()}, {"ms", source_unit::of<milliseconds>()}}});
    const auto found = search<net, maximize<accuracy>, minimize<latency>, exhaustive_search>{evaluator}.run({.trials = 100});
    CHECK(found.trials().size() == 6);
    CHECK(found.front().size() == 6);
    CHECK(found.front().front().get<accuracy>() == Approx(0.72));
    const benchmark<net, no_device, accuracy> b{table.source_of({"top", source_unit::of<percent>()})};
    CHECK(b(table.points()[4]).get<accuracy>() == Approx(0.7));
    CHECK_THROWS_WITH((table.evaluator<latency>({{{"top", source_unit::of<percent>()}}})),
                      Contains("net.csv, column 'top': expected a unit of the quantity of latency, found '%'"));
    CHECK_THROWS_WITH(table.source_of({"mss", {}}), Contains("did you mean 'ms'?"));
}

TEST_CASE("What a table lacks is refused by name", "[tabular]") {
    const auto table = read(changed(rows, "12,32,deep,true,72,9\n", ""));
    const auto p = parse_point<net>("width=32 kind=deep bias=true");
    CHECK(!table.contains(p));
    CHECK_THROWS_WITH(table.value(p, "top"),
                      "verdant: net.csv, width=32 kind=deep bias=true: expected a point of the table, found none of its 5 points");
    CHECK_THROWS_WITH(table.require_complete(), Contains("all feasible points of the space, found none for width=32 kind=deep bias=true"));
}

TEST_CASE("What is wrong in a file is named by line and column", "[tabular]") {
    CHECK_THROWS_WITH(read(changed(rows, "9,16,deep,True", "9,16,plain,False")),
                      "verdant: net.csv, line 4: expected each point once, found the point of line 3 again");
    CHECK_THROWS_WITH(read(changed(rows, "62,3", "nan,3")), "verdant: net.csv, line 4, column 'top': expected a number, found NaN");
    CHECK_THROWS_WITH(read(changed(rows, "62,3", ",3")), Contains("line 4, column 'top': expected a number, found ''"));
    CHECK_THROWS_WITH(read(changed(rows, "9,16,deep", "9,24,deep")), Contains("line 4, column 'width': expected one of 16, 32, found '24'"));
    CHECK_THROWS_WITH(read(changed(rows, "11,32,plain,1", "11,32,plain,0")), Contains("net.csv") && Contains("line 6"));
    CHECK_THROWS_WITH(read(changed(rows, "kind", "kinds")), Contains("expected a column 'kind'") && Contains("did you mean 'kinds'?"));
    CHECK_THROWS_WITH(read(rows, {"width"}), Contains("expected columns of numbers, found 'width', which says what a point is"));
    CHECK_THROWS_WITH(read(rows, {"top", "top"}), Contains("'top' twice"));
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH((exact_table<net>{"t", {"a"}, {point<net>{}}, {nan}}),
                      Contains("t, width=16 kind=plain bias=false, column 'a': expected a number, found NaN"));
    CHECK_THROWS_WITH((exact_table<net>{"t", {"a"}, {point<net>{}, point<net>{}}, {1, 2}}), Contains("expected each point once"));
    CHECK_THROWS_WITH((exact_table<net>{"t", {"a"}, {point<net>{}}, {1, 2}}), Contains("expected 1, one for each point and column, found 2"));
}

TEST_CASE("Parameters that do not exist are empty in a table, as our own tables and pandas write them", "[tabular]") {
    struct sparse : space<param<"local", flag>, param<"window", choices<3, 5, 7>>, when<var<"local"> == val<true>, param<"heads", choices<2, 4>>>> {};
    const auto table = table_by_parameters<sparse>(io::parse_csv("local,window,heads,top\ntrue,7,4,60\nfalse,7,,61\nfalse,5,2,62\n", "sparse.csv"));
    CHECK(table.value(parse_point<sparse>("local=true window=7 heads=4"), "top") == 60);
    CHECK(table.value(parse_point<sparse>("local=false window=7"), "top") == 61);
    CHECK(table.value(parse_point<sparse>("local=false window=5"), "top") == 62); // with the first value, as older files have it
    CHECK_THROWS_WITH(table_by_parameters<sparse>(io::parse_csv("local,window,heads,top\ntrue,7,,60\n", "sparse.csv")),
                      "verdant: sparse.csv, line 2, column 'heads': expected one of 2, 4, found ''");
    CHECK_THROWS_WITH(table_by_parameters<sparse>(io::parse_csv("local,window,heads,top\nfalse,,,60\n", "sparse.csv")),
                      Contains("column 'window': expected one of 3, 5, 7"));
    CHECK_THROWS_WITH(table_by_parameters<sparse>(io::parse_csv("local,window,heads,top\nfalse,3,,60\nfalse,3,2,61\n", "sparse.csv")),
                      Contains("the point of line 2 again"));
}

TEST_CASE("Tables of NAS-Bench-201 have their cells in a column", "[tabular]") {
    const std::string head = "arch,cell,acc\n",
                      one = "0,|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|,52.9\n";
    const auto parse = [](std::string_view text, const std::string& source) { return spaces::parse_cell(text, source); };
    const auto table = table_by_points<spaces::nas_bench_201>(io::parse_csv(head + one, "nb.csv"), "cell", parse);
    CHECK(table.value(table.points()[0], "acc") == 52.9);
    CHECK(table.columns() == std::vector<std::string>{"arch", "acc"});
    CHECK_THROWS_WITH(table.require_complete(), Contains("and 15623 others"));
    CHECK_THROWS_WITH(table_by_points<spaces::nas_bench_201>(io::parse_csv(head + "0,|none~0|,1\n", "nb.csv"), "cell", parse),
                      Contains("nb.csv, line 2, column 'cell', character 9: expected '+|'"));
}
