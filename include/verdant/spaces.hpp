#pragma once

// The published search spaces, and evaluators of their points.

#include <verdant/spaces/accelerator.hpp>
#include <verdant/spaces/accelerator_estimator.hpp>
#include <verdant/spaces/clip.hpp>
#include <verdant/spaces/clip_co_design.hpp>
#include <verdant/spaces/clip_estimator.hpp>
#include <verdant/spaces/hardware_costs.hpp>
#include <verdant/spaces/transformer.hpp>
#include <verdant/spaces/transformer_estimator.hpp>
