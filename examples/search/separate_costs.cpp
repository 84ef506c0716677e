// A search whose costs are compiled in another translation unit: separate_costs/costs.cpp.
#include "separate_costs/costs.hpp"

#include <verdant/verdant.hpp>

#include <iostream>

// [search]
using study = vd::search<vd::spaces::accelerator, vd::minimize<vd::latency>, vd::minimize<vd::energy>,
                         vd::subject_to<vd::area, vd::at_most<32>>, vd::nsga2<>>;

int main() {
    const auto front = study{costs}.run({.trials = 200, .seed = 7}); // a function is an evaluator
    for (const auto& t : front)
        std::cout << vd::rounded_text(vd::in<vd::milliseconds>(t.get<vd::latency>()), 4) << " ms  "
                  << vd::rounded_text(vd::in<vd::joules>(t.get<vd::energy>()), 4) << " J\n";
}
// [/search]
