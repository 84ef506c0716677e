#pragma once

/// Uncertain inputs: intervals, distributions, their draws, and arithmetic with them.

#include <verdant/uncertainty/closed_form.hpp>
#include <verdant/uncertainty/distributions.hpp>
#include <verdant/uncertainty/draw_inputs.hpp>
#include <verdant/uncertainty/draws.hpp>
#include <verdant/uncertainty/empirical.hpp>
#include <verdant/uncertainty/interval.hpp>
#include <verdant/uncertainty/quantity_algebra.hpp>
#include <verdant/uncertainty/sample_quantile.hpp>
#include <verdant/uncertainty/uncertain.hpp>
