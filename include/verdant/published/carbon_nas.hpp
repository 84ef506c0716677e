#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/search/search.hpp>
#include <verdant/spaces/carbon_nas/clip_co_design.hpp>
#include <verdant/units.hpp>

/// The published searches of CarbonNAAS (CATransformers, optimization/optimizer_<mode>.py), each one type. Thresholds are the
/// components of the reference point. What a mode records without optimising or constraining it is tracked, so that every mode has the columns of
/// its published result file. Energy is that of a device's life, in kWh.
///
/// Each takes an optimizer, `bayes<>` in the original, and a space with the same parameter names where another model is pruned. Limits can be
/// changed before a run: `study.at_most<area>(...)`.
namespace verdant::published {

/// Die area of the published searches: 31,990,347 um2.
using area_limit = subject_to<area, at_most<31'990'347>, square_micrometres>;
/// 50 ms.
using latency_limit = subject_to<latency, at_most<0.05>, seconds>;
/// 16384 MACs at 625 MHz: 20.48 TOPS.
using tops_limit = subject_to<tops, at_most<20.48>>;

/// Accuracy against total carbon.
template <class Optimizer, search_space Space = spaces::clip_co_design>
using carbon = search<Space, maximize<accuracy, threshold<0.15>>, minimize<total_carbon, threshold<0.5>, kilograms_co2e>, area_limit, latency_limit,
                      tops_limit, track<lifetime_energy>, track<embodied_carbon>, track<operational_carbon>, Optimizer>;

/// Accuracy against latency.
template <class Optimizer, search_space Space = spaces::clip_co_design>
using latency = search<Space, maximize<accuracy, threshold<0.1>>, minimize<verdant::latency, threshold<0.02>, seconds>, area_limit, tops_limit,
                       track<total_carbon>, track<lifetime_energy>, track<embodied_carbon>, track<operational_carbon>, Optimizer>;

/// Accuracy against energy.
template <class Optimizer, search_space Space = spaces::clip_co_design>
using energy = search<Space, maximize<accuracy, threshold<0.1>>, minimize<lifetime_energy, threshold<2.0>, kilowatt_hours>, area_limit, latency_limit,
                      tops_limit, track<total_carbon>, track<embodied_carbon>, track<operational_carbon>, Optimizer>;

/// Accuracy against latency and total carbon.
template <class Optimizer, search_space Space = spaces::clip_co_design>
using all = search<Space, maximize<accuracy, threshold<0.02>>, minimize<verdant::latency, threshold<0.1>, seconds>,
                   minimize<total_carbon, threshold<0.4>, kilograms_co2e>, area_limit, tops_limit, track<lifetime_energy>, track<embodied_carbon>,
                   track<operational_carbon>, Optimizer>;

/// Latency against total carbon of one model on all accelerators.
template <class Optimizer, search_space Space = spaces::accelerator>
using all_hw = search<Space, minimize<verdant::latency, threshold<0.1>, seconds>, minimize<total_carbon, threshold<1.0>, kilograms_co2e>, area_limit,
                      tops_limit, track<lifetime_energy>, track<embodied_carbon>, track<operational_carbon>, Optimizer>;

/// Accuracy against energy of all models on one device, in the original `hardware::h100_like`: give it `co_design_costs{base, device}`.
template <class Optimizer, search_space Space = spaces::clip>
using energy_model = search<Space, maximize<accuracy, threshold<0.1>>, minimize<lifetime_energy, threshold<3.0>, kilowatt_hours>, latency_limit,
                            track<total_carbon>, track<embodied_carbon>, track<operational_carbon>, Optimizer>;

} // namespace verdant::published
