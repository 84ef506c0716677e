#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/report/report.hpp>

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

TEST_CASE("what is not UTF-8 in a message is replaced, so that tables and CSV are", "[search]") {
    const auto fails = [](const point&) -> vd::metrics<vd::accuracy, vd::latency> { throw std::runtime_error{"no file Ger\xe4t \xc3\xa4"}; };
    const auto report = vd::report_of(study<vd::exhaustive_search>{fails, power}.run({.trials = 1}).trials());
    REQUIRE(report.rows[0].back() == "no file Ger\xef\xbf\xbdt \xc3\xa4");
}

TEST_CASE("a long table shows evenly spaced rows, first and last among them, and says so", "[search]") {
    vd::report r{.columns = {"n"}, .rows = {}};
    for (int i = 0; i < 101; ++i) r.rows.push_back({std::to_string(i)});
    REQUIRE(vd::table_text(r, 3) == "  n\n  0\n 50\n100\n(3 of 101 rows)\n");
    REQUIRE(vd::table_text(r, 1) == "n\n0\n(1 of 101 rows)\n");
    REQUIRE(vd::table_text(r, 0) == "n\n(0 of 101 rows)\n");
    REQUIRE(vd::table_text({.columns = {"a", "bc"}, .rows = {}}) == "a  bc\n");
}

TEST_CASE("what does not exist at a point is blank", "[search]") {
    struct local : vd::space<vd::param<"local", vd::flag>, vd::when<vd::var<"local">, vd::param<"window", vd::choices<7, 9>>>> {};
    using search = vd::search<local, vd::maximize<vd::accuracy>, vd::exhaustive_search>;
    const auto found = search{[](const vd::point<local>&) { return vd::metrics<vd::accuracy>{0.5}; }}.run();
    const auto all = vd::report_of(found.trials(), {.status = false});
    REQUIRE(all.rows == std::vector<std::vector<std::string>>{{"0", "false", "", "0.5"}, {"1", "true", "7", "0.5"}, {"2", "true", "9", "0.5"}});
}

TEST_CASE("parameters that are called as other columns get a number, so that every column has a name of its own", "[search]") {
    struct awkward : vd::space<vd::param<"trial", vd::range<1, 2>>, vd::param<"accuracy", vd::range<1, 2>>, vd::param<"message", vd::flag>,
                               vd::param<"trial_2", vd::flag>, vd::param<"latency", vd::flag>> {};
    using search = vd::search<awkward, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::exhaustive_search>;
    const auto found = search{[](const vd::point<awkward>&) { return vd::metrics<vd::accuracy, vd::latency>{0.5, 1.0 * vd::seconds{}}; }}.run({.trials = 4});
    const auto all = vd::report_of(found.trials());
    REQUIRE(all.columns == std::vector<std::string>{"trial", "status", "trial_2", "accuracy", "message_2", "trial_2_2", "latency", "accuracy_2",
                                                    "latency [ms]", "violation", "message"});
    const auto back = verdant::io::parse_csv(verdant::io::csv_text(all), "trials.csv");
    REQUIRE(back.columns == all.columns);
    REQUIRE(back.rows == all.rows);
    REQUIRE(back.rows[3][back.column("trial_2_2")] == "true");
    REQUIRE(vd::report_of(found.trials(), {.status = false}).columns ==
            std::vector<std::string>{"trial", "trial_2", "accuracy", "message", "trial_2_2", "latency", "accuracy_2", "latency [ms]"});
}
