#pragma once

/// The room arrays/. Tensors, populations and results as arrays of xtensor.

#include <verdant/arrays/columns.hpp>
#include <verdant/arrays/encoded.hpp>
#include <verdant/arrays/view.hpp>
