#pragma once

#include <verdant/supernet/clip_quality.hpp>
#include <verdant/supernet/importance.hpp>
#include <verdant/supernet/importance_csv.hpp>
#include <verdant/supernet/layer_choice.hpp>
#include <verdant/supernet/prune.hpp>
#include <verdant/supernet/rank_importance.hpp>
#include <verdant/supernet/shared_clip.hpp>
#include <verdant/supernet/trim.hpp>
#include <verdant/supernet/truncate.hpp>
#include <verdant/supernet/truncated_accuracy.hpp>
#include <verdant/supernet/units.hpp>
