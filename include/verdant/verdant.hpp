#pragma once

// Everything but the optional parts (see the README for those).

#include <verdant/carbon.hpp>
#include <verdant/error.hpp>
#include <verdant/goal.hpp>
#include <verdant/hardware.hpp>
#include <verdant/modes.hpp>
#include <verdant/optimizer.hpp>
#include <verdant/pareto.hpp>
#include <verdant/random.hpp>
#include <verdant/search.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces.hpp>
#include <verdant/units.hpp>
#include <verdant/version.hpp>
#include <verdant/workload.hpp>
