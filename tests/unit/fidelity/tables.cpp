#include "catch.hpp"
#include "curves.hpp"

#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/fidelity_json.hpp>
#include <verdant/fidelity/fidelity_table.hpp>
#include <verdant/fidelity/multi_fidelity.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/report/report.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace curves;

} // namespace

TEST_CASE("tables, CSV and JSON of a multi-fidelity search", "[fidelity]") {
    const vd::multi_fidelity<fronts, epochs, vd::asha> search{time_of{}, train_and_report{}};
    const auto found = search.run({.budget = 6, .seed = 5, .policy = {.eta = 3}});
    const auto table = vd::fidelity_table(found);
    CHECK(table.columns == std::vector<std::string>{"epochs", "completed", "stopped", "failed", "cost [whole evaluations]"});
    REQUIRE(table.rows.size() == 5);
    CHECK(table.rows[0][0] == "1");
    CHECK(table.rows[3][0] == "27");
    CHECK(table.rows[4][0] == "all");
    std::size_t counted = 0;
    for (std::size_t i = 0; i < 4; ++i) counted += std::stoul(table.rows[i][1]) + std::stoul(table.rows[i][3]);
    CHECK(counted == std::stoul(table.rows[4][1]) + std::stoul(table.rows[4][3]));

    const auto all = vd::evaluation_table(found);
    CHECK(all.rows.size() == found.evaluations().size());
    CHECK(all.columns ==
          std::vector<std::string>{"trial", "epochs", "status", "cost [whole evaluations]", "depth", "width", "accuracy", "latency [ms]", "message"});
    bool failed = false;
    for (const auto& row : all.rows) {
        CHECK(row.size() == all.columns.size());
        if (row[2] == "failed") {
            failed = true;
            CHECK((row[6].empty() && row[8] == "no luck"));
        }
    }
    CHECK(failed);
    CHECK(vd::evaluation_table(found, {.times = true}).columns.size() == all.columns.size() + 3);
    const auto back = vd::io::parse_csv(vd::io::csv_text(all), "evaluations");
    CHECK(back.rows == all.rows);

    const auto json = vd::fidelity_json(found);
    CHECK(json["scale"]["rungs"] == nlohmann::json({1, 3, 9, 27}));
    CHECK(json["run"]["policy"] == "asha");
    CHECK(json["run"]["stopped"] == "budget");
    CHECK(json["evaluations"].size() == found.evaluations().size());
    CHECK(json["front"].size() == found.size());
    CHECK(json["run"]["cost"].get<double>() == found.cost());
    double sum = 0;
    for (const auto& e : json["evaluations"]) sum += e["cost"].get<double>();
    CHECK(sum == found.cost());
}
