#pragma once

// Optimizers: what proposes the points of a search.

#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/genome_variation.hpp>
#include <verdant/optimizer/nsga2.hpp>
#include <verdant/optimizer/nsga2_engine.hpp>
#include <verdant/optimizer/nsga2_survival.hpp>
#include <verdant/optimizer/population.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/real_box.hpp>
#include <verdant/optimizer/tournament.hpp>
#include <verdant/optimizer/variation_real.hpp>
