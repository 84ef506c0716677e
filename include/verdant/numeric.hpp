#pragma once

/// The room numeric/. Natural numbers, constexpr mathematics, hash tables, line search and L-BFGS-B, Sobol sequences, the normal distribution, rank
/// correlations, soft ranks by isotonic regression.

#include <verdant/numeric/class_metrics.hpp>
#include <verdant/numeric/constexpr_math.hpp>
#include <verdant/numeric/hash_table.hpp>
#include <verdant/numeric/isotonic.hpp>
#include <verdant/numeric/line_search.hpp>
#include <verdant/numeric/natural.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/numeric/prediction_quality.hpp>
#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/numeric/relative_error.hpp>
#include <verdant/numeric/sobol.hpp>
#include <verdant/numeric/soft_rank.hpp>
#include <verdant/numeric/spaced_numbers.hpp>
#include <verdant/numeric/spearman.hpp>
#include <verdant/numeric/square_scale.hpp>
#include <verdant/numeric/surrogate_quality.hpp>
#include <verdant/numeric/symmetric_eigen.hpp>
#include <verdant/numeric/whole_number.hpp>
