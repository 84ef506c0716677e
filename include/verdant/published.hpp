#pragma once

/// The published searches as types, and their result files and fronts.

#include <verdant/published/carbon_nas.hpp>
#include <verdant/published/published_evolution.hpp>
#include <verdant/published/published_front.hpp>
#include <verdant/published/published_table.hpp>
#include <verdant/published/transformer_nas.hpp>
