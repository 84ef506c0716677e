#pragma once

/// What a program that searches needs: spaces, goals, optimizers, the search, its result as text, units. The rest of the search wing, such as
/// pictures (<verdant/report.hpp>) and algorithms on fronts (<verdant/pareto.hpp>), the cost models, published spaces and evaluators, and the
/// published searches have umbrellas of their own, beside this one; so has all that needs LibTorch (<verdant/torch.hpp>).

// First, so that compilers list few headers above a message about a metric or a space.
#include <verdant/goal/metric.hpp>
#include <verdant/space/validity.hpp>

#include <verdant/error.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/bounded.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report/report.hpp>
#include <verdant/report/trial_text.hpp>
#include <verdant/search/search.hpp>
#include <verdant/search/progress.hpp>
#include <verdant/space.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>
#include <verdant/version.hpp>
