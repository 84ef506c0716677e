// A BERT and the accelerator for it, searched together: how far the model is truncated, and what chip it runs on.

#include <verdant/evaluators.hpp>
#include <verdant/report.hpp>
#include <verdant/spaces.hpp>
#include <verdant/verdant.hpp>
#include <verdant/workload/graph/macs.hpp>

#include <iostream>
namespace vd = verdant;
namespace wl = verdant::workload;

// [space]
// Half of BERT base to the whole, in sixteenths; a number of heads must divide the width.
struct models : vd::spaces::transformer<vd::spaces::half_to_whole(wl::bert_base_uncased), vd::choices<6, 8, 12>> {};
struct codesign : vd::spaces::transformer_codesign<models> {}; // model.layers, ..., hw.clusters, ...

static_assert(vd::cardinality<codesign> == 7 * 9 * 9 * 3 * 3240);
// [/space]

// [facts]
constexpr wl::bert_config half{.layers = 6, .width = 384, .ffn = 1536, .heads = 6};
static_assert(wl::parameters(wl::bert_base_uncased) == 109'483'778); // with a classifier of two classes
static_assert(wl::parameters(half) == 22'713'986);
static_assert(wl::macs(wl::trace(wl::bert_base_uncased, 128)) == 11'174'217'216);
static_assert(wl::macs(wl::trace(half, 128)) == 1'434'600'192);
// [/facts]

// [evaluators]
// Stands in for tuning a truncated model on MRPC and measuring it: larger models do better, with diminishing returns.
vd::metrics<vd::accuracy> my_accuracy(const vd::point<codesign>& p) {
    const auto model = vd::spaces::transformer_of(p.nested<"model">(), wl::bert_base_uncased);
    const double share = static_cast<double>(wl::macs(wl::trace(model, 128))) / static_cast<double>(wl::macs(wl::trace(wl::bert_base_uncased, 128)));
    return 0.684 + 0.18 * share / (share + 0.25);
}

const vd::co_design_costs my_cost{wl::text_model{wl::bert_base_uncased, 128}}; // texts of 128 tokens
// [/evaluators]

// [study]
using study = vd::search<codesign,                                               //
                         vd::maximize<vd::accuracy, vd::threshold<0.684>>,       //
                         vd::minimize<vd::total_carbon, vd::threshold<0.6>>,     // kg CO2e
                         vd::subject_to<vd::latency, vd::at_most<50>>,           // ms
                         vd::subject_to<vd::area, vd::at_most<31.990347>>,       // mm2
                         vd::subject_to<vd::tops, vd::at_most<20.48>>, vd::nsga2<>>;
// [/study]

int main() {
    // [run]
    const auto found = study{my_accuracy, my_cost}.run({.trials = 300, .seed = 7, .threads = 0, .optimizer = {.population = 30}});
    vd::print_table(std::cout, vd::report_of(found.front(), {.status = false, .digits = 3}), 8);
    // [/run]
}
