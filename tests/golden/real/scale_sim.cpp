#include "../golden.hpp"

#include <verdant/hardware/systolic.hpp>
#include <verdant/hardware/systolic_buffers.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

// SCALE-Sim's reports of AlexNet's first convolution on 32 x 32 cells, weight stationary; the configuration is not in the files. The last read of an
// input is at the cycle that a picture of 224 x 224 gives, whose last windows hang over the edge; the figures of DRAM fit buffers of 64 KiB, one byte
// a word.
namespace {

namespace hw = verdant::hardware;

constexpr hw::systolic_array cells{32, 32};
constexpr auto flow = hw::systolic_dataflow::weight_stationary;
constexpr hw::systolic_convolution conv1{224, 224, 11, 11, 3, 96, 4}, conv1_uncut{227, 227, 11, 11, 3, 96, 4};
static_assert(hw::product_of(conv1) == hw::product_of(conv1_uncut));

/// A column by its name, which reports write after a space.
double number(const golden::row& r, std::string_view column) {
    for (const auto& [name, value] : r)
        if (const auto from = name.find_first_not_of(' '); from != std::string::npos && name.substr(from) == column) return std::stod(value);
    throw std::runtime_error{"no column " + std::string{column}};
}

template <class Row>
void each_known_layer(const golden::file& f, golden::summary& s, Row&& row) {
    for (const auto& r : golden::read_csv(f.path)) {
        if (number(r, "LayerID") != 0) {
            golden::skip(f.name, "a layer whose dimensions are not known");
            continue;
        }
        s.next_row();
        row(r);
    }
}

} // namespace

TEST_CASE("systolic closed forms and buffers are SCALE-Sim's reports") {
    constexpr auto cost = hw::systolic_cost_of(hw::product_of(conv1), cells, flow);
    constexpr auto spans = hw::systolic_spans_of(conv1, cells, flow);
    constexpr std::int64_t words = 64 * 1024;
    const auto dram = hw::systolic_dram_of(conv1, cells, flow, {.input_words = words, .filter_words = words, .output_words = words});
    for (const auto& f : golden::find_all("real/hardware/scale_sim/*COMPUTE_REPORT.csv")) {
        golden::summary s{f.name, 1e-15};
        each_known_layer(f, s, [&](const golden::row& r) {
            s.compare("cycles", number(r, "Total Cycles"), static_cast<double>(cost.cycles));
            s.compare("stalls", number(r, "Stall Cycles"), 0);
            s.compare("utilisation", number(r, "Overall Util %"), 100 * cost.utilisation);
            s.compare("mapped", number(r, "Mapping Efficiency %"), 100 * cost.mapped);
            s.compare("busy", number(r, "Compute Util %"), 100 * cost.busy);
        });
    }
    const auto each_cycle = [&](std::int64_t n) { return static_cast<double>(n) / static_cast<double>(cost.cycles); };
    for (const auto& f : golden::find_all("real/hardware/scale_sim/*BANDWIDTH_REPORT.csv")) {
        golden::summary s{f.name, 1e-15};
        each_known_layer(f, s, [&](const golden::row& r) {
            s.compare("input", number(r, "Avg IFMAP SRAM BW"), each_cycle(cost.input_reads));
            s.compare("filter", number(r, "Avg FILTER SRAM BW"), each_cycle(cost.filter_reads));
            s.compare("output", number(r, "Avg OFMAP SRAM BW"), each_cycle(cost.output_writes));
            s.compare("input, DRAM", number(r, "Avg IFMAP DRAM BW"), dram.inputs.bandwidth());
            s.compare("filter, DRAM", number(r, "Avg FILTER DRAM BW"), dram.filters.bandwidth());
            s.compare("output, DRAM", number(r, "Avg OFMAP DRAM BW"), dram.outputs.bandwidth());
        });
    }
    for (const auto& f : golden::find_all("real/hardware/scale_sim/*DETAILED_ACCESS_REPORT.csv")) {
        golden::summary s{f.name, 0};
        each_known_layer(f, s, [&](const golden::row& r) {
            const auto check = [&](const std::string& operand, const std::string& what, const hw::busy_span& span, std::int64_t count) {
                s.compare("first " + operand, number(r, operand + " Start Cycle"), static_cast<double>(span.first));
                s.compare("last " + operand, number(r, operand + " Stop Cycle"), static_cast<double>(span.last));
                s.compare("count of " + operand, number(r, operand + " " + what), static_cast<double>(count));
            };
            check("SRAM IFMAP", "Reads", spans.inputs, cost.input_reads);
            check("SRAM Filter", "Reads", spans.filters, cost.filter_reads);
            check("SRAM OFMAP", "Writes", spans.outputs, cost.output_writes);
            check("DRAM IFMAP", "Reads", dram.inputs.span, dram.inputs.accesses);
            check("DRAM Filter", "Reads", dram.filters.span, dram.filters.accesses);
            check("DRAM OFMAP", "Writes", dram.outputs.span, dram.outputs.accesses);
        });
    }
}
