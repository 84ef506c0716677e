#pragma once

// The published search spaces, and evaluators of their points. Tables of measured latencies (table_latency.hpp), data sets of accuracies and predictors
// are included by their own headers: text and files cost more to compile than all of these.

#include <verdant/spaces/accelerator.hpp>
#include <verdant/spaces/accelerator_estimator.hpp>
#include <verdant/spaces/clip.hpp>
#include <verdant/spaces/clip_co_design.hpp>
#include <verdant/spaces/clip_estimator.hpp>
#include <verdant/spaces/comp_ofa.hpp>
#include <verdant/spaces/constant_memory.hpp>
#include <verdant/spaces/elastic_arch.hpp>
#include <verdant/spaces/elastic_costs.hpp>
#include <verdant/spaces/hardware_costs.hpp>
#include <verdant/spaces/mobile_family.hpp>
#include <verdant/spaces/moofa.hpp>
#include <verdant/spaces/narrow.hpp>
#include <verdant/spaces/network_costs.hpp>
#include <verdant/spaces/network_estimator.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/spaces/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/ofa_proxyless.hpp>
#include <verdant/spaces/ofa_resnet.hpp>
#include <verdant/spaces/once_for_all.hpp>
#include <verdant/spaces/reachable_peaks.hpp>
#include <verdant/spaces/transformer.hpp>
#include <verdant/spaces/transformer_estimator.hpp>
#include <verdant/spaces/within_memory.hpp>
