#pragma once

#include <verdant/carbon/act_tables.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/footprint.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/carbon/operational.hpp>
