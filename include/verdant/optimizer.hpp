#pragma once

/// Optimizers: what proposes the points of a search.

#include <verdant/optimizer/bayes/noisy_ehvi_options.hpp>
#include <verdant/optimizer/bayes/smooth_improvement.hpp>
#include <verdant/optimizer/bounded.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/optimizer/evolution/genome_variation.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/evolution/nsga2_engine.hpp>
#include <verdant/optimizer/evolution/population.hpp>
#include <verdant/optimizer/evolution/rank_and_crowding.hpp>
#include <verdant/optimizer/evolution/real_box.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/evolution/single_mutation.hpp>
#include <verdant/optimizer/evolution/tournament.hpp>
#include <verdant/optimizer/evolution/variation_checks.hpp>
#include <verdant/optimizer/evolution/variation_real.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/local_search.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/reinforce/adam.hpp>
#include <verdant/optimizer/reinforce/decision_layout.hpp>
#include <verdant/optimizer/reinforce/lstm_controller.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/optimizer/reinforce/reward.hpp>
#include <verdant/optimizer/reinforce/value_mask.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/optimizer/tpe/parzen_mixture.hpp>
#include <verdant/optimizer/tpe/tpe.hpp>
#include <verdant/optimizer/within.hpp>
