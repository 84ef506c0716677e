#pragma once

/// The room pruning/. Importance, pruning, truncation, weight-shared pruned models, fine-tuning.

#include <verdant/pruning/clip_importance.hpp>
#include <verdant/pruning/clip_quality.hpp>
#include <verdant/pruning/importance_csv.hpp>
#include <verdant/pruning/layer_choice.hpp>
#include <verdant/pruning/layer_units.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/pruning/rank_importance.hpp>
#include <verdant/pruning/shared_clip.hpp>
#include <verdant/pruning/trim.hpp>
#include <verdant/pruning/truncate.hpp>
#include <verdant/pruning/truncated_accuracy.hpp>
