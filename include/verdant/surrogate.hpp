#pragma once

/// The room surrogate/. Models of objectives without LibTorch: gp/ Gaussian processes, graph/ networks on graphs, perceptron/ trained perceptrons.

#include <verdant/surrogate/gp/outcome_transforms.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>
#include <verdant/surrogate/graph/rank_loss.hpp>
#include <verdant/surrogate/perceptron/dense_layer.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>
