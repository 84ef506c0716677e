#pragma once

/// The room hardware/. Technology, accelerators, area, vector cores, estimates, systolic arrays; mapping/ the search for mappings; hierarchy/ memory
/// hierarchies as types; devices/ products by published figures.

#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/chip.hpp>
#include <verdant/hardware/devices.hpp>
#include <verdant/hardware/devices/fit_calibration.hpp>
#include <verdant/hardware/devices/kernel.hpp>
#include <verdant/hardware/devices/measured_device.hpp>
#include <verdant/hardware/devices/published_devices.hpp>
#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/hardware/devices/roofline.hpp>
#include <verdant/hardware/devices/served.hpp>
#include <verdant/hardware/devices/serving.hpp>
#include <verdant/hardware/devices/serving_memory.hpp>
#include <verdant/hardware/devices/timed_layers.hpp>
#include <verdant/hardware/divisor_bounds.hpp>
#include <verdant/hardware/estimate.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/hardware/fidelity.hpp>
#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/mapped.hpp>
#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/hardware/mapping/bounds.hpp>
#include <verdant/hardware/mapping/cache.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/search.hpp>
#include <verdant/hardware/mapping/target.hpp>
#include <verdant/hardware/monotone_mapping.hpp>
#include <verdant/hardware/sram.hpp>
#include <verdant/hardware/systolic.hpp>
#include <verdant/hardware/systolic_buffers.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/hardware/tensor_core.hpp>
#include <verdant/hardware/throughput.hpp>
#include <verdant/hardware/vector_core.hpp>
