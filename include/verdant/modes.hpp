#pragma once

// The published searches as types, and their result files and fronts.

#include <verdant/modes/carbon_nas.hpp>
#include <verdant/modes/published_front.hpp>
#include <verdant/modes/published_table.hpp>
#include <verdant/modes/transformer_nas.hpp>
