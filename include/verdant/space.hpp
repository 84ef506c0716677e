#pragma once

// Search spaces: parameters, constraints, points, and what can be done with them at compile time and at run time.

#include <verdant/space/cardinality.hpp>
#include <verdant/space/constraint_text.hpp>
#include <verdant/space/domain.hpp>
#include <verdant/space/encoding.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/feasibility.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/repair.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/space/space.hpp>
#include <verdant/space/text.hpp>
#include <verdant/space/validity.hpp>
#include <verdant/space/variation.hpp>
