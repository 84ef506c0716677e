#pragma once

/// Search spaces: parameters, constraints, points, and what can be done with them at compile time and at run time.

// First, so that compilers list few headers above a message about a point or a space.
#include <verdant/space/point.hpp>

#include <verdant/space/broken_constraint.hpp>
#include <verdant/space/cardinality.hpp>
#include <verdant/space/constraint_text.hpp>
#include <verdant/space/domain.hpp>
#include <verdant/space/elimination.hpp>
#include <verdant/space/encoding.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/feasibility.hpp>
#include <verdant/space/feasible_group.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/group_counts.hpp>
#include <verdant/space/hana.hpp>
#include <verdant/space/index_view.hpp>
#include <verdant/space/linear_constraint.hpp>
#include <verdant/space/part.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/space/ranking.hpp>
#include <verdant/space/repair.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/space/space.hpp>
#include <verdant/space/structure.hpp>
#include <verdant/space/summed_group.hpp>
#include <verdant/space/table.hpp>
#include <verdant/space/table_writer.hpp>
#include <verdant/space/text.hpp>
#include <verdant/space/type_check.hpp>
#include <verdant/space/validity.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/space/value_type.hpp>
#include <verdant/space/variation.hpp>
#include <verdant/space/where_nested.hpp>
