#pragma once

/// The room predictor/. Accuracy predictors, without LibTorch, and target equations; training/ fits predictors with it.

#include <verdant/predictor/accuracy_collection.hpp>
#include <verdant/predictor/accuracy_encoding.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/predictor/accuracy_table.hpp>
#include <verdant/predictor/corpus_split.hpp>
#include <verdant/predictor/flops_table.hpp>
#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/predictor/module_labels.hpp>
#include <verdant/predictor/predict_graphs.hpp>
#include <verdant/predictor/resnet_encoding.hpp>
#include <verdant/predictor/scored_modules.hpp>
#include <verdant/predictor/target_equation.hpp>
#include <verdant/predictor/target_moments.hpp>
