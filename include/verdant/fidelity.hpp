#pragma once

/// The room fidelity/. Searches in which a policy decides at which fidelity each point is measured: successive halving, Hyperband, ASHA, median
/// stopping.

#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/asha_stopping.hpp>
#include <verdant/fidelity/fidelity_evaluator.hpp>
#include <verdant/fidelity/fidelity_options.hpp>
#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_result.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/fidelity/fidelity_table.hpp>
#include <verdant/fidelity/hyperband.hpp>
#include <verdant/fidelity/measurement.hpp>
#include <verdant/fidelity/median_stopping.hpp>
#include <verdant/fidelity/multi_fidelity.hpp>
#include <verdant/fidelity/rung_scores.hpp>
#include <verdant/fidelity/successive_halving.hpp>
#include <verdant/fidelity/whole_evaluations.hpp>
