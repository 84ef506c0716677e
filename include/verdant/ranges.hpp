#pragma once

/// The room ranges/. Feasible points and trials as views of range-v3.

#include <verdant/ranges/feasible_points.hpp>
#include <verdant/ranges/trials.hpp>
