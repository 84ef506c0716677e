#include "fuzz.hpp"

#include <verdant/predictor/graph_corpus.hpp>

VERDANT_FUZZ_TARGET(graph_corpus) {
    const auto corpus = verdant::predictor::parse_graph_corpus(fuzz::text(data), fuzz::source);
    const auto text = verdant::predictor::graph_corpus_text(corpus);
    fuzz::require(verdant::predictor::graph_corpus_text(verdant::predictor::parse_graph_corpus(text, fuzz::source, corpus.family)) == text,
                  "a corpus is written as it was read");
    fuzz::require(verdant::predictor::graphs_of(corpus).size() == corpus.entries.size(), "each entry has a graph");
}
