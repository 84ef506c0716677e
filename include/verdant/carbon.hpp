#pragma once

/// The room carbon/. ACT tables, embodied and operational carbon, footprints, also of uncertain inputs; yield, packages and chiplets, servers,
/// metrics, and grids hour by hour.

#include <verdant/carbon/accelerator_area.hpp>
#include <verdant/carbon/act_tables.hpp>
#include <verdant/carbon/amortisation.hpp>
#include <verdant/carbon/best_start.hpp>
#include <verdant/carbon/board.hpp>
#include <verdant/carbon/carbon_metrics.hpp>
#include <verdant/carbon/chiplet.hpp>
#include <verdant/carbon/clean_hours.hpp>
#include <verdant/carbon/consumption/carbon_budget.hpp>
#include <verdant/carbon/consumption/consumption_meter.hpp>
#include <verdant/carbon/consumption/consumption_sampler.hpp>
#include <verdant/carbon/consumption/nvml_counters.hpp>
#include <verdant/carbon/consumption/process_use.hpp>
#include <verdant/carbon/consumption/rapl_counters.hpp>
#include <verdant/carbon/design_carbon.hpp>
#include <verdant/carbon/eco_chip.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/footprint.hpp>
#include <verdant/carbon/gate_area.hpp>
#include <verdant/carbon/grid_csv.hpp>
#include <verdant/carbon/grid_series.hpp>
#include <verdant/carbon/hierarchy_die.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/carbon/layered_process.hpp>
#include <verdant/carbon/life.hpp>
#include <verdant/carbon/memory_density.hpp>
#include <verdant/carbon/node_scaling.hpp>
#include <verdant/carbon/operational.hpp>
#include <verdant/carbon/package.hpp>
#include <verdant/carbon/uncertain_footprint.hpp>
#include <verdant/carbon/uncertain_life.hpp>
#include <verdant/carbon/uncertain_package.hpp>
#include <verdant/carbon/wafer.hpp>
#include <verdant/carbon/weekly_schedule.hpp>
#include <verdant/carbon/yield.hpp>
