#include <verdant/error.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/pareto/non_dominated_sort.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"
#include "point_sets.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

using namespace verdant;

namespace {

/// By definition: strip front after front.
std::vector<std::uint32_t> ranks_by_definition(pareto::objective_rows rows, std::span<const double> violations) {
    const auto n = rows.size();
    const auto violation = [&](std::size_t i) { return violations.empty() ? 0.0 : violations[i]; };
    constexpr auto open = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> ranks(n, open);
    for (std::uint32_t front = 0; std::count(ranks.begin(), ranks.end(), open) > 0; ++front) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < n; ++i) {
            bool dominated = ranks[i] != open;
            for (std::size_t j = 0; j < n && !dominated; ++j)
                dominated = ranks[j] == open && pareto::dominates(rows[j], violation(j), rows[i], violation(i));
            if (!dominated) members.push_back(i);
        }
        for (const auto i : members) ranks[i] = front;
    }
    return ranks;
}

void agrees(const std::vector<double>& values, std::size_t objectives, const std::vector<double>& violations, pareto::non_dominated_sorter& sorter) {
    const pareto::objective_rows rows{values, objectives};
    const auto expected = ranks_by_definition(rows, violations);
    sorter.sort(rows, violations);
    CHECK(std::equal(expected.begin(), expected.end(), sorter.ranks().begin(), sorter.ranks().end()));
    CHECK(pareto::non_dominated_ranks(rows, violations) == expected);

    std::size_t total = 0;
    for (std::size_t k = 0; k < sorter.fronts(); ++k) {
        const auto front = sorter.front(k);
        total += front.size();
        CHECK(!front.empty());
        CHECK(std::is_sorted(front.begin(), front.end()));
        CHECK(std::all_of(front.begin(), front.end(), [&](std::uint32_t i) { return expected[i] == k; }));
    }
    CHECK(total == rows.size());
}

} // namespace

TEST_CASE("Fronts are those of the definition, with ties, duplicates and constraints", "[pareto]") {
    random_stream random{1};
    pareto::non_dominated_sorter sorter;
    for (std::size_t objectives = 1; objectives <= 6; ++objectives)
        for (const std::size_t n : {1U, 2U, 7U, 63U, 64U, 65U, 150U}) {
            agrees(point_sets::uniform(n, objectives, random), objectives, {}, sorter);
            agrees(point_sets::grid(n, objectives, 4, random), objectives, {}, sorter);
            std::vector<double> violations(n);
            for (auto& v : violations) v = static_cast<double>(random.below(4)) - 1;
            agrees(point_sets::grid(n, objectives, 5, random), objectives, violations, sorter);
        }
}

TEST_CASE("Large sets, whose bits are made in parts, give the fronts of the search by comparison", "[pareto]") {
    random_stream random{2};
    const auto n = pareto::non_dominated_sorter::large + 100;
    auto chain = std::vector<double>(4 * n); // so many fronts that there is no room for their bits
    for (std::size_t i = 0; i < chain.size(); ++i) chain[i] = static_cast<double>(i / 4 * 7919 % n);
    for (const auto& values : {point_sets::uniform(n, 4, random), chain}) {
        const pareto::objective_rows rows{values, 4};
        const auto ranks = pareto::non_dominated_ranks(rows);
        std::vector<std::uint32_t> order(n), place(n);
        std::iota(order.begin(), order.end(), 0U);
        pareto::detail::lexicographic_order{}.sort(rows, order);
        const auto fronts = pareto::detail::front_search{}.rank(rows, order, place);
        CHECK(fronts == 1 + *std::max_element(ranks.begin(), ranks.end()));
        bool equal = true;
        for (std::size_t p = 0; p < n; ++p) equal &= ranks[order[p]] == place[p];
        CHECK(equal);
    }
}

TEST_CASE("Three objectives, sorted by staircases, give the fronts of their bits", "[pareto]") {
    random_stream random{4};
    for (const auto& values : {point_sets::uniform(2000, 3, random), point_sets::plane(2000, 3, 40, random), point_sets::grid(2000, 3, 20, random)}) {
        auto padded = std::vector<double>{};
        for (std::size_t i = 0; i < values.size(); ++i) {
            padded.push_back(values[i]);
            if (i % 3 == 2) padded.push_back(0);
        }
        CHECK(pareto::non_dominated_ranks({values, 3}) == pareto::non_dominated_ranks({padded, 4}));
    }
}

TEST_CASE("The number of a front does not depend on the order of the vectors", "[pareto]") {
    random_stream random{3};
    for (std::size_t objectives = 2; objectives <= 5; ++objectives) {
        const auto values = point_sets::grid(200, objectives, 10, random);
        const auto ranks = pareto::non_dominated_ranks({values, objectives});
        std::vector<std::size_t> order(200);
        std::iota(order.begin(), order.end(), std::size_t{0});
        random.shuffle(std::span{order});
        std::vector<double> shuffled;
        for (const auto i : order)
            shuffled.insert(shuffled.end(), values.begin() + static_cast<std::ptrdiff_t>(i * objectives),
                            values.begin() + static_cast<std::ptrdiff_t>((i + 1) * objectives));
        const auto again = pareto::non_dominated_ranks({shuffled, objectives});
        for (std::size_t k = 0; k < order.size(); ++k) CHECK(again[k] == ranks[order[k]]);
    }
}

TEST_CASE("Infinite objectives are sorted, negative zero is zero, nothing has no front", "[pareto]") {
    const double inf = std::numeric_limits<double>::infinity();
    CHECK(pareto::non_dominated_ranks({std::vector{0.0, inf, -0.0, inf, -inf, inf, 1.0, inf}, 2}) == std::vector<std::uint32_t>{1, 1, 0, 2});
    pareto::non_dominated_sorter sorter;
    sorter.sort({std::span<const double>{}, 3});
    CHECK(sorter.fronts() == 0);
    CHECK(sorter.ranks().empty());
}

TEST_CASE("What cannot be sorted is refused by name", "[pareto]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    pareto::non_dominated_sorter sorter;
    const std::vector values{0.0, 1.0, 2.0, nan};
    CHECK_THROWS_WITH(sorter.sort({values, 2}), "verdant: objective vectors, vector 1, objective 1: expected a number, found NaN");
    const std::vector good{0.0, 1.0, 2.0, 3.0};
    CHECK_THROWS_AS(sorter.sort({good, 2}, std::vector{0.0, nan}), input_error);
    CHECK_THROWS_AS(sorter.sort({good, 2}, std::vector{0.0}), input_error);
    CHECK_THROWS_AS((pareto::objective_rows{good, 3}), input_error);
    CHECK_THROWS_AS((pareto::objective_rows{good, 0}), input_error);
}
