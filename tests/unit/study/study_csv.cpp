#include "catch.hpp"
#include "kept_study.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/study/study_csv.hpp>

#include <cmath>
#include <cstddef>
#include <string>

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
