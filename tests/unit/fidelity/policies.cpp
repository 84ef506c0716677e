#include "catch.hpp"
#include "laws/fidelity_policy.hpp"

#include <verdant/error.hpp>
#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/asha_stopping.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/hyperband.hpp>
#include <verdant/fidelity/median_stopping.hpp>
#include <verdant/fidelity/rung_scores.hpp>
#include <verdant/fidelity/successive_halving.hpp>
#include <verdant/fidelity/whole_evaluations.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace {

namespace vd = verdant;

using steps = std::vector<laws::asked_measurement>;

// A schedule that is driven one measurement at a time, by the values of trials; less is better.
template <class Policy>
steps drive(const typename Policy::options& o, std::size_t rungs, const std::vector<double>& values, std::size_t most) {
    std::vector<double> shares(rungs, 1);
    for (std::size_t k = 0; k < rungs; ++k) shares[k] = static_cast<double>(k + 1) / static_cast<double>(rungs);
    typename Policy::schedule schedule{o, shares};
    steps all;
    std::uint64_t next = 0;
    while (all.size() < most) {
        const auto what = schedule.next();
        if (!what) break;
        if (!what->number && next == values.size()) {
            schedule.no_more();
            continue;
        }
        const auto number = what->number ? *what->number : next++;
        schedule.begun(*what, number);
        all.push_back({number, what->rung, !what->number});
        const std::array value{values[number]};
        schedule.told({number, what->rung, vd::measurement_status::completed, value, 0, shares[what->rung]});
    }
    return all;
}

vd::rung_score score(std::uint64_t number, std::span<const double> values, double violation = 0) {
    return {number, 0, vd::measurement_status::completed, values, violation, 1};
}

struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
struct shares : vd::fidelity_scale<"data", "", 0.1, 1.0> {};
struct pixels : vd::fidelity_scale<"resolution", "px", 96, 128, 160, 224> {};
struct twenty : vd::fidelity_scale<"epochs", "epochs", 1, 20> {};

} // namespace

TEST_CASE("policies keep the laws", "[fidelity]") {
    laws::check_fidelity_policy<vd::asha>({.eta = 3}, {1, 2, 3});
    laws::check_fidelity_policy<vd::asha>({.eta = 2, .first_rung = 1, .order = vd::front_order::crowding}, {1, 2, 3});
    laws::check_fidelity_policy<vd::hyperband>({}, {1, 2, 3});
    laws::check_fidelity_policy<vd::successive_halving>({}, {1, 2, 3});
    laws::check_fidelity_policy<vd::successive_halving>({.eta = 2, .trials = 20}, {1, 2});
    laws::check_fidelity_policy<vd::median_stopping>({});
    laws::check_fidelity_policy<vd::median_stopping>({.least = 1, .grace = 0.2});
    laws::check_fidelity_policy<vd::asha_stopping>({.eta = 3});
    laws::check_fidelity_policy<vd::whole_evaluations>({}, {1, 2, 3});
}

TEST_CASE("rungs of scales", "[fidelity]") {
    using list = std::vector<double>;
    CHECK(vd::rung_shares(epochs::view(), 3, "t") == list{1 / 27.0, 3 / 27.0, 9 / 27.0, 1});
    CHECK(vd::rung_shares(epochs::view(), 4, "t") == list{2 / 27.0, 7 / 27.0, 1}); // 27 / 16 = 1.7
    CHECK(vd::rung_shares(twenty::view(), 3, "t") == list{2 / 20.0, 7 / 20.0, 1}); // 20 / 27 is below the least one
    CHECK(vd::rung_shares(twenty::view(), 20, "t") == list{1 / 20.0, 1});
    CHECK(vd::rung_shares(pixels::view(), 3, "t") == list{96 / 224.0, 128 / 224.0, 160 / 224.0, 1});
    const auto data = vd::rung_shares(shares::view(), 2, "t");
    CHECK(data == list{0.125, 0.25, 0.5, 1});
    CHECK_THROWS_AS(vd::rung_shares(epochs::view(), 1, "t"), vd::input_error);
    CHECK(epochs::value_at(3 / 27.0) == 3);
    CHECK(vd::at_fidelity<epochs>{9}.share() == 9 / 27.0);
    CHECK(shares::value_at(0.25) == 0.25);
    CHECK(epochs::view().text(3) == "3 epochs");
    CHECK(shares::view().text(0.5) == "0.5");
}

TEST_CASE("asha by hand", "[fidelity]") {
    // Two thirds of the way through, written out: eta 2, rungs 0 to 2; the best trial has the least value.
    const auto found = drive<vd::asha>({.eta = 2}, 3, {5, 3, 4, 1, 2, 6}, 100);
    const steps wanted{
        {0, 0, true},  {1, 0, true},  // of 2 the best one goes on: 1 (value 3)
        {1, 1, false},               // of 1 at rung 1 none
        {2, 0, true},                // of 3 one: 1, which was promoted
        {3, 0, true},                // of 4 two: 3 (1) and 1 (3): 3 was not promoted
        {3, 1, false},               // of 2 at rung 1 one: 3
        {3, 2, false}, {4, 0, true},                // of 5 two: 3 and 4 (2)
        {4, 1, false},               // of 3 at rung 1 one: 3
        {5, 0, true},                // of 6 three: 3, 4, 1: all promoted; then no more
    };
    CHECK((found == wanted));
}

TEST_CASE("asha promotes what a direct reading of the algorithm does", "[fidelity]") {
    for (const std::size_t eta : {2U, 3U, 4U})
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            vd::random_stream random{seed};
            std::vector<double> values;
            for (int i = 0; i < 120; ++i) values.push_back(static_cast<double>(random.below(40))); // with ties
            const auto found = drive<vd::asha>({.eta = eta}, 4, values, 1000);
            // Algorithm 2 over sets.
            steps wanted;
            std::array<std::vector<std::uint64_t>, 4> rung;
            std::array<std::set<std::uint64_t>, 4> promoted;
            std::uint64_t next = 0;
            while (true) {
                std::optional<laws::asked_measurement> job;
                for (std::size_t k = 3; k-- > 0 && !job;) {
                    auto sorted = rung[k];
                    std::sort(sorted.begin(), sorted.end(), [&](auto a, auto b) { return values[a] != values[b] ? values[a] < values[b] : a < b; });
                    for (std::size_t i = 0; i < sorted.size() / eta && !job; ++i)
                        if (promoted[k].insert(sorted[i]).second) job = laws::asked_measurement{sorted[i], k + 1, false};
                }
                if (!job && next < values.size()) job = laws::asked_measurement{next++, 0, true};
                if (!job) break;
                rung[job->rung].push_back(job->number);
                wanted.push_back(*job);
            }
            CHECK((found == wanted));
        }
}

TEST_CASE("brackets of hyperband are those of the paper", "[fidelity]") {
    // Li et al. 2018, table 1: R = 81, eta = 3.
    const std::vector<double> rungs{1 / 81.0, 3 / 81.0, 9 / 81.0, 27 / 81.0, 1};
    const vd::hyperband::schedule schedule{{.eta = 3}, rungs};
    using brackets = std::vector<vd::detail::halving_bracket>;
    CHECK((schedule.brackets() == brackets{{0, 81}, {1, 34}, {2, 15}, {3, 8}, {4, 5}}));

    // One round of R = 9 (table: n_i 9 3 1, 5 1, 3), with values that ascend with the number: the first ones are the best.
    std::vector<double> values;
    for (int i = 0; i < 17; ++i) values.push_back(i);
    const auto found = drive<vd::hyperband>({.eta = 3}, 3, values, 100);
    steps wanted;
    for (std::uint64_t i = 0; i < 9; ++i) wanted.push_back({i, 0, true});
    for (std::uint64_t i = 0; i < 3; ++i) wanted.push_back({i, 1, false});
    wanted.push_back({0, 2, false});
    for (std::uint64_t i = 9; i < 14; ++i) wanted.push_back({i, 1, true});
    wanted.push_back({9, 2, false});
    for (std::uint64_t i = 14; i < 17; ++i) wanted.push_back({i, 2, true});
    CHECK((found == wanted));
}

TEST_CASE("successive halving leaves one at the last rung", "[fidelity]") {
    const auto found = drive<vd::successive_halving>({.eta = 2}, 3, {4, 3, 2, 1}, 100);
    CHECK((found == steps{{0, 0, true}, {1, 0, true}, {2, 0, true}, {3, 0, true}, {3, 1, false}, {2, 1, false}, {3, 2, false}}));
    // What there are too few points for is a smaller bracket.
    CHECK((drive<vd::successive_halving>({.eta = 2}, 3, {4, 3, 2}, 100) == steps{{0, 0, true}, {1, 0, true}, {2, 0, true}, {2, 1, false}}));
}

TEST_CASE("median stopping by hand", "[fidelity]") {
    vd::detail::median_rule rule{2, 0};
    const auto at = [&](std::uint64_t number, double share, double value) {
        const std::array v{value};
        return rule.goes_on({number, 0, vd::measurement_status::reported, v, 0, share});
    };
    CHECK(at(0, 0.5, 4)); // nobody to compare with
    CHECK(at(0, 1, 2));   // averages 4 and 3
    CHECK(at(1, 0.5, 6)); // one other, and two are asked for
    CHECK(at(1, 1, 6));
    CHECK(at(2, 0.5, 5));  // the median of 4 and 6 is 5: not worse
    CHECK(!at(3, 0.5, 5.5)); // of 4, 6 and 5: 5
    CHECK(at(2, 1, 4.5));  // the best so far is 4.5, the median of the averages 3 and 6
    CHECK(at(4, 0.5, 1));
    CHECK(at(4, 1, 9)); // its best is still 1
}

TEST_CASE("median stopping by hand, of values whose sums are no doubles", "[fidelity]") {
    vd::detail::median_rule rule{2, 0};
    const auto at = [&](std::uint64_t number, double share, double value, double violation = 0) {
        const std::array v{value};
        return rule.goes_on({number, 0, vd::measurement_status::reported, v, violation, share});
    };
    CHECK(at(0, 0.25, 1.2e308));
    CHECK(at(1, 0.25, 1.4e308));
    CHECK(at(2, 0.25, 1.25e308));  // the median is 1.3e308
    CHECK(!at(3, 0.25, 1.75e308)); // and 1.25e308 here: no value is worse than an infinite one
    CHECK(at(0, 0.5, 1.6e308));    // averages of 1.4e308 and 1.5e308
    CHECK(at(1, 0.5, 1.6e308));
    CHECK(at(4, 0.5, 1.44e308));
    CHECK(!at(5, 0.5, 1.46e308));
    CHECK(at(6, 1, -1.7e308)); // opposite signs
    CHECK(at(7, 1, 1.7e308));
    CHECK(at(8, 1, 0));
    CHECK(!at(9, 1, 1e308));
    vd::detail::median_rule constrained{1, 0};
    const std::array one{1.0};
    const auto broken = [&](std::uint64_t number, double violation) {
        return constrained.goes_on({number, 0, vd::measurement_status::reported, one, violation, 1});
    };
    CHECK(broken(0, 1.5e308));
    CHECK(!broken(1, 1.6e308));
    CHECK(!broken(2, 1.58e308)); // between the two
}

TEST_CASE("policies that stop trials put those that break constraints behind", "[fidelity]") {
    const auto inf = std::numeric_limits<double>::infinity();
    const auto asked = [](auto& rule, std::uint64_t number, double value, double violation) {
        const std::array v{value};
        return rule.goes_on({number, 0, vd::measurement_status::completed, v, violation, 0.5});
    };
    const std::array rungs{0.5, 1.0};
    vd::detail::halving_rule halving{2, rungs};
    CHECK(asked(halving, 0, 1, 3));
    CHECK(asked(halving, 1, 5, 0));    // worth more than what breaks the constraint, although its value is worse
    CHECK(asked(halving, 2, 4, 0));
    CHECK(!asked(halving, 3, 0, 0.1)); // the best value of all
    CHECK(!asked(halving, 4, -inf, inf));
    CHECK(asked(halving, 5, 4.5, 0)); // the best three of six have 4, 4.5 and 5

    vd::detail::median_rule median{1, 0};
    CHECK(asked(median, 0, 5, 0));
    CHECK(!asked(median, 1, 1, 2));
    CHECK(asked(median, 2, 6, 0)); // of two others, between which the median breaks the constraint by 1
    CHECK(!asked(median, 3, 7, 0)); // the median is 6
    CHECK(!asked(median, 4, -inf, inf));
    CHECK(asked(median, 5, 6, 0));
}

TEST_CASE("trials of a rung are ranked", "[fidelity]") {
    const std::array<std::array<double, 2>, 6> points{{{0, 4}, {4, 0}, {2, 2}, {1, 3}, {3, 3}, {5, 5}}};
    for (const auto order : {vd::front_order::epsilon_net, vd::front_order::crowding}) {
        vd::rung_scores rung{order};
        for (std::uint64_t i = 0; i < points.size(); ++i) rung.add(score(i, points[i]));
        rung.add({6, 0, vd::measurement_status::failed, {}, 0, 1});
        const std::array best{-9.0, -9.0};
        rung.add(score(7, best, 1));        // breaks a constraint
        rung.add(score(8, best, INFINITY)); // cannot be built
        CHECK(rung.size() == 9);
        const auto all = rung.best(100);
        REQUIRE(all.size() == 7);
        CHECK(std::set<std::uint64_t>(all.begin(), all.begin() + 4) == std::set<std::uint64_t>{0, 1, 2, 3}); // the front
        CHECK((all[4] == 4 && all[5] == 5 && all[6] == 7));
        // The ends first, then what lies in the middle between them.
        CHECK((all[0] == 0 && all[1] == 1));
        CHECK(all[2] == 2);
        for (std::size_t k = 1; k <= 7; ++k)
            CHECK((rung.best(k) == std::vector<std::uint64_t>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(k))));
        CHECK(rung.promotable(2) == 0);
        rung.promote(0);
        CHECK(rung.promotable(2) == 1);
        rung.promote(1);
        CHECK(!rung.promotable(2));
    }
    vd::rung_scores one;
    const std::array<std::array<double, 1>, 4> values{{{3}, {1}, {1}, {2}}};
    for (std::uint64_t i = 0; i < values.size(); ++i) one.add(score(i, values[i], i == 3 ? 2 : 0));
    CHECK((one.best(9) == std::vector<std::uint64_t>{1, 2, 0, 3}));
}
