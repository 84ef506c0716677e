#include "catch.hpp"
#include "kept_study.hpp"

#include <verdant/error.hpp>
#include <verdant/study/merge_studies.hpp>
#include <verdant/study/stored_constraint.hpp>
#include <verdant/study/verify_study.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace {

namespace vd = verdant;
using Catch::Contains;

const std::vector<vd::stored_parameter> parameters{{"a", "integer", "1, 2, 3", ""},
                                                   {"a.b", "integer", "-5, 0, 5", ""},
                                                   {"act", "text", "relu, a && b, false", ""},
                                                   {"on", "boolean", "false, true", ""},
                                                   {"x", "real", "0.25, 0.5", ""}};

std::optional<bool> holds(const std::string& text, const std::vector<std::string>& point = {"3", "-5", "relu", "true", "0.5"}) {
    return vd::constraint_holds(parameters, text, point);
}

} // namespace

TEST_CASE("the text of a constraint is checked as the space checks it", "[stored_constraint]") {
    CHECK(holds("a * a + 1 == 10") == true);
    CHECK(holds("a - 1 - 1 == 1") == true);
    CHECK(holds("a - (1 - 1) == 3") == true);
    CHECK(holds("-a.b % 3 == 2") == true);
    CHECK(holds("a.b / 2 == -2") == true);
    CHECK(holds("min(a, a.b) < max(a, 2)") == true);
    CHECK(holds("act == relu") == true);
    CHECK(holds("act == a && b", {"1", "0", "a && b", "true", "0.5"}) == true);
    CHECK(holds("on == true && !(a == 2)") == true);
    CHECK(holds("x >= 0.5") == true);
    CHECK(holds("x < 0.5") == false);
    CHECK(holds("a == 7 when on == false") == true);
    CHECK(holds("a == 7 when on == true") == false);
    // Undefined values hold nothing, but for what decides before them.
    CHECK(holds("1 / (a - 3) == 1") == false);
    CHECK(holds("a == 3 || 1 / (a - 3) == 1") == true);
    CHECK(holds("9223372036854775807 + a > 0") == false);
    // What the text alone does not say.
    CHECK_FALSE(holds("act < relu").has_value());
    CHECK_FALSE(holds("unknown == 3").has_value());
    CHECK_FALSE(holds("a == ").has_value());
    CHECK_FALSE(holds("(a == 3").has_value());
    CHECK_FALSE(holds("").has_value());
    CHECK_FALSE(holds(std::string(5000, '(')).has_value());
}

TEST_CASE("a sound study has no faults", "[verify_study]") {
    const auto found = vd::verify_study(kept::study());
    CHECK(found.faults.empty());
    CHECK(found.remarks.empty());
    CHECK(found.checked == 20);
}

TEST_CASE("faults of a study are named one by one", "[verify_study]") {
    const auto faults = [](auto change) {
        auto study = kept::study();
        change(study);
        std::string all;
        for (const auto& f : vd::verify_study(study).faults) all += f + '\n';
        return all;
    };
    CHECK_THAT(faults([](auto& s) { s.trials.erase(s.trials.begin() + 5); }),
               Contains("numbers of trials: 1 number is missing below 20, the first is 5"));
    CHECK_THAT(faults([](auto& s) { s.trials[6] = s.trials[5]; }),
               Contains("trial 5: its number is there twice") && Contains("the point of trial 5"));
    CHECK_THAT(faults([](auto& s) { s.trials[6].parameters[0] = "3"; }), Contains("trial 6, depth: '3' is no value of its domain"));
    CHECK_THAT(faults([](auto& s) { s.trials[6].parameters[0] = "6"; }), Contains("trial 6: it breaks act == relu || depth < 6"));
    CHECK_THAT(faults([](auto& s) { s.trials[0].parameters[3] = "0.1"; }), Contains("trial 0, rate: it has a value, but does not exist there"));
    CHECK_THAT(faults([](auto& s) { s.trials[1].parameters[3] = ""; }), Contains("trial 1, rate: it exists there, but has no value"));
    CHECK_THAT(faults([](auto& s) { s.trials[1].metrics[0] = std::numeric_limits<double>::quiet_NaN(); }), Contains("trial 1, accuracy: no number"));
    CHECK_THAT(faults([](auto& s) { s.trials[1].times.ended -= 100; }), Contains("it ended before it began"));
    CHECK_THAT(faults([](auto& s) { s.pending.push_back({4, s.trials[4].parameters}); }), Contains("pending trial 4: it is also told"));
    CHECK_THAT(faults([](auto& s) { s.evaluations.push_back({.number = 1, .fidelity = 2}); }), Contains("fidelity"));
    CHECK_THAT(faults([](auto& s) { s.trials[1].told = 0, s.trials[2].told = 0; }), Contains("trial 2: told as number 0, as trial 1"));
}

TEST_CASE("of the last question trials may be missing", "[verify_study]") {
    auto study = kept::study();
    study.asks = {{.number = 0, .first_trial = 0}, {.number = 1, .first_trial = 16, .first_number = 16}};
    study.trials.erase(study.trials.begin() + 17);
    const auto found = vd::verify_study(study);
    CHECK(found.faults.empty());
    REQUIRE(found.remarks.size() == 1);
    CHECK_THAT(found.remarks[0], Contains("not answered whole"));
}

TEST_CASE("two studies become one: points once, the measured before the failed", "[merge_studies]") {
    auto first = kept::study(), second = kept::study();
    first.trials.resize(6); // number 3 failed
    second.description.seed = 8;
    second.trials[3].completed = true;
    second.trials[3].metrics = {0.5, 0.001, 1};
    second.trials[4].metrics[0] = 0.25;
    const auto merged = vd::merge_studies(first, second, "second");
    REQUIRE(merged.study.trials.size() == 20);
    CHECK(merged.duplicates == 6);
    CHECK(merged.different == 2);
    CHECK(merged.study.trials[3].completed);
    CHECK(merged.study.trials[4].metrics[0] == first.trials[4].metrics[0]);
    CHECK(merged.study.description.optimizer == "merged: by_hand");
    CHECK(vd::verify_study(merged.study).faults.empty());
    CHECK(vd::merge_studies(first, second, "second", vd::kept_duplicate::second).study.trials[4].metrics[0] == 0.25);
    CHECK_THROWS_WITH(vd::merge_studies(first, second, "second", vd::kept_duplicate::refuse),
                      Contains("second, trial 3: expected what the first study has"));
}

TEST_CASE("studies that were told in other orders are merged, and evaluations go with the trials that stay", "[merge_studies]") {
    auto first = kept::study(), second = kept::study();
    second.description.order = "as_completed";
    for (std::size_t i = 0; i < second.trials.size(); ++i) second.trials[i].told = 19 - i;
    second.trials[3].completed = true; // which failed in the first
    second.trials[3].metrics = {0.5, 0.001, 1};
    for (auto* both : {&first, &second})
        for (const std::uint64_t n : {3U, 4U})
            both->evaluations.push_back(
                {.number = n, .fidelity = both == &first ? 0.25 : 0.5, .cost = 0.25, .status = "reported", .metrics = {1, 1, 1}});
    const auto merged = vd::merge_studies(first, second, "second").study;
    CHECK(vd::verify_study(merged).faults.empty());
    REQUIRE(merged.evaluations.size() == 2);
    CHECK((merged.evaluations[0].number == 4 && merged.evaluations[0].fidelity == 0.25));
    CHECK((merged.evaluations[1].number == 3 && merged.evaluations[1].fidelity == 0.5));
}

TEST_CASE("studies of another space or other goals are not merged", "[merge_studies]") {
    auto other = kept::study();
    other.description.parameters[0].domain = "2, 4, 6, 8";
    other.description.goals[2].high = 4;
    CHECK_THROWS_WITH(vd::merge_studies(kept::study(), other, "other.db"),
                      Contains("other.db: expected the space, goals and metrics of the first study") &&
                          Contains("2, 4, 6, 8, the first has integer 2, 4, 6;") && Contains("goal subject_to energy"));
}
