#include <verdant/error.hpp>
#include <verdant/optimizer/evolution/nsga2_engine.hpp>
#include <verdant/optimizer/evolution/variation_real.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <set>
#include <span>
#include <utility>
#include <vector>

using namespace verdant;

namespace {

using reals = std::vector<double>;
using real_engine = nsga2_engine<reals, real_variation<>>;

/// ZDT1 (Zitzler, Deb, Thiele, Evolutionary Computation 8(2), 2000).
std::vector<double> zdt1(const std::vector<reals>& genomes) {
    std::vector<double> values;
    for (const auto& x : genomes) {
        double g = 0;
        for (std::size_t j = 1; j < x.size(); ++j) g += x[j];
        g = 1 + 9 * g / static_cast<double>(x.size() - 1);
        values.insert(values.end(), {x[0], g * (1 - std::sqrt(x[0] / g))});
    }
    return values;
}

/// DTLZ2 with three objectives (Deb, Thiele, Laumanns, Zitzler, CEC 2002).
std::vector<double> dtlz2(const std::vector<reals>& genomes) {
    std::vector<double> values;
    for (const auto& x : genomes) {
        double g = 1;
        for (std::size_t j = 2; j < x.size(); ++j) g += (x[j] - 0.5) * (x[j] - 0.5);
        const double a = x[0] * std::numbers::pi / 2, b = x[1] * std::numbers::pi / 2;
        values.insert(values.end(), {g * std::cos(a) * std::cos(b), g * std::cos(a) * std::sin(b), g * std::sin(a)});
    }
    return values;
}

/// A cell of a 12 x 12 board; its variation gives the changed genome instead of changing it in place.
using cell = std::pair<int, int>;
struct board_moves {
    cell initial(random_stream& random) const { return {static_cast<int>(random.below(12)), static_cast<int>(random.below(12))}; }
    std::pair<cell, cell> crossover(const cell& a, const cell& b, random_stream&) const { return {{a.first, b.second}, {b.first, a.second}}; }
    cell mutate(const cell& c, random_stream& random) const { return random.chance(0.5) ? initial(random) : c; }
};
using board_engine = nsga2_engine<cell, board_moves>;

std::vector<double> board_values(const std::vector<cell>& cells) {
    std::vector<double> values;
    for (const auto& [x, y] : cells) values.insert(values.end(), {double(x * x + y), double((11 - x) * 3 + y)});
    return values;
}

double final_hypervolume(std::uint64_t seed, std::size_t objectives, std::size_t variables, auto problem) {
    real_engine engine{objectives, real_variation<>{real_box::unit(variables)}};
    random_stream random{seed};
    for (int generation = 0; generation < 250; ++generation) {
        const auto genomes = engine.ask(random, 100);
        engine.tell(genomes, problem(genomes));
    }
    return pareto::hypervolume(engine.parents().rows(), std::vector<double>(objectives, 1.1));
}

} // namespace

TEST_CASE("NSGA-II finds the fronts of ZDT1 and DTLZ2", "[optimizer]") {
    // Limits: 1.21 - 1/3 for ZDT1 and 1.331 - pi/6 for DTLZ2, which 100 members cannot reach.
    CHECK(final_hypervolume(1, 2, 30, zdt1) > 0.866);
    CHECK(final_hypervolume(1, 2, 30, zdt1) < 1.21 - 1.0 / 3);
    CHECK(final_hypervolume(2, 3, 12, dtlz2) > 0.67);
    CHECK(final_hypervolume(2, 3, 12, dtlz2) < 1.331 - std::numbers::pi / 6);
}

TEST_CASE("Equal seeds give equal runs, however asks and tells are cut into pieces", "[optimizer]") {
    const real_variation<> variation{real_box::unit(6)};
    real_engine whole{2, variation, {.population = 20}}, pieces{2, variation, {.population = 20}};
    random_stream random_whole{9}, random_pieces{9};
    for (int generation = 0; generation < 6; ++generation) {
        const auto genomes = whole.ask(random_whole, 20);
        whole.tell(genomes, zdt1(genomes));
        for (const std::size_t n : {1U, 7U, 0U, 3U, 9U}) {
            const auto some = pieces.ask(random_pieces, n);
            const auto values = zdt1(some);
            for (std::size_t i = 0; i < some.size(); ++i) pieces.tell(std::span{some}.subspan(i, 1), std::span{values}.subspan(2 * i, 2));
        }
    }
    CHECK(whole.generation() == 6);
    CHECK(whole.state() == pieces.state());
    CHECK(random_whole == random_pieces);
}

TEST_CASE("A stored state continues the run identically", "[optimizer]") {
    const nsga2_engine_options options{.population = 10, .duplicates = duplicate_policy::avoid_all};
    const real_variation<> variation{real_box::unit(4)};
    real_engine engine{2, variation, options};
    random_stream random{10};
    const auto step = [](real_engine& e, random_stream& r, std::size_t n) {
        const auto genomes = e.ask(r, n);
        e.tell(genomes, zdt1(genomes));
    };
    // Seventeen: in the middle of a generation, with a second child waiting.
    step(engine, random, 10);
    step(engine, random, 7);
    real_engine copy{2, variation, options};
    copy.restore(engine.state());
    auto copied = random;
    for (int repeat = 0; repeat < 5; ++repeat) {
        step(engine, random, 9);
        step(copy, copied, 9);
    }
    CHECK(engine.state() == copy.state());
    CHECK(engine.generation() > 3);

    auto broken = engine.state();
    broken.ranks.pop_back();
    CHECK_THROWS_AS(copy.restore(broken), input_error);
    real_engine other{3, variation, options};
    CHECK_THROWS_AS(other.restore(engine.state()), input_error);
}

TEST_CASE("Many more than a generation may be asked for before anything is told", "[optimizer]") {
    real_engine engine{2, real_variation<>{real_box::unit(3)}, {.population = 8}};
    random_stream random{11};
    const auto genomes = engine.ask(random, 50);
    REQUIRE(genomes.size() == 50);
    engine.tell(genomes, zdt1(genomes));
    CHECK(engine.generation() == 6);
    CHECK(engine.parents().size() == 8);
    CHECK(engine.ask(random, 0).empty());
}

TEST_CASE("Parents are the best of all that was told, best front first", "[optimizer]") {
    board_engine engine{2, {}, {.population = 12}};
    random_stream random{12};
    std::vector<cell> told;
    for (int generation = 0; generation < 10; ++generation) {
        const auto cells = engine.ask(random, 12);
        engine.tell(cells, board_values(cells));
        told.insert(told.end(), cells.begin(), cells.end());
        CHECK(std::is_sorted(engine.ranks().begin(), engine.ranks().end()));
        CHECK(engine.parents().size() == 12);
        CHECK(engine.parents().objectives == board_values(engine.parents().genomes));
        for (const auto& parent : engine.parents().genomes) CHECK(std::find(told.begin(), told.end(), parent) != told.end());
    }
    // A first front that fits is kept whole, so no parent of front 0 is dominated by anything that was told.
    const auto values = board_values(told);
    for (std::size_t k = 0; k < 12; ++k)
        if (engine.ranks()[k] == 0)
            for (std::size_t i = 0; i < told.size(); ++i)
                CHECK_FALSE(pareto::dominates(std::span{values}.subspan(2 * i, 2), engine.parents().rows()[k]));
}

TEST_CASE("Infeasible genomes live only while feasible ones are missing", "[optimizer]") {
    board_engine engine{2, {}, {.population = 6}};
    const std::vector<cell> first{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}};
    engine.tell(first, board_values(first), std::vector<double>{5, 4, 3, 2, 1, 0});
    REQUIRE(engine.generation() == 1);
    CHECK(engine.parents().genomes == std::vector<cell>{{5, 0}, {4, 0}, {3, 0}, {2, 0}, {1, 0}, {0, 0}});
    const std::vector<cell> second{{6, 0}, {7, 0}, {8, 0}, {9, 0}, {10, 0}, {11, 0}};
    engine.tell(second, board_values(second), std::vector<double>{0, 0, 0, -1, 0, 9});
    const auto& parents = engine.parents();
    CHECK(std::count(parents.violations.begin(), parents.violations.end(), 0.0) == 6);
}

TEST_CASE("Failed trials fill a generation but never breed", "[optimizer]") {
    board_engine engine{2, {}, {.population = 6}};
    random_stream random{14};
    auto cells = engine.ask(random, 6);
    cells.resize(4);
    engine.tell(cells, board_values(cells));
    CHECK(engine.generation() == 0);
    engine.tell_failed(2);
    CHECK(engine.generation() == 1);
    CHECK(engine.parents().size() == 4);

    // Where all fail the engine goes on with random genomes.
    board_engine unlucky{2, {}, {.population = 6}};
    for (int generation = 0; generation < 3; ++generation) {
        CHECK(unlucky.ask(random, 6).size() == 6);
        unlucky.tell_failed(6);
    }
    CHECK(unlucky.generation() == 3);
    CHECK(unlucky.parents().size() == 0);
    cells = unlucky.ask(random, 6);
    unlucky.tell(cells, board_values(cells));
    CHECK(unlucky.parents().size() == 6);
    CHECK(unlucky.ask(random, 6).size() == 6);
}

TEST_CASE("Duplicates are allowed, avoided within a generation, or avoided for ever", "[optimizer]") {
    for (const auto policy : {duplicate_policy::allow, duplicate_policy::avoid_current, duplicate_policy::avoid_all}) {
        board_engine engine{2, {}, {.population = 10, .duplicates = policy, .duplicate_attempts = 200}};
        random_stream random{15};
        std::multiset<cell> all;
        bool repeated = false;
        for (int generation = 0; generation < 10; ++generation) {
            const std::set<cell> parents{engine.parents().genomes.begin(), engine.parents().genomes.end()};
            const auto cells = engine.ask(random, 10);
            const std::set<cell> distinct{cells.begin(), cells.end()};
            const bool meets_parents = std::any_of(cells.begin(), cells.end(), [&](const cell& c) { return parents.contains(c); });
            repeated |= distinct.size() < cells.size() || meets_parents;
            all.insert(cells.begin(), cells.end());
            engine.tell(cells, board_values(cells));
        }
        const std::set<cell> distinct{all.begin(), all.end()};
        CHECK(repeated == (policy == duplicate_policy::allow));
        CHECK((distinct.size() == all.size()) == (policy == duplicate_policy::avoid_all));
        const std::set<cell> parents{engine.parents().genomes.begin(), engine.parents().genomes.end()};
        if (policy != duplicate_policy::allow) CHECK(parents.size() == engine.parents().size());
    }
}

TEST_CASE("An exhausted space gives duplicates after all, which do not fill the population", "[optimizer]") {
    board_engine engine{2, {}, {.population = 100, .duplicates = duplicate_policy::avoid_all}};
    random_stream random{16};
    for (int generation = 0; generation < 4; ++generation) {
        const auto cells = engine.ask(random, 100);
        engine.tell(cells, board_values(cells));
    }
    const std::set<cell> parents{engine.parents().genomes.begin(), engine.parents().genomes.end()};
    CHECK(parents.size() == engine.parents().size());
    CHECK(parents.size() == 100);
}

TEST_CASE("One child a generation is a steady-state algorithm", "[optimizer]") {
    real_engine engine{2, real_variation<>{real_box::unit(5)}, {.population = 20, .offspring = 1}};
    random_stream random{17};
    for (int i = 0; i < 400; ++i) {
        const auto genomes = engine.ask(random, 1);
        engine.tell(genomes, zdt1(genomes));
    }
    CHECK(engine.generation() == 381);
    CHECK(engine.parents().size() == 20);
}

TEST_CASE("Other selection policies fit, and genomes that were not asked for may be told", "[optimizer]") {
    nsga2_engine<cell, board_moves, uniform_selection> engine{2, {}, {.population = 4}};
    random_stream random{18};
    const std::vector<cell> seeds{{0, 0}, {11, 0}, {5, 0}, {6, 1}};
    engine.tell(seeds, board_values(seeds));
    CHECK(engine.generation() == 1);
    CHECK(engine.ask(random, 9).size() == 9);
}

TEST_CASE("What is told must fit, and then nothing of it is taken", "[optimizer]") {
    board_engine engine{2};
    const std::vector<cell> cells{{0, 0}, {1, 1}};
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(engine.tell(cells, std::vector{1.0, 2.0}), input_error);
    CHECK_THROWS_AS(engine.tell(cells, std::vector{1.0, 2.0, 3.0}), input_error);
    CHECK_THROWS_AS(engine.tell(cells, std::vector{1.0, 2.0, 3.0, nan}), input_error);
    CHECK_THROWS_AS(engine.tell(cells, std::vector{1.0, 2.0, 3.0, 4.0}, std::vector{1.0}), input_error);
    CHECK_THROWS_AS(engine.tell(cells, std::vector{1.0, 2.0, 3.0, 4.0}, std::vector{1.0, nan}), input_error);
    CHECK(engine.state() == board_engine{2}.state());
    CHECK_THROWS_AS((board_engine{0}), input_error);
    CHECK_THROWS_AS((board_engine{2, {}, {.population = 1}}), input_error);
}
