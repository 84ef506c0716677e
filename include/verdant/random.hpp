#pragma once

/// The room random/. Derivable random streams of our own, and those of Python and NumPy programs.

#include <verdant/random/numpy.hpp>
#include <verdant/random/python.hpp>
#include <verdant/random/stream.hpp>
