#include "catch.hpp"
#include "laws/executor.hpp"

#include <verdant/carbon/best_start.hpp>
#include <verdant/carbon/clean_hours.hpp>
#include <verdant/carbon/grid_csv.hpp>
#include <verdant/carbon/grid_series.hpp>
#include <verdant/carbon/weekly_schedule.hpp>
#include <verdant/error.hpp>
#include <verdant/parallel/thread_pool.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/units.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace carbon = verdant::carbon;
namespace vd = verdant;
using vd::input_error;

namespace {

const std::string old_header =
    "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity gCO\u2082eq/kWh (direct),Carbon Intensity gCO\u2082eq/kWh (LCA),"
    "Low Carbon Percentage,Renewable Percentage,Data Source,Data Estimated,Data Estimation Method\n";
const std::string new_header =
    "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO\u2082eq/kWh (direct),Carbon intensity gCO\u2082eq/kWh (Life cycle),"
    "Carbon-free energy percentage (CFE%),Renewable energy percentage (RE%),Data source,Data estimated,Data estimation method\n";
std::string row(const std::string& when, const std::string& direct, const std::string& life, const std::string& zone = "XX",
                const std::string& estimated = "false") {
    return when + ",Nowhere,Nowhere," + zone + ',' + direct + ',' + life + ",50,40,nobody," + estimated + ",\n";
}
double grams(vd::si::carbon_intensity i) { return vd::in<vd::grams_per_kilowatt_hour>(i); }
std::string message(const std::string& text, const carbon::grid_csv_options& o = {}) {
    try {
        (void)carbon::parse_grid_csv(text, "grid.csv", o);
    } catch (const input_error& e) { return e.what(); }
    return "accepted";
}
carbon::grid_series monday(std::vector<double> values) { return {"XX", 24 * 4, std::move(values)}; } // 1970-01-05

// A clock that only waiting moves, and tasks.
struct hand {
    double* when;
    double now() const { return *when; }
    void wait_until(double t) const { *when = t; }
};

} // namespace

TEST_CASE("Electricity Maps' files of both generations", "[carbon]") {
    for (const auto& header : {old_header, new_header}) {
        const auto text = header + row("2024-01-31 22:00:00", "100", "120.5") + row("2024-01-31 23:00:00", "90", "110") +
                          row("2024-02-01 00:00:00", "80", "100", "XX", "true");
        const auto life = carbon::parse_grid_csv(text, "grid.csv");
        CHECK(life.series.hours() == 3);
        CHECK(life.series.zone() == "XX");
        CHECK(grams(life.series.hour(0)) == Approx(120.5));
        CHECK(life.estimated == 1);
        CHECK(life.filled == 0);
        CHECK(vd::utc_text(life.series.begin()) == "2024-01-31T22:00:00.000000Z");
        const auto direct = carbon::parse_grid_csv(text, "grid.csv", {.accounting = carbon::accounting::direct});
        CHECK(grams(direct.series.mean()) == Approx(90));
    }
    // Any order, T and Z, fractions of a second that are 0.
    const auto mixed =
        carbon::parse_grid_csv(new_header + row("2024-01-31T01:00:00.000Z", "1", "11") + row("2024-01-31 00:00", "1", "10"), "grid.csv");
    CHECK(grams(mixed.series.hour(1)) == Approx(11));
}

TEST_CASE("holes in files are refused by name, or filled where that is asked for", "[carbon]") {
    const auto gap = new_header + row("2024-01-31 00:00:00", "1", "100") + row("2024-01-31 03:00:00", "1", "400");
    CHECK(message(gap).find("line 3, column 'Datetime (UTC)'") != std::string::npos);
    CHECK(message(gap).find("2 hours without a value from 2024-01-31T01:00Z") != std::string::npos);
    const auto carried = carbon::parse_grid_csv(gap, "grid.csv", {.gaps = carbon::gaps::previous});
    CHECK(carried.filled == 2);
    CHECK(grams(carried.series.hour(2)) == Approx(100));
    const auto between = carbon::parse_grid_csv(gap, "grid.csv", {.gaps = carbon::gaps::interpolated});
    CHECK(grams(between.series.hour(1)) == Approx(200));
    CHECK(grams(between.series.hour(2)) == Approx(300));
    CHECK(message(gap, {.gaps = carbon::gaps::previous, .longest_gap = 1}).find("a gap of at most 1 hours") != std::string::npos);

    for (const auto* nothing : {"", "NaN", "nan", "null"}) {
        const auto hole =
            new_header + row("2024-01-31 00:00:00", "1", "100") + row("2024-01-31 01:00:00", "1", nothing) + row("2024-01-31 02:00:00", "1", "300");
        CHECK(message(hole).find("line 3, column 'Carbon intensity gCO\u2082eq/kWh (Life cycle)'") != std::string::npos);
        // To pass over what is missing leaves a gap, which is refused in its turn.
        CHECK(message(hole, {.missing = carbon::missing::as_gaps}).find("without a value") != std::string::npos);
        const auto filled = carbon::parse_grid_csv(hole, "grid.csv", {.gaps = carbon::gaps::interpolated, .missing = carbon::missing::as_gaps});
        CHECK(grams(filled.series.hour(1)) == Approx(200));
    }
    CHECK(message(new_header + row("2024-01-31 00:00:00", "1", ""), {.gaps = carbon::gaps::previous, .missing = carbon::missing::as_gaps})
              .find("at least one number") != std::string::npos);
}

TEST_CASE("hours that come twice, other offsets and several zones", "[carbon]") {
    const auto twice = new_header + row("2024-01-31 00:00:00", "1", "100") + row("2024-01-31 00:00:00", "1", "200");
    CHECK(message(twice).find("again the hour of line 2, 2024-01-31T00:00Z") != std::string::npos);
    CHECK(grams(carbon::parse_grid_csv(twice, "g", {.duplicates = carbon::duplicates::first}).series.hour(0)) == Approx(100));
    const auto last = carbon::parse_grid_csv(twice, "g", {.duplicates = carbon::duplicates::last});
    CHECK(grams(last.series.hour(0)) == Approx(200));
    CHECK(last.passed_over == 1);

    const auto local = new_header + row("2024-01-31 01:00:00+01:00", "1", "100") + row("2024-01-31 02:00:00+0100", "1", "200");
    CHECK(message(local).find("a time in UTC, or an option that converts others") != std::string::npos);
    const auto converted = carbon::parse_grid_csv(local, "g", {.offsets = carbon::offsets::converted});
    CHECK(vd::utc_text(converted.series.begin()) == "2024-01-31T00:00:00.000000Z");
    CHECK(carbon::parse_grid_csv(new_header + row("2024-01-31 01:00:00+00:00", "1", "100"), "g").series.hours() == 1);

    const auto zones = new_header + row("2024-01-31 00:00:00", "1", "100", "AA") + row("2024-01-31 00:00:00", "1", "200", "BB");
    CHECK(message(zones).find("one zone, 'AA'") != std::string::npos);
    CHECK(grams(carbon::parse_grid_csv(zones, "g", {.zone = "BB"}).series.hour(0)) == Approx(200));
    CHECK(message(zones, {.zone = "CC"}).find("rows of the zone 'CC', found only others") != std::string::npos);
}

TEST_CASE("what is no grid is refused", "[carbon]") {
    for (const auto* when :
         {"2024-02-30 00:00:00", "2024-13-01 00:00:00", "2024-01-31 24:00:00", "31.01.2024 00:00", "", "2024-01-31", "2024-01-31 00:00:00+25:00",
          "2024-01-31 00:00:00 CET", "0000-01-01 00:00", "2024-01-31 00:00:00.5", "2024-01-31 00:00:00."})
        CHECK(message(new_header + row(when, "1", "100")).find("a time such as 2024-01-31 17:00:00") != std::string::npos);
    CHECK(message(new_header + row("2024-01-31 00:15:00", "1", "100")).find("the beginning of an hour") != std::string::npos);
    for (const auto* value : {"-1", "10001", "inf", "1e999", "x", "12 "})
        CHECK(message(new_header + row("2024-01-31 00:00:00", "1", value)) != "accepted");
    CHECK(message(new_header) != "accepted");
    CHECK(message("") != "accepted");
    CHECK(message("Datetime (UTC),Carbon intensity\n2024-01-31 00:00:00,1\n") != "accepted");
    CHECK(message("Datetime (UTC),Carbon Intensity gCO\u2082eq/kWh (LCA),Carbon intensity gCO\u2082eq/kWh (Life cycle)\n2024-01-31 00:00:00,1,2\n")
              .find("header: expected one column of these intensities, found 'Carbon Intensity gCO\u2082eq/kWh (LCA)' and ") != std::string::npos);
    CHECK(
        message(new_header + row("2024-01-31 00:00:00", "1", "100", "XX", "yes")).find("column 'Data estimated': expected true, false or nothing") !=
        std::string::npos);
    CHECK(message(new_header + row("2024-01-31 00:00:00", "1", "100", "XX", "")) == "accepted");
    CHECK(message("When,Carbon intensity gCO\u2082eq/kWh (Life cycle)\n2024-01-31 00:00:00,1\n") != "accepted");
    CHECK(message(new_header + row("0001-01-01 00:00:00", "1", "1") + row("9999-01-01 00:00:00", "1", "1"), {.gaps = carbon::gaps::previous})
              .find("a hundred years") != std::string::npos);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(carbon::grid_series("XX", 0, {}), input_error);
    CHECK_THROWS_AS(carbon::grid_series("XX", 0, {nan}), input_error);
    CHECK_THROWS_AS(carbon::grid_series("XX", 0, {-1}), input_error);
    CHECK_THROWS_AS(carbon::grid_series("XX", std::numeric_limits<std::int64_t>::max(), {1}), input_error);
}

TEST_CASE("means over spans and schedules", "[carbon]") {
    std::vector<double> week(168);
    for (std::size_t i = 0; i < week.size(); ++i) week[i] = static_cast<double>(i);
    const auto grid = monday(week);
    CHECK(grams(grid.mean()) == Approx(83.5));
    CHECK(grams(grid.mean(grid.begin() + 1800, grid.begin() + 5400)) == Approx(0.5));
    CHECK(grams(grid.mean(grid.begin(), grid.end())) == Approx(83.5));
    CHECK(grams(grid.at(grid.begin() + 3600)) == Approx(1));
    CHECK(grams(grid.at(grid.end())) == Approx(167));
    CHECK_THROWS_AS(grid.at(grid.begin() - 1), input_error);
    CHECK_THROWS_AS(grid.mean(grid.begin(), grid.end() + 1), input_error);
    CHECK_THROWS_AS(grid.mean(grid.begin(), grid.begin()), input_error);
    // Monday to Tuesday, 9 to 11, in UTC and two hours east of it.
    CHECK(grams(carbon::mean_intensity(grid, carbon::weekly_schedule::daily(9, 11, 0, 1))) == Approx((9 + 10 + 33 + 34) / 4.0));
    CHECK(grams(carbon::mean_intensity(grid, carbon::weekly_schedule::daily(9, 11, 0, 1, 2))) == Approx((7 + 8 + 31 + 32) / 4.0));
    // Over midnight, from Sunday into Monday.
    CHECK(grams(carbon::mean_intensity(grid, carbon::weekly_schedule::daily(23, 1, 6, 6))) == Approx((167 + 0) / 2.0));
    carbon::weekly_schedule weighted;
    weighted.load[10] = 3;
    weighted.load[20] = 1;
    CHECK(grams(carbon::mean_intensity(grid, weighted)) == Approx((30 + 20) / 4.0));
    CHECK_THROWS_AS(carbon::mean_intensity(grid, carbon::weekly_schedule{}), input_error);
    weighted.load[3] = -1;
    CHECK_THROWS_AS(carbon::mean_intensity(grid, weighted), input_error);
    CHECK_THROWS_AS(carbon::weekly_schedule::daily(9, 9), input_error);
    CHECK_THROWS_AS(carbon::weekly_schedule::daily(9, 25), input_error);
    CHECK_THROWS_AS(carbon::weekly_schedule::daily(9, 10, 5, 2), input_error);
    CHECK_THROWS_AS(carbon::weekly_schedule::daily(9, 10, 0, 6, 15), input_error);
}

TEST_CASE("the best start is no worse than any other", "[carbon]") {
    std::vector<double> values;
    for (std::uint64_t i = 0, state = 7; i < 72; ++i)
        values.push_back(static_cast<double>((state = state * 6364136223846793005ULL + 1442695040888963407ULL) >> 55));
    const auto grid = monday(values);
    for (const double hours : {0.3, 1.0, 2.5, 7.75, 24.0})
        for (const double from : {0.0, 0.4, 5.9})
            for (const double to : {30.2, 72.0}) {
                const double earliest = grid.begin() + from * 3600, deadline = grid.begin() + to * 3600;
                const auto best = carbon::best_start(grid, earliest, deadline, hours * vd::hours{});
                CHECK(best.start >= earliest);
                CHECK(best.start + hours * 3600 <= deadline + 1e-6);
                CHECK(grams(best.mean) == Approx(grams(grid.mean(best.start, best.start + hours * 3600))));
                CHECK(grams(best.now) == Approx(grams(grid.mean(earliest, earliest + hours * 3600))));
                for (double start = earliest; start + hours * 3600 <= deadline; start += 180)
                    REQUIRE(grams(best.mean) <= grams(grid.mean(start, start + hours * 3600)) * (1 + 1e-9));
            }
    const auto flat = monday(std::vector<double>(24, 100));
    CHECK(carbon::best_start(flat, flat.begin() + 60, flat.end(), 1.5 * vd::hours{}).start == flat.begin() + 60);
    CHECK_THROWS_AS(carbon::best_start(flat, flat.begin(), flat.end(), 25.0 * vd::hours{}), input_error);
    CHECK_THROWS_AS(carbon::best_start(flat, flat.begin(), flat.end() + 1, 1.0 * vd::hours{}), input_error);
    CHECK_THROWS_AS(carbon::best_start(flat, flat.begin() - 1, flat.end(), 1.0 * vd::hours{}), input_error);
    CHECK_THROWS_AS(carbon::best_start(flat, flat.begin(), flat.end(), 0.0 * vd::hours{}), input_error);
    CHECK(grams(carbon::clean_limit(monday({5, 1, 3, 2}), grid.begin(), grid.begin() + 4 * 3600, 2.0 * vd::hours{})) == Approx(2));
    CHECK_THROWS_AS(carbon::clean_limit(flat, flat.begin(), flat.end(), 25.0 * vd::hours{}), input_error);
    CHECK_THROWS_AS(carbon::clean_limit(flat, flat.begin(), flat.end(), -1.0 * vd::hours{}), input_error);
}

TEST_CASE("an executor that waits for clean hours", "[carbon]") {
    const auto grid = monday({400, 300, 100, 350, 90, 80, 500, 500});
    double when = grid.begin() + 600;
    vd::serial_executor inner;
    // Three hours of work until the seventh: clean are those of 100, 90 and 80.
    carbon::clean_hours<vd::serial_executor, hand> run{grid, {grid.begin() + 7 * 3600, 3.0 * vd::hours{}}, inner, {&when}};
    std::vector<double> begun;
    const auto an_hour = [&](std::size_t) {
        begun.push_back((when - grid.begin()) / 3600);
        when += 3600;
    };
    for (int i = 0; i < 3; ++i) run(1, an_hour);
    CHECK(begun == std::vector<double>{2, 4, 5});
    CHECK(vd::in<vd::hours>(run.used()) == Approx(3));
    CHECK(vd::in<vd::hours>(run.waited()) == Approx(5.0 - 1.0 / 6 - 2.0)); // from 0:10 to 2:00 and from 3:00 to 4:00
    // The work took longer than stated: no more waiting.
    run(1, an_hour);
    CHECK(begun.back() == 6);
    CHECK(run.threads() == 1);
}

TEST_CASE("waiting never breaks a deadline, and tasks run as without it", "[carbon]") {
    const auto grid = monday({400, 300, 200, 100, 50, 40, 30, 20});
    double when = grid.begin();
    vd::thread_pool pool{3};
    {
        // All hours are needed.
        carbon::clean_hours<vd::thread_pool, hand> run{grid, {grid.end(), 8.0 * vd::hours{}}, pool, {&when}};
        run(1, [](std::size_t) {});
        CHECK(when == grid.begin());
        CHECK(run.threads() == 3);
    }
    carbon::clean_hours<vd::thread_pool, hand> run{grid, {grid.begin() + 5 * 3600, 0.5 * vd::hours{}}, pool, {&when}};
    laws::obeys_executor_laws(run);
    CHECK(when == grid.begin() + 4 * 3600);
    vd::serial_executor inner;
    using in_order = carbon::clean_hours<vd::serial_executor, hand>;
    static_assert(vd::executor<in_order>);
    CHECK_THROWS_AS((in_order{grid, {grid.end() + 3600, 1.0 * vd::hours{}}, inner, {&when}}), input_error);
    CHECK_THROWS_AS((in_order{grid, {grid.end(), 0.0 * vd::hours{}}, inner, {&when}}), input_error);
    CHECK_THROWS_AS((in_order{grid, {when, 1.0 * vd::hours{}}, inner, {&when}}), input_error);
}

TEST_CASE("the system's clock", "[carbon]") {
    carbon::system_clock clock;
    const double before = clock.now();
    clock.wait_until(before + 0.01);
    CHECK(clock.now() >= before + 0.009);
    CHECK(clock.now() > 1.7e9);
    clock.wait_until(before - 1);
}

TEST_CASE("where all hours are equal, nothing waits", "[carbon]") {
    for (const double grams : {68.37, 0.1, 412.7})
        for (const double job : {1e-5, 0.01, 1.0, 7.25, 8000.3}) {
            const carbon::grid_series year{"", 473'000, std::vector<double>(8760, grams)};
            const double earliest = year.begin() + 123.4;
            const auto best = carbon::best_start(year, earliest, year.end(), job * vd::hours{});
            CHECK(best.start == earliest);
            CHECK(vd::in<vd::grams_per_kilowatt_hour>(best.mean) == Approx(grams).epsilon(1e-13));
        }
}

TEST_CASE("times that are none, and units that are others", "[carbon]") {
    const carbon::grid_series two{"", 473'000, {1, 2}};
    const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    CHECK_THROWS_WITH(two.at(nan), Catch::Contains("found nan s"));
    CHECK_THROWS_WITH(two.mean(two.begin(), inf), Catch::Contains("to inf s"));
    CHECK_THROWS_WITH(carbon::best_start(two, nan, two.end(), 1.0 * vd::hours{}), Catch::Contains("earliest start") && Catch::Contains("found nan"));
    CHECK_THROWS_WITH(carbon::best_start(two, two.begin(), inf, 1.0 * vd::hours{}), Catch::Contains("deadline") && Catch::Contains("found inf"));
    CHECK_THROWS_AS(carbon::best_start(two, two.begin(), two.end() + 1, 1.0 * vd::hours{}), input_error);
    CHECK_THROWS_AS(carbon::system_clock{}.wait_until(nan), input_error);
    CHECK_THROWS_WITH(carbon::parse_grid_csv("Datetime (UTC),Carbon intensity lbCO2eq/MWh (Life cycle)\n2024-01-31 00:00:00,900\n", "us.csv"),
                      Catch::Contains("us.csv, header") && Catch::Contains("/kWh (Life cycle)"));
    const std::string plain = "Datetime (UTC),Carbon intensity gCO2eq/kWh (Life cycle)\n2024-01-31 00:00:00";
    CHECK_THROWS_WITH(carbon::parse_grid_csv(plain + ",1\n", "one.csv", {.zone = "DE"}), Catch::Contains("found no column 'Zone id' or 'Zone name'"));
    CHECK_THROWS_WITH(carbon::parse_grid_csv(plain + "+01:,1\n", "one.csv", {.offsets = carbon::offsets::converted}),
                      Catch::Contains("a time such as"));
}
