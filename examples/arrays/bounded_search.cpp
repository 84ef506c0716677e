// The front of all 3240 accelerators for a CLIP, from fewer mapping searches: points that their lower bounds rule out are not evaluated.

#include <verdant/arrays/columns.hpp>
#include <verdant/arrays/encoded.hpp>
#include <verdant/evaluators/accelerator_bounds.hpp>
#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/optimizer/bounded.hpp>
#include <verdant/search.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <xtensor/xmath.hpp>

#include <iostream>
#include <vector>

namespace vd = verdant;

// [study]
using study = vd::search<vd::spaces::accelerator, vd::minimize<vd::latency>, vd::minimize<vd::total_carbon>,
                         vd::subject_to<vd::area, vd::at_most<32>, vd::square_millimetres>,
                         vd::bounded_search<vd::accelerator_bounds<>>>; // instead of vd::exhaustive_search
// [/study]

int main() {
    const auto& model = vd::workload::clip_named("TinyCLIP-ViT-8M-16-Text-3M-YFCC15M");
    // [run]
    const vd::accelerator_estimator measure{model};
    const auto found = study{measure}.run({.trials = 3240, .optimizer = {.bound = vd::accelerator_bounds{measure}}});
    // [/run]
    std::cout << found.trials().size() << " of 3240 accelerators evaluated, " << found.size() << " on the front\n";

    // [columns]
    const auto table = vd::arrays::columns(found.front());
    const auto milliseconds = table.metric<vd::latency, vd::milliseconds>();
    const auto depth = table["depth"]; // a parameter
    // [/columns]
    std::cout << "the front is " << (milliseconds(0) < milliseconds(table.size() - 1) ? "ordered by latency" : "in disorder") << "; depths from "
              << xt::amin(depth)() << " to " << xt::amax(depth)() << '\n';

    // [encoded]
    std::vector<vd::point<vd::spaces::accelerator>> points;
    for (const auto& t : found) points.push_back(t.point);
    const auto matrix = vd::arrays::encoded<vd::arrays::ordinal<vd::spaces::accelerator>>(points); // points x 6, from 0 to 1
    const auto back = vd::arrays::decoded<vd::arrays::ordinal<vd::spaces::accelerator>>(matrix);
    // [/encoded]
    std::cout << "a matrix of " << matrix.shape(1) << " columns decodes to the " << (back == points ? "same" : "other") << " points\n";
}
