#pragma once

/// What is measured and what is wanted: metrics with units, records of them, goals, evaluators, trials.

#include <verdant/goal/draw_summary.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/hana.hpp>
#include <verdant/goal/hypervolume_unit.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/pending_trial.hpp>
#include <verdant/goal/quantity_slips.hpp>
#include <verdant/goal/quantity_text.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/goal/trial_origin.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/goal/uncertain_metrics.hpp>
