#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/systolic.hpp>
#include <verdant/hardware/systolic_buffers.hpp>

#include <cstdint>

namespace hw = verdant::hardware;
using flow = hw::systolic_dataflow;

TEST_CASE("buffers that hold everything fetch each word once, before the array starts", "[hardware]") {
    const hw::systolic_convolution layer{9, 8, 3, 3, 2, 7, 1};
    const auto p = hw::product_of(layer);
    const hw::systolic_buffers large{.input_words = 100'000, .filter_words = 100'000, .output_words = 100'000};
    for (const auto f : {flow::output_stationary, flow::weight_stationary, flow::input_stationary}) {
        const auto dram = hw::systolic_dram_of(layer, {4, 4}, f, large);
        CHECK(dram.inputs.accesses == 9 * 8 * 2);
        CHECK(dram.filters.accesses == p.window * p.filters);
        CHECK(dram.inputs.span.last == -1);
        CHECK(dram.filters.span.first < 0);
        // outputs go when the array is done, partial sums among them
        const auto cost = hw::systolic_cost_of(p, {4, 4}, f);
        CHECK(dram.outputs.accesses == cost.output_writes);
        CHECK(dram.outputs.span.first == cost.cycles);
    }
}

TEST_CASE("small buffers fetch more often, never less than each word once", "[hardware]") {
    const hw::systolic_convolution layer{20, 20, 3, 3, 4, 16, 1};
    const auto p = hw::product_of(layer);
    for (const auto f : {flow::output_stationary, flow::weight_stationary, flow::input_stationary}) {
        std::int64_t before = hw::systolic_cost_of(p, {8, 8}, f).input_reads;
        for (const std::int64_t words : {200, 800, 3200, 12800}) {
            const auto dram = hw::systolic_dram_of(layer, {8, 8}, f, {.input_words = words, .filter_words = words, .output_words = words});
            CHECK(dram.inputs.accesses <= before);
            CHECK(dram.inputs.accesses >= 20 * 20 * 4);
            CHECK(dram.filters.accesses >= p.window * p.filters);
            CHECK(dram.outputs.accesses >= hw::systolic_cost_of(p, {8, 8}, f).output_writes);
            before = dram.inputs.accesses;
        }
    }
}

TEST_CASE("buffers that are too small are refused", "[hardware]") {
    const hw::systolic_convolution layer{9, 8, 3, 3, 2, 7, 1};
    CHECK_THROWS_AS(hw::systolic_dram_of(layer, {4, 4}, flow::output_stationary, {99, 100, 2}), verdant::input_error);
    CHECK_THROWS_AS(hw::systolic_dram_of(layer, {4, 4}, flow::output_stationary, {100, 100, 1}), verdant::input_error);
    CHECK_THROWS_AS(hw::systolic_dram_of(layer, {0, 4}, flow::output_stationary, {100, 100, 2}), verdant::input_error);
}
