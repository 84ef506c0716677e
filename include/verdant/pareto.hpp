#pragma once

/// Everything about sets of objective vectors, all objectives minimised: domination, fronts, archives, hypervolume.

#include <verdant/pareto/archive.hpp>
#include <verdant/pareto/box_decomposition.hpp>
#include <verdant/pareto/contributions.hpp>
#include <verdant/pareto/crowding_distance.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/pareto/draw_dominance.hpp>
#include <verdant/pareto/front_filter.hpp>
#include <verdant/pareto/growing_hypervolume.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/pareto/hypervolume_rays.hpp>
#include <verdant/pareto/non_dominated_sort.hpp>
#include <verdant/pareto/objective_rows.hpp>
#include <verdant/pareto/peeled_fronts.hpp>
