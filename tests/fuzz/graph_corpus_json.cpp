#include "fuzz.hpp"

#include <verdant/predictor/graph_corpus_json.hpp>

VERDANT_FUZZ_TARGET(graph_corpus_json) {
    const auto corpus = verdant::predictor::parse_graph_corpus_json(fuzz::text(data), fuzz::source);
    const auto text = verdant::predictor::graph_corpus_json_text(corpus);
    const auto again = verdant::predictor::parse_graph_corpus_json(text, fuzz::source, corpus.family);
    fuzz::require(again.metrics == corpus.metrics && verdant::predictor::graph_corpus_json_text(again) == text, "a corpus is written as it was read");
}
