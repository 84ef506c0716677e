#pragma once

/// The evaluators of points of the published spaces: what a model costs on an accelerator, what it costs whatever the hardware, and how long it takes
/// on a measured device.

#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/evaluators/clip_estimator.hpp>
#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/evaluators/cost_policies.hpp>
#include <verdant/evaluators/hardware_costs.hpp>
#include <verdant/evaluators/model_at.hpp>
#include <verdant/evaluators/network_costs.hpp>
#include <verdant/evaluators/network_estimator.hpp>
#include <verdant/evaluators/table_latency.hpp>
#include <verdant/evaluators/transformer_models.hpp>
#include <verdant/evaluators/uncertain_carbon.hpp>
