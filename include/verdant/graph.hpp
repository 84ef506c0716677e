#pragma once

/// The room graph/. Directed graphs at run time with features of their nodes, which predictors know without knowing spaces.

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/cycle.hpp>
#include <verdant/graph/dot.hpp>
#include <verdant/graph/feature_hash.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/graph/graph_svg.hpp>
#include <verdant/graph/line_graph.hpp>
#include <verdant/graph/neighbourhood.hpp>
#include <verdant/graph/node_column.hpp>
#include <verdant/graph/node_selection.hpp>
#include <verdant/graph/onnx_features.hpp>
#include <verdant/graph/onnx_ir.hpp>
#include <verdant/graph/onnx_operators.hpp>
