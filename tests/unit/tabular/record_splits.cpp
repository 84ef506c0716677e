#include <verdant/error.hpp>
#include <verdant/space/text.hpp>
#include <verdant/tabular/record_splits.hpp>

#include "catch.hpp"
#include "unit/tabular/toy_space.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

using namespace verdant;
using namespace verdant::tabular;
using test_tabular::toy;

namespace {

std::vector<std::size_t> first(std::size_t n) {
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

} // namespace

// NumPy 1.24, the order of RandomState(3).shuffle and the sizes of scikit-learn's KFold: list(KFold(4, shuffle=True,
// random_state=3).split(range(10)))[k][1]
TEST_CASE("Folds are scikit-learn's", "[tabular]") {
    const auto all = first(10);
    CHECK(shuffled_fold(all, 4, 0, 3).validation == std::vector<std::size_t>{1, 4, 5});
    CHECK(shuffled_fold(all, 4, 1, 3).validation == std::vector<std::size_t>{2, 6, 9});
    CHECK(shuffled_fold(all, 4, 2, 3).validation == std::vector<std::size_t>{0, 7});
    CHECK(shuffled_fold(all, 4, 3, 3).validation == std::vector<std::size_t>{3, 8});
    const auto fold = shuffled_fold(all, 4, 1, 3);
    CHECK(fold.train.size() + fold.validation.size() == 10);
    CHECK(std::is_sorted(fold.train.begin(), fold.train.end()));
    CHECK(member_fold(all, 12) == shuffled_fold(all, 9, 3, 12));
    CHECK_THROWS_AS(shuffled_fold(all, 11, 0, 3), input_error);
    CHECK_THROWS_AS(shuffled_fold(all, 4, 4, 3), input_error);
    CHECK_THROWS_AS(member_fold(first(8), 1), input_error);
}

// numpy.random.RandomState(6): shuffle of range(10), cut at 8 and 9, each list shuffled again with RandomState(6)
TEST_CASE("Records are cut in three as the original does", "[tabular]") {
    const auto all = first(10);
    const auto split = split_records(all);
    CHECK(split.train == std::vector<std::size_t>{8, 5, 2, 4, 6, 0, 1, 7});
    CHECK(split.validation.size() == 1);
    CHECK(split.test.size() == 1);
    const auto large = first(101);
    auto together = split_records(large).train;
    for (const auto& part : {split_records(large).validation, split_records(large).test}) together.insert(together.end(), part.begin(), part.end());
    std::sort(together.begin(), together.end());
    CHECK(together == large);
    CHECK(split_records(large, {.reference_compat = true}).test.size() == 10); // the last one is dropped
    CHECK(split_records(large).test.size() == 11);
    CHECK_THROWS_AS(split_records(all, {.train = 0.8, .validation = 0.3}), input_error);
}

TEST_CASE("Portions are shares below 1 and counts from 1 on", "[tabular]") {
    const auto all = first(50);
    CHECK(portion_of(all, 0.5, 1).size() == 25);
    CHECK(portion_of(all, 7, 1).size() == 7);
    const auto seven = portion_of(all, 7, 1), half = portion_of(all, 0.5, 1);
    CHECK(std::equal(seven.begin(), seven.end(), half.begin())); // smaller portions are parts of larger ones
    CHECK_THROWS_AS(portion_of(all, 0, 1), input_error);
    CHECK_THROWS_AS(portion_of(all, 7.5, 1), input_error);
    CHECK_THROWS_AS(portion_of(all, 51, 1), input_error);
}

TEST_CASE("Architectures that were measured twice count once", "[tabular]") {
    std::vector<network_record<toy>> records(3);
    records[1].architecture = parse_point<toy>("width=16 kernel=3 excite=true");
    CHECK(distinct_architectures(std::span<const network_record<toy>>{records}) == std::vector<std::size_t>{0, 1});
}

TEST_CASE("Folds without a record each are refused", "[tabular]") {
    for (const std::size_t n : {0U, 1U}) CHECK_THROWS_WITH(shuffled_fold(first(n), 2, 0, 1), Catch::Contains("at least two"));
    CHECK_THROWS_AS(shuffled_fold(first(3), 4, 0, 1), input_error);
    CHECK(shuffled_fold(first(2), 2, 1, 1).validation.size() == 1);
}
