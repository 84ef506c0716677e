#pragma once

/// The room surrogate/. Models of objectives without LibTorch: forest/ boosted trees and forests, gp/ Gaussian processes, graph/ networks on graphs, perceptron/ trained perceptrons.

#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>
#include <verdant/surrogate/forest/xgboost_model.hpp>
#include <verdant/surrogate/forest/xgboost_options.hpp>
#include <verdant/surrogate/gp/outcome_transforms.hpp>
#include <verdant/surrogate/graph/embedding_rows.hpp>
#include <verdant/surrogate/graph/feature_embedding.hpp>
#include <verdant/surrogate/graph/feature_importance.hpp>
#include <verdant/surrogate/graph/gat_conv.hpp>
#include <verdant/surrogate/graph/gatv2_conv.hpp>
#include <verdant/surrogate/graph/gcn_conv.hpp>
#include <verdant/surrogate/graph/graph_attention.hpp>
#include <verdant/surrogate/graph/graph_batch_norm.hpp>
#include <verdant/surrogate/graph/graph_conv.hpp>
#include <verdant/surrogate/graph/graph_encoder.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>
#include <verdant/surrogate/graph/prefix_tree.hpp>
#include <verdant/surrogate/graph/rank_loss.hpp>
#include <verdant/surrogate/graph/sage_conv.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>
#include <verdant/surrogate/index_features.hpp>
#include <verdant/surrogate/perceptron/dense_layer.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>
#include <verdant/surrogate/regressor.hpp>
