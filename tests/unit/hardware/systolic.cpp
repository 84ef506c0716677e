#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/systolic.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace hw = verdant::hardware;
using flow = hw::systolic_dataflow;

// SCALE-Sim's example: AlexNet's first convolution
static_assert(hw::systolic_cost_of({3025, 363, 96}, {32, 32}, flow::weight_stationary).cycles == 112283);
static_assert(hw::product_of({227, 227, 11, 11, 3, 96, 4}) == hw::systolic_product{3025, 363, 96});
// one cell: T cycles a fold, the last one numbered from 0; the fill of a stationary operand is one more
static_assert(hw::systolic_cost_of({2, 5, 3}, {1, 1}, flow::output_stationary).cycles == 2 * 3 * 5 - 1);
static_assert(hw::systolic_cost_of({2, 5, 3}, {1, 1}, flow::weight_stationary).cycles == 5 * 3 * (2 + 1) - 1);
static_assert(hw::systolic_cost_of({2, 5, 3}, {1, 1}, flow::input_stationary).cycles == 5 * 2 * (3 + 1) - 1);

namespace {

/// When each number goes in or out, one by one.
struct walk {
    std::int64_t cycles = 0, inputs = 0, filters = 0, outputs = 0;
    hw::systolic_spans spans{none, none, none};

    static constexpr hw::busy_span none{std::numeric_limits<std::int64_t>::max(), -1};
    static void at(hw::busy_span& s, std::int64_t cycle) { s = {std::min(s.first, cycle), std::max(s.last, cycle)}; }
};

walk walked(const hw::systolic_convolution& layer, const hw::systolic_array& a, flow f) {
    const auto p = hw::product_of(layer);
    walk w;
    const auto input = [&](std::int64_t pixel, std::int64_t at, std::int64_t cycle) {
        ++w.inputs;
        if (layer.reads(pixel, at)) walk::at(w.spans.inputs, cycle + 1);
    };
    const auto filter = [&](std::int64_t cycle) { ++w.filters, walk::at(w.spans.filters, cycle + 1); };
    const auto output = [&](std::int64_t cycle) { ++w.outputs, walk::at(w.spans.outputs, cycle); };
    const auto rows = f == flow::output_stationary ? p.pixels : p.window, columns = f == flow::input_stationary ? p.pixels : p.filters;
    std::int64_t begin = 0;
    for (std::int64_t c0 = 0; c0 < columns; c0 += a.columns)
        for (std::int64_t r0 = 0; r0 < rows; r0 += a.rows) {
            const auto nr = std::min(a.rows, rows - r0), nc = std::min(a.columns, columns - c0);
            if (f == flow::output_stationary) {
                for (std::int64_t t = 0; t < p.window; ++t) {
                    for (std::int64_t r = 0; r < nr; ++r) input(r0 + r, t, begin + t + r);
                    for (std::int64_t c = 0; c < nc; ++c) filter(begin + t + c);
                }
                // results leave by the bottom row, the lowest first, each column one cycle after the one before
                for (std::int64_t r = 0; r < nr; ++r)
                    for (std::int64_t c = 0; c < nc; ++c) output(begin + p.window - 1 + a.rows - 1 - r + c);
                begin += p.window + a.rows + a.columns - 2;
                continue;
            }
            const bool weights = f == flow::weight_stationary;
            for (std::int64_t r = 0; r < nr; ++r)
                for (std::int64_t c = 0; c < nc; ++c) weights ? filter(begin + a.rows - 1 - r) : input(c0 + c, r0 + r, begin + a.rows - 1 - r);
            const auto streamed = weights ? p.pixels : p.filters;
            for (std::int64_t t = 0; t < streamed; ++t) {
                for (std::int64_t r = 0; r < nr; ++r) weights ? input(t, r0 + r, begin + a.rows + t + r) : filter(begin + a.rows + t + r);
                for (std::int64_t c = 0; c < nc; ++c) output(begin + 2 * a.rows - 1 + t + c);
            }
            begin += streamed + 2 * a.rows + a.columns - 2;
        }
    w.cycles = begin - 1;
    return w;
}

} // namespace

TEST_CASE("closed forms of systolic arrays are what a walk through their cycles finds", "[hardware]") {
    const std::vector<hw::systolic_convolution> layers{
        {7, 7, 3, 3, 2, 5, 1}, {8, 9, 3, 2, 3, 4, 2}, {10, 8, 3, 3, 1, 9, 4}, {5, 5, 5, 5, 2, 3, 1}, {6, 6, 1, 1, 8, 7, 1}};
    for (const auto& layer : layers)
        for (const hw::systolic_array a : {hw::systolic_array{4, 4}, {3, 5}, {8, 2}, {1, 1}, {64, 64}})
            for (const auto f : {flow::output_stationary, flow::weight_stationary, flow::input_stationary}) {
                CAPTURE(layer.height, layer.width, a.rows, a.columns, static_cast<int>(f));
                const auto w = walked(layer, a, f);
                const auto cost = hw::systolic_cost_of(hw::product_of(layer), a, f);
                const auto spans = hw::systolic_spans_of(layer, a, f);
                CHECK(cost.cycles == w.cycles);
                CHECK(cost.input_reads == w.inputs);
                CHECK(cost.filter_reads == w.filters);
                CHECK(cost.output_writes == w.outputs);
                CHECK(spans.inputs == w.spans.inputs);
                CHECK(spans.filters == w.spans.filters);
                CHECK(spans.outputs == w.spans.outputs);
                CHECK((cost.mapped > 0 && cost.mapped <= 1 && cost.busy <= cost.mapped && cost.busy > 0));
            }
}

TEST_CASE("arrays and products that are none are refused", "[hardware]") {
    CHECK_THROWS_WITH(hw::systolic_cost_of({1, 1, 1}, {0, 4}, flow::output_stationary), Catch::Contains("0 x 4"));
    CHECK_THROWS_AS(hw::systolic_cost_of({1, 0, 1}, {4, 4}, flow::output_stationary), verdant::input_error);
    CHECK_THROWS_AS(hw::systolic_cost_of({1 << 20, 1, 1}, {4, 4}, flow::output_stationary), verdant::input_error);
    CHECK_THROWS_AS(hw::product_of({3, 3, 5, 5, 1, 1, 1}), verdant::input_error);
    CHECK_THROWS_AS(hw::product_of({3, 3, 1, 1, 1, 1, 0}), verdant::input_error);
}
