#include "catch.hpp"
#include "kept_study.hpp"

#include <verdant/error.hpp>
#include <verdant/study/kept_domain.hpp>
#include <verdant/study/study_columns.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace {

namespace vd = verdant;
using Catch::Contains;

} // namespace

TEST_CASE("a domain finds values by their text, floating-point ones also by what rounding made of them", "[study_columns]") {
    vd::kept_domain words{{"w", "text", R"(relu, "a, \"b\\\"")", ""}};
    CHECK(words.values() == std::vector<std::string>{"relu", R"(a, "b\")"});
    CHECK(words.find("relu") == 0);
    CHECK(words.find("gelu") == vd::kept_domain::none);
    vd::kept_domain reals{{"r", "real", "0.1, 0.2, 0.3", ""}};
    CHECK(reals.find("0.30000000000000004") == 2);
    CHECK(reals.find("0.25") == vd::kept_domain::none);
    // Of large domains only the ends are known.
    vd::kept_domain many{{"n", "integer", "1, 2, ..., 10000 (10000 values)", ""}};
    for (const auto* wrong : {"inf", "1e20", "1e300", "10001", "-3", "0", "7.5", "", "seven"}) CHECK(many.find(wrong) == vd::kept_domain::none);
    const auto seven = many.find("7");
    for (const auto* same : {"7", "007", "7.0", "0.7e1"}) CHECK(many.find(same) == seven);
    CHECK(many.find("10000") == seven + 1);
    vd::kept_domain fine{{"x", "real", "0, 0.0001, ..., 1 (10001 values)", ""}};
    for (const auto* wrong : {"inf", "nan", "7", "-0.5"}) CHECK(fine.find(wrong) == vd::kept_domain::none);
    CHECK(fine.find("1") == fine.find("1.0"));
    CHECK(fine.find("0.0001") == fine.find("1e-04"));
    CHECK(reals.find("x") == vd::kept_domain::none);
}

TEST_CASE("a domain that is kept by its ends takes numbers as they come, and sorts them", "[study_columns]") {
    vd::kept_domain many{{"n", "integer", "0, 1, 2, 3, 4, ..., 9999 (10000 values)", ""}};
    CHECK_FALSE(many.listed());
    CHECK(many.find("700") == 0);
    CHECK(many.find("30") == 1);
    CHECK(many.find("word") == vd::kept_domain::none);
    CHECK(many.sort() == std::vector<std::uint32_t>{1, 0});
    CHECK(many.values() == std::vector<std::string>{"30", "700"});
    CHECK(many.find("30") == 0);
}

TEST_CASE("a study by columns: codes, outcomes, objectives", "[study_columns]") {
    auto study = kept::study();
    const auto table = vd::columns_of_study(study, "kept");
    REQUIRE(table.trials() == 20);
    REQUIRE(table.parameters.size() == 4);
    CHECK(table.parameters[0].codes[8] == 1);
    CHECK(table.parameters[3].codes[0] == vd::study_columns::absent);
    CHECK(table.parameters[3].codes[7] == 2);
    CHECK(table.outcomes[3] == vd::trial_outcome::failed);
    CHECK(std::isnan(table.metrics[0].values[3]));
    CHECK(table.outcomes[4] == vd::trial_outcome::feasible);
    CHECK(table.outcomes[17] == vd::trial_outcome::infeasible); // 3.1 J
    CHECK(table.violations[17] == Approx(0.1 / 3));
    CHECK(table.minimized(0, 0) == -table.metrics[0].values[0]);
    CHECK(table.minimized(1, 0) == table.metrics[1].values[0]);
    CHECK(table.metrics[1].unit == "ms");
    study.trials[0].metrics[1] = std::numeric_limits<double>::infinity();
    CHECK(vd::columns_of_study(study, "kept").outcomes[0] == vd::trial_outcome::infeasible);
}

TEST_CASE("what does not fit the description of a study is named", "[study_columns]") {
    const auto refused = [](auto change, const std::string& said) {
        auto study = kept::study();
        change(study);
        CHECK_THROWS_WITH(vd::columns_of_study(study, "kept"), Contains(said));
    };
    refused([](auto& s) { s.trials[2].parameters[0] = "3"; }, "kept, trial 2, depth: expected a value of its domain, found '3'");
    refused([](auto& s) { s.trials[2].parameters[0] = ""; }, "trial 2, depth");
    refused([](auto& s) { s.trials[2].parameters.pop_back(); }, "expected 4 parameters, found 3");
    refused([](auto& s) { s.trials[2].metrics.pop_back(); }, "expected 3 metrics, found 2");
    refused([](auto& s) { s.trials[2].number = 1; }, "trial 1: expected a number above 1");
    refused([](auto& s) { s.description.goals[0].metric = "speed"; }, "goal maximize speed");
    refused([](auto& s) { s.description.goals[0].kind = "adore"; }, "'adore'");
    refused([](auto& s) { s.description.goals[0].factor = 0; }, "factor");
    refused([](auto& s) { s.description.goals[1].metric = "accuracy"; },
            "goal minimize accuracy: expected a metric that no objective before has, found 'accuracy' twice");
    refused([](auto& s) { s.description.goals[2].low = 4; }, "goal subject_to energy: expected a lower bound, and an upper one that is not below it");
    refused([](auto& s) { s.description.goals[2].high = std::numeric_limits<double>::quiet_NaN(); },
            "goal subject_to energy: expected a lower bound");
}
