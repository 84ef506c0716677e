#include "catch.hpp"
#include "studies.hpp"

#include <cstdlib>
#include <sstream>

using namespace studies;

namespace {

vd::metrics<vd::accuracy, vd::latency> some_fail(const point& p) {
    if (p.get<"kernel">() == 5) throw std::runtime_error{"line one\nline two, \"quoted\""};
    return measure(p);
}

auto small() { return study<vd::exhaustive_search>{some_fail, power}.run({.trials = 6}); }

} // namespace

TEST_CASE("a report has a column for each parameter and each metric, with its unit", "[search]") {
    const auto all = vd::report_of(small().trials());
    REQUIRE(all.columns == std::vector<std::string>{"trial", "status", "layers", "width", "kernel", "accuracy", "latency [ms]", "energy [J]",
                                                    "violation", "message"});
    REQUIRE(all.rows.size() == 6);
    for (const auto& row : all.rows) REQUIRE(row.size() == all.columns.size());
    REQUIRE(all.rows[0] == std::vector<std::string>{"0", "feasible", "1", "1", "3", "0.75", "3", "1", "0", ""});
    REQUIRE(all.rows[1] == std::vector<std::string>{"1", "failed", "1", "1", "5", "", "", "", "", "line one\nline two, \"quoted\""});

    const auto brief = vd::report_of(small().trials(), {.status = false, .digits = 2});
    REQUIRE(brief.columns.front() == "trial");
    REQUIRE(brief.columns.back() == "energy [J]");
    REQUIRE(brief.rows[5] == std::vector<std::string>{"5", "1", "2", "7", "0.89", "14", "2"});
}

TEST_CASE("infeasible trials are called so, with their violation", "[search]") {
    const auto found = study<vd::exhaustive_search>{measure, power}.run({.trials = 1000});
    bool some = false;
    const auto all = vd::report_of(found.trials());
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
        REQUIRE(all.rows[i][1] == (found.trials()[i].feasible() ? "feasible" : "infeasible"));
        some = some || all.rows[i][1] == "infeasible";
        REQUIRE((all.rows[i][8] == "0") == found.trials()[i].feasible());
    }
    REQUIRE(some);
}

TEST_CASE("numbers in a report read back exactly", "[search]") {
    for (const double value : {0.1, 1.0 / 3, 6.02214076e23, -1e-300, 5e-324, 0.0})
        REQUIRE(std::strtod(vd::exact_text(value).c_str(), nullptr) == value);
    REQUIRE(vd::exact_text(0.1) == "0.1");
    REQUIRE(vd::rounded_text(1234.5678, 6) == "1234.57");
    REQUIRE(vd::rounded_text(0.000123456, 3) == "0.000123");
}

TEST_CASE("a table is aligned and stays one line a row", "[search]") {
    std::ostringstream out;
    vd::print_table(out, vd::report_of(small().trials()));
    std::vector<std::string> lines;
    std::istringstream in{out.str()};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    REQUIRE(lines.size() == 7);
    for (const auto& line : lines) REQUIRE(line.size() == lines[0].size());
    REQUIRE(out.str().find("line one line two, \"quoted\"") != std::string::npos);
    REQUIRE(vd::table_text(vd::report_of(small().trials())) == out.str());
}

TEST_CASE("a long table shows evenly spaced rows, first and last among them, and says so", "[search]") {
    vd::report r{.columns = {"n"}, .rows = {}};
    for (int i = 0; i < 101; ++i) r.rows.push_back({std::to_string(i)});
    REQUIRE(vd::table_text(r, 3) == "  n\n  0\n 50\n100\n(3 of 101 rows)\n");
    REQUIRE(vd::table_text(r, 1) == "n\n0\n(1 of 101 rows)\n");
    REQUIRE(vd::table_text(r, 0) == "n\n(0 of 101 rows)\n");
    REQUIRE(vd::table_text({.columns = {"a", "bc"}, .rows = {}}) == "a  bc\n");
}
