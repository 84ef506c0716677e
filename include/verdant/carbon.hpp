#pragma once

/// The room carbon/. ACT tables, embodied and operational carbon, footprints.

#include <verdant/carbon/act_tables.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/footprint.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/carbon/life.hpp>
#include <verdant/carbon/operational.hpp>
