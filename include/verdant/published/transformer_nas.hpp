#pragma once

#include <verdant/carbon/intensity.hpp>
#include <verdant/carbon/life.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/published/carbon_nas.hpp>
#include <verdant/search/search.hpp>
#include <verdant/units.hpp>

/// The published searches of BERT, ViT and Llama with their accelerators (CATransformers, optimization/optimizer_<mode>_hf.py):
/// objectives and limits of the modes for CLIP, other thresholds.
///
/// Each takes an optimizer, `bayes<>` in the original, and a space, `spaces::transformer_codesign<Model>`. There is no default, since the original
/// does not ship its bounds: they are arguments of `spaces::transformer`. The evaluator of costs is `co_design_costs`:
///
///     published::transformer::carbon<bayes<>, spaces::transformer_codesign<spaces::bert_base>> study{
///         accuracy_of, co_design_costs{workload::bert_base_uncased, published::transformer::life}};
///
/// The result file and the front are those of the mode of the same name: `published_table(trials, base)`, `published_front_of(result, "carbon")`.
namespace verdant::published::transformer {

/// What footprints assume in these modes: as for CLIP, but used in California, 224 g CO2e/kWh (docs/estimator.md 7.3). `co_design_costs`
/// has to be given it, since its default is the grid of the search of CLIP.
inline constexpr verdant::carbon::life life{.grid = verdant::carbon::california};

/// Accuracy against total carbon.
template <class Optimizer, search_space Space>
using carbon = search<Space, maximize<accuracy, threshold<0.5>>, minimize<total_carbon, threshold<0.6>, kilograms_co2e>, area_limit, latency_limit,
                      tops_limit, track<lifetime_energy>, track<embodied_carbon>, track<operational_carbon>, Optimizer>;

/// Accuracy against latency.
template <class Optimizer, search_space Space>
using latency = search<Space, maximize<accuracy, threshold<0.5>>, minimize<verdant::latency, threshold<0.1>, seconds>, area_limit, tops_limit,
                       track<total_carbon>, track<lifetime_energy>, track<embodied_carbon>, track<operational_carbon>, Optimizer>;

/// Accuracy against energy.
template <class Optimizer, search_space Space>
using energy = search<Space, maximize<accuracy, threshold<0.5>>, minimize<lifetime_energy, threshold<1.5>, kilowatt_hours>, area_limit, latency_limit,
                      tops_limit, track<total_carbon>, track<embodied_carbon>, track<operational_carbon>, Optimizer>;

/// Accuracy against latency and total carbon.
template <class Optimizer, search_space Space>
using all = search<Space, maximize<accuracy, threshold<0.5>>, minimize<verdant::latency, threshold<0.1>, seconds>,
                   minimize<total_carbon, threshold<0.6>, kilograms_co2e>, area_limit, tops_limit, track<lifetime_energy>, track<embodied_carbon>,
                   track<operational_carbon>, Optimizer>;

} // namespace verdant::published::transformer
