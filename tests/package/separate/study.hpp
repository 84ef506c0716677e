#pragma once

#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/verdant.hpp>

namespace vd = verdant;

template <class Optimizer>
using study = vd::search<vd::spaces::accelerator, vd::minimize<vd::latency, vd::threshold<100>>, vd::minimize<vd::area, vd::threshold<32>>, Optimizer>;

// Each in a source file of its own.
std::string front_of_nsga2();
std::string front_of_bayes();

template <class Study>
std::string front_of(int trials) {
    std::string text;
    for (const auto& t : Study{vd::accelerator_estimator{}}.run({.trials = trials, .seed = 3})) text += to_string(t.point) + '\n';
    return text;
}
