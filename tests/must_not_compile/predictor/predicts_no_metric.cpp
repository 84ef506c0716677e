// expect: verdant: this evaluator predicts no metric; write predict_graphs<space, latency>, a metric for each output of the predictor
// once
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/predictor/predict_graphs.hpp>
#include <verdant/spaces/graph/mbconv_graph.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>

using ofa = verdant::spaces::ofa_mobilenet_v3<>;
#if defined(VERDANT_GOOD)
using evaluator = verdant::predictor::predict_graphs<ofa, verdant::latency>;
#else
using evaluator = verdant::predictor::predict_graphs<ofa>;
#endif

evaluator made(const verdant::surrogate::graph_predictor_weights& w) { return evaluator{w}; }
