#include "catch.hpp"
#include "kept_study.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/study/study_csv.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace {

namespace vd = verdant;
using Catch::Contains;

vd::stored_study back(const std::string& text) { return vd::study_from_csv(vd::io::parse_csv(text, "t.csv"), kept::description(), "t.csv"); }

} // namespace

TEST_CASE("trials go to CSV and come back", "[study_csv]") {
    const auto study = kept::study();
    const auto text = vd::io::csv_text(vd::study_csv(study, "kept"));
    CHECK(text.substr(0, text.find('\n')) ==
          "trial,status,depth,act,on,rate,accuracy [%],latency [ms],energy [J],message,origin,started,ended,worker");
    const auto again = back(text);
    REQUIRE(again.trials.size() == study.trials.size());
    for (std::size_t i = 0; i < study.trials.size(); ++i) {
        auto expected = study.trials[i], found = again.trials[i];
        if (expected.parameters[3] == "0.30000000000000004") expected.parameters[3] = "0.3"; // as its domain has it
        REQUIRE(found.metrics.size() == expected.metrics.size());
        for (std::size_t m = 0; m < found.metrics.size(); ++m) CHECK(found.metrics[m] == Approx(expected.metrics[m]).epsilon(1e-15));
        found.metrics = expected.metrics;
        CHECK(kept::same(found, expected));
    }
    CHECK(back("energy [J],latency [ms],accuracy [%],rate,on,act,depth\n1,2,90,,false,relu,4\n").trials[0].metrics[1] == 0.002);
}

TEST_CASE("values that their unit has no place for go to CSV and come back exactly", "[study_csv]") {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    auto study = kept::study();
    study.trials.resize(8);
    study.description.goals[2].factor = 3.6e6;
    study.description.goals[2].unit = "kWh";
    const std::vector<double> latencies{1e306, -1e306, infinity, 0, -infinity, 0.002, 5e-324},
        energies{1e-320, 1e308, infinity, 5e-324, 0, 3.6e6, 7.2e6};
    std::size_t next = 0;
    for (auto& t : study.trials) {
        if (!t.completed) continue;
        t.metrics[1] = latencies[next];
        t.metrics[2] = energies[next++];
    }
    const auto table = vd::study_csv(study, "kept");
    CHECK(table.columns[6] == "accuracy [%]");
    CHECK(table.columns[14] == "latency [SI]");
    CHECK(table.columns[15] == "energy [SI]");
    CHECK(table.columns.size() == 16);
    CHECK((table.rows[0][7].empty() && table.rows[0][14] == "1e+306" && table.rows[0][8].empty() && table.rows[0][15] == "1e-320"));
    CHECK((table.rows[2][7] == "inf" && table.rows[2][14].empty()));
    CHECK((table.rows[6][7] == "2" && table.rows[6][8] == "1"));
    const auto again = vd::study_from_csv(vd::io::parse_csv(vd::io::csv_text(table), "t.csv"), study.description, "t.csv");
    REQUIRE(again.trials.size() == study.trials.size());
    for (std::size_t i = 0; i < study.trials.size(); ++i) {
        if (!study.trials[i].completed) continue;
        CHECK(again.trials[i].metrics[1] == study.trials[i].metrics[1]);
        CHECK(again.trials[i].metrics[2] == study.trials[i].metrics[2]);
    }
    const std::string head = "depth,act,on,rate,accuracy [%],latency [ms],energy [J],energy [SI]\n2,relu,false,,";
    CHECK(back(head + "1,1,,7\n").trials[0].metrics[2] == 7);
    CHECK_THROWS_WITH(back(head + "1,1,7,7\n"), Contains("column 'energy [SI]': expected nothing, since 'energy [J]' has a value, found '7'"));
    CHECK_THROWS_WITH(back(head + "1,1,,\n"), Contains("column 'energy [J]': expected a number"));
    CHECK_THROWS_WITH(back(head + "5e-324,1,1,\n"), Contains("column 'accuracy [%]': expected a number that SI units have, too, found '5e-324'"));
    auto large = kept::description();
    large.goals[1].factor = 1e3;
    CHECK_THROWS_WITH(vd::study_from_csv(vd::io::parse_csv(head + "1,1e308,1,\n", "t.csv"), large, "t.csv"),
                      Contains("a number that SI units have, too"));
}

TEST_CASE("what does not fit in a CSV file is named with its line and column", "[study_csv]") {
    const std::string head = "trial,status,depth,act,on,rate,accuracy [%],latency [ms],energy [J],started\n";
    CHECK_THROWS_WITH(back(head + "0,feasible,3,relu,false,,1,1,1,\n"),
                      Contains("line 2, column 'depth': expected a value of its domain, found '3'"));
    CHECK_THROWS_WITH(back(head + "0,feasible,2,relu,false,,much,1,1,\n"), Contains("column 'accuracy [%]': expected a number"));
    CHECK_THROWS_WITH(back(head + "0,good,2,relu,false,,1,1,1,\n"), Contains("feasible, infeasible or failed"));
    CHECK_THROWS_WITH(back(head + "0,feasible,2,relu,false,,1,1,1,now\n"), Contains("column 'started'"));
    CHECK_THROWS_WITH(back(head + "1,feasible,2,relu,false,,1,1,1,\n0,feasible,4,relu,false,,1,1,1,\n"), Contains("a number above"));
    CHECK_THROWS_WITH(back("depth,act,on,rate,accuracy [%],latency [ms],energy [J],colour\n"), Contains("'colour'"));
    CHECK_THROWS_WITH(back("depth,act,on,rate,accuracy [%],latency [ms]\n"), Contains("energy [J]"));
    CHECK_THROWS_WITH(back(head + "0,feasible,2,relu,false,,1,1,1,\n7,feasible,2,relu,false,,1,1,1,\n"),
                      Contains("line 3: expected a point that no trial before has, found that of trial 0"));
    CHECK_THROWS_WITH(back(head + R"(0,feasible,6,"it's </script> <b> ""x""",false,,1,1,1,)" + '\n'),
                      Contains("line 2: expected a point within the constraint act == relu || depth < 6, found one that breaks it"));
    CHECK_THROWS_WITH(back(head + "0,feasible,2,relu,true,,1,1,1,\n"), Contains("line 2, rate: expected a value, since it exists there, found none"));
    CHECK_THROWS_WITH(back(head + "0,feasible,2,relu,false,0.2,1,1,1,\n"),
                      Contains("line 2, rate: expected no value, since it does not exist there, found '0.2'"));
}

TEST_CASE("a CSV file that pandas has read and written comes back", "[study_csv]") {
    const auto study = kept::study();
    auto table = vd::study_csv(study, "kept");
    const auto column = [&table](const char* name) { return table.column(name); };
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        auto& row = table.rows[r];
        row[column("depth")] += ".0"; // as a column of numbers with gaps
        auto& on = row[column("on")];
        on = on == "true" ? "True" : "False";
    }
    table.columns.insert(table.columns.begin(), "");
    for (std::size_t r = 0; r < table.rows.size(); ++r) table.rows[r].insert(table.rows[r].begin(), std::to_string(r));
    const auto again = back(vd::io::csv_text(table));
    REQUIRE(again.trials.size() == study.trials.size());
    for (std::size_t i = 0; i < study.trials.size(); ++i) {
        CHECK(again.trials[i].parameters[0] == study.trials[i].parameters[0]);
        CHECK(again.trials[i].parameters[2] == study.trials[i].parameters[2]);
    }
    const std::string head = "depth,act,on,rate,accuracy [%],latency [ms],energy [J]\n";
    for (const auto* wrong : {"2.5", "3.0", "1e300", "nan", "inf", "2.0.0"})
        CHECK_THROWS_WITH(back(head + wrong + ",relu,false,,1,1,1\n"), Contains("column 'depth': expected a value of its domain"));
    CHECK_THROWS_WITH(back(head + "2,True,false,,1,1,1\n"), Contains("column 'act': expected a value of its domain"));
    CHECK_THROWS_WITH(back(",depth,act,on,rate,accuracy [%],latency [ms],energy [J]\n5,2,relu,false,,1,1,1\n"),
                      Contains("header: expected columns of the study"));
}

TEST_CASE("the status of a trial in a CSV file is what its metrics say", "[study_csv]") {
    auto description = kept::description();
    const auto with_bound = [&description](double bound, const std::string& row) {
        auto& goal = description.goals[2];
        goal.kind = "subject_to";
        goal.low = -std::numeric_limits<double>::infinity();
        goal.high = bound;
        return vd::study_from_csv(vd::io::parse_csv("status,depth,act,on,rate,accuracy [%],latency [ms],energy [J],message\n" + row + '\n', "t.csv"),
                                  description, "t.csv");
    };
    CHECK(with_bound(2, "feasible,2,relu,false,,1,1,1,").trials.size() == 1);
    CHECK(with_bound(2, "infeasible,2,relu,false,,1,1,3,").trials.size() == 1);
    CHECK(with_bound(2, ",2,relu,false,,1,1,3,").trials.size() == 1);
    CHECK(with_bound(0.1 + 0.2, "feasible,2,relu,false,,1,1,0.3000000000000001,").trials.size() == 1); // rounded, at the bound
    CHECK(with_bound(0.1 + 0.2, "infeasible,2,relu,false,,1,1,0.3,").trials.size() == 1);
    CHECK_THROWS_WITH(with_bound(2, "infeasible,2,relu,false,,1,1,1,"),
                      Contains("line 2, column 'status': expected feasible, as the metrics of the row say, found 'infeasible'"));
    CHECK_THROWS_WITH(with_bound(2, "feasible,2,relu,false,,1,1,3,"), Contains("expected infeasible, as the metrics of the row say"));
    CHECK_THROWS_WITH(with_bound(2, "feasible,2,relu,false,,inf,1,1,"), Contains("expected infeasible, as the metrics of the row say"));
    CHECK_THROWS_WITH(with_bound(2, "failed,2,relu,false,,,7,,out of memory"),
                      Contains("column 'latency [ms]': expected nothing, since the trial failed, found '7'"));
    CHECK_THROWS_WITH(with_bound(2, "feasible,2,relu,false,,1,1,1,out of memory"),
                      Contains("column 'message': expected nothing, since the trial did not fail, found 'out of memory'"));
}

TEST_CASE("parameters and metrics with the names of columns go to CSV and come back", "[study_csv]") {
    auto study = kept::study();
    auto& d = study.description;
    d.parameters[0].name = "status";
    d.parameters[1].name = "worker";
    d.metrics[2] = d.goals[2].metric = "message";
    d.goals[2].unit = "";
    d.constraints.clear();
    const auto text = vd::io::csv_text(vd::study_csv(study, "kept"));
    CHECK(text.substr(0, text.find('\n')) ==
          "trial,status,status_2,worker_2,on,rate,accuracy [%],latency [ms],message_2,message,origin,started,ended,worker");
    const auto again = vd::study_from_csv(vd::io::parse_csv(text, "t.csv"), d, "t.csv");
    REQUIRE(again.trials.size() == study.trials.size());
    CHECK(again.trials[4].parameters == study.trials[4].parameters);
    CHECK(again.trials[4].metrics[2] == study.trials[4].metrics[2]);
    CHECK(again.trials[4].times.worker == study.trials[4].times.worker);
}

TEST_CASE("what a CSV file calls a trial agrees with its metrics to within rounding", "[study_csv]") {
    const std::string head = "status,depth,act,on,rate,accuracy [%],latency [ms],energy [J],message\n"; // energy is to be at most 3 J
    CHECK_THROWS_WITH(back(head + "feasible,2,relu,false,,1,1,4,\n"),
                      Contains("line 2, column 'status': expected infeasible, as the metrics of the row say, found 'feasible'"));
    CHECK_THROWS_WITH(back(head + "infeasible,2,relu,false,,1,1,2,\n"), Contains("found 'infeasible'"));
    CHECK_THROWS_WITH(back(head + "feasible,2,relu,false,,inf,1,2,\n"), Contains("found 'feasible'"));
    CHECK(back(head + "infeasible,2,relu,false,,1,1,4,\n").trials[0].completed);
    CHECK(back(head + "infeasible,2,relu,false,,inf,1,2,\n").trials[0].completed);
    for (const auto* energy : {"3", "2.9999999999", "3.0000000001"}) // within rounding of the limit either may be meant
        for (const auto* called : {"feasible", "infeasible"}) CHECK(back(head + called + ",2,relu,false,,1,1," + energy + ",\n").trials[0].completed);
    CHECK_THROWS_WITH(back("depth,act,on,rate,accuracy [%],latency [us],energy [J]\n"),
                      Contains("found 'latency [us]'; did you mean 'latency [ms]'?"));
}

TEST_CASE("a trial in a CSV file does not end before it began", "[study_csv]") {
    const std::string row = "depth,act,on,rate,accuracy [%],latency [ms],energy [J],started,ended\n2,relu,false,,1,1,1,";
    CHECK(back(row + "2026-11-28T12:00:00.000000Z,2026-11-28T12:00:00.000000Z\n").trials[0].times.known());
    CHECK_THROWS_WITH(back(row + "2026-11-28T12:00:01.000000Z,2026-11-28T12:00:00.000000Z\n"),
                      Contains("line 2, column 'ended': expected a time not before that of 'started', found '2026-11-28T12:00:00.000000Z'"));
}

TEST_CASE("a column of workers with gaps comes back from pandas", "[study_csv]") {
    const auto again = back("depth,act,on,rate,accuracy [%],latency [ms],energy [J],worker\n2,relu,false,,1,1,1,1.0\n4,relu,false,,1,1,1,\n");
    CHECK(again.trials[0].times.worker == 1);
    CHECK(again.trials[1].times.worker == 0);
    CHECK_THROWS_WITH(back("depth,act,on,rate,accuracy [%],latency [ms],energy [J],worker\n2,relu,false,,1,1,1,1.5\n"),
                      Contains("'worker': expected a whole number"));
}
