#include <verdant/surrogate/forest/compiled_trees.hpp>

#include "catch.hpp"
#include "laws/regressor.hpp"
#include "unit/surrogate/forest/drawn_trees.hpp"

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

using namespace verdant;
using surrogate::boosted_trees;
using surrogate::compiled_trees;
using surrogate::vector_instructions;

namespace {

std::vector<vector_instructions> available() {
    std::vector<vector_instructions> all;
    for (const auto v : {vector_instructions::baseline, vector_instructions::avx2, vector_instructions::avx512})
        if (surrogate::has_instructions(v)) all.push_back(v);
    return all;
}

/// One call, all rows, and every row alone.
void check_equal(const boosted_trees& model, const compiled_trees& compiled, const std::vector<float>& x) {
    const auto columns = model.features();
    std::vector<double> expected(x.size() / columns), found(expected.size(), -1);
    model.predict({x, columns}, expected);
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{9}, std::size_t{31}, std::size_t{65}, expected.size()}) {
        if (count > expected.size()) continue;
        std::fill(found.begin(), found.end(), -1);
        compiled.predict({std::span{x}.first(count * columns), columns}, std::span{found}.first(count));
        CHECK(std::equal(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), expected.begin()));
    }
    for (std::size_t r = 0; r < expected.size(); r += 7) CHECK(compiled.predict(std::span{x}.subspan(r * columns, columns)) == expected[r]);
}

/// As compiled_trees sums a block, with so many lanes whatever the processor has.
template <std::size_t Lanes>
std::vector<float> block_sums(const boosted_trees& model, const std::vector<float>& x) {
    namespace detail = surrogate::detail;
    const auto trees = detail::slice(model.trees());
    const auto rows = detail::rows_in_block<Lanes>;
    alignas(64) std::uint32_t answers[detail::most_questions * 16], places[32 * 16];
    for (std::size_t q = 0; q < trees.questions.size(); ++q) {
        std::vector<float> column(rows);
        for (std::size_t r = 0; r < rows; ++r) column[r] = x[r * model.features() + trees.questions[q].feature];
        detail::answer_question::run<float, Lanes>(trees.questions[q], column.data(), answers + q * Lanes);
    }
    std::vector<float> sums(rows, model.base_score());
    for (const auto& g : trees.groups) {
        detail::slice_group::run<float, Lanes>(g, trees.asked.data() + g.questions, answers, places);
        detail::add_leaves(g, trees.leaves.data() + g.leaves, places, rows, sums.data());
    }
    return sums;
}

} // namespace

TEST_CASE("compiled trees give what trees give, bit for bit, at every depth and with all instructions") {
    const auto sizes = drawn::domains(11);
    const auto x = drawn::rows(600, sizes, 7);
    for (const auto instructions : available())
        for (std::size_t depth = 0; depth <= 10; ++depth) {
            INFO("instructions " << name_of(instructions) << ", depth " << depth);
            const boosted_trees model{11, 0.5F, drawn::trees<float>(depth < 8 ? 70 : 9, sizes, depth, depth + 1)};
            const compiled_trees compiled{model, instructions};
            CHECK(compiled.table_trees() + compiled.walked_trees() == model.trees().size());
            if (depth <= 8) CHECK(compiled.walked_trees() == 0);
            CHECK(compiled.instructions() == instructions);
            check_equal(model, compiled, x);
        }
}

TEST_CASE("compiled trees of mixed depths keep their order") {
    const auto sizes = drawn::domains(9);
    std::vector<surrogate::regression_tree> trees;
    for (std::uint64_t k = 0; k < 40; ++k)
        for (auto& t : drawn::trees<float>(1 + (k * 5) % 14, sizes, 1 + (k * 7) % 10, k)) trees.push_back(t);
    const boosted_trees model{9, -3, trees};
    for (const auto instructions : available()) {
        const compiled_trees compiled{model, instructions};
        CHECK(compiled.walked_trees() > 0);
        check_equal(model, compiled, drawn::rows(700, sizes, 3));
    }
}

TEST_CASE("compiled trees take numbers of any size, and none") {
    const auto sizes = drawn::domains(5);
    random_stream random{12};
    // Thresholds anywhere: more questions than fit one vector of bytes, then more than fit at all.
    for (const std::size_t count : {6U, 30U, 400U}) {
        auto trees = drawn::trees<float>(count, sizes, 3, 2);
        for (auto& t : trees)
            for (std::size_t n = 0; n < t.nodes(); ++n)
                if (!t.leaf(n)) t.threshold[n] = static_cast<float>(random.uniform(-1, 4));
        auto x = drawn::rows(300, sizes, 3);
        for (auto& v : x) {
            const auto kind = random() % 12;
            if (kind == 0) v = std::numeric_limits<float>::quiet_NaN();
            else if (kind == 1) v = std::numeric_limits<float>::infinity();
            else if (kind == 2) v = -std::numeric_limits<float>::infinity();
            else if (kind == 3) v = trees[random() % count].threshold[0]; // neither below nor above
            else v = static_cast<float>(random.uniform(-2, 5));
        }
        const boosted_trees model{5, 0, trees};
        for (const auto instructions : available()) {
            const compiled_trees compiled{model, instructions};
            CHECK((compiled.walked_trees() > 0) == (count == 400));
            CHECK(compiled.questions() <= 1024);
            check_equal(model, compiled, x);
        }
    }
}

TEST_CASE("blocks of 4, 8 and 16 lanes are summed alike") {
    const auto sizes = drawn::domains(13);
    const auto x = drawn::rows(surrogate::detail::rows_in_block<16>, sizes, 21);
    for (const std::size_t depth : {3U, 4U, 6U}) {
        const boosted_trees model{13, 0.5F, drawn::trees<float>(57, sizes, depth, 5)};
        std::vector<double> expected(x.size() / 13);
        model.predict({x, 13}, expected);
        const auto check = [&](const std::vector<float>& found) {
            for (std::size_t r = 0; r < found.size(); ++r)
                if (static_cast<double>(found[r]) != expected[r]) FAIL("row " << r);
        };
        check(block_sums<4>(model, x));
        check(block_sums<8>(model, x));
        check(block_sums<16>(model, x));
    }
}

TEST_CASE("compiled trees obey the laws of regressors, also without trees and without features") {
    const auto sizes = drawn::domains(6);
    const auto x = drawn::rows(300, sizes, 1);
    for (const auto instructions : available()) {
        laws::obeys_regressor_laws(compiled_trees{boosted_trees{6, 1, drawn::trees<float>(45, sizes, 3, 9)}, instructions}, {x, 6});
        laws::obeys_regressor_laws(compiled_trees{boosted_trees{6, 1, {}}, instructions}, {x, 6});
        surrogate::regression_tree leaf;
        leaf.add_leaf(2.5F);
        const compiled_trees constant{boosted_trees{0, 1, {leaf, leaf}}, instructions};
        CHECK(constant.predict(std::span<const float>{}) == 6);
    }
    if (!surrogate::has_instructions(vector_instructions::avx512))
        CHECK_THROWS_AS(compiled_trees(boosted_trees{6, 1, {}}, vector_instructions::avx512), input_error);
}
