#include <verdant/predictor/graph_corpus.hpp>

#include "catch.hpp"

#include <cmath>
#include <string>

using verdant::predictor::parse_graph_corpus;

namespace corpus_test {

const std::string arch = "e3_k7-e3_k3|e6_k3-e3_k7|e3_k3-e6_k5|e4_k5-e6_k7|e4_k3-e3_k3";

} // namespace corpus_test

TEST_CASE("a corpus is read with its metrics, and written as it was", "[predictor]") {
    const auto text = "resolution,arch,acc,latency_npu\n192," + corpus_test::arch + ",0.5,\n224," + corpus_test::arch + ",0.75,12.25\n";
    const auto corpus = parse_graph_corpus(text, "a.csv");
    REQUIRE(corpus.entries.size() == 2);
    CHECK(corpus.metrics == std::vector<std::string>{"acc", "latency_npu"});
    CHECK(corpus.metric("latency_npu") == 1);
    CHECK(corpus.entries[0].config.resolution == 192);
    CHECK(corpus.entries[0].config.units[3][1] == verdant::spaces::mbconv_block{6, 7});
    CHECK(corpus.entries[0].values[0] == 0.5);
    CHECK(std::isnan(corpus.entries[0].values[1]));
    CHECK(graph_corpus_text(corpus) == text);
    CHECK(graphs_of(corpus)[1].nodes() == 10);
    CHECK(parse_graph_corpus("arch,resolution\n" + corpus_test::arch + "|e3_k3,224\n", "b").family == verdant::spaces::mbconv_family::pn);
}

TEST_CASE("mistakes in a corpus name file, line and column", "[predictor]") {
    using Catch::Matchers::StartsWith;
    const auto& arch = corpus_test::arch;
    const std::string head = "resolution,arch,acc\n", good = "192," + arch + ",0.5\n";
    CHECK_THROWS_WITH(parse_graph_corpus(head, "a.csv"), "verdant: a.csv: expected at least one sub-network below the header, found none");
    CHECK_THROWS_WITH(parse_graph_corpus("resolution,acc\n", "a.csv"), StartsWith("verdant: a.csv, header: expected a column 'arch'"));
    CHECK_THROWS_WITH(parse_graph_corpus(head + good + "0," + arch + ",1\n", "a.csv"),
                      "verdant: a.csv, line 3, column 'resolution': expected a whole number from 1 to 8192, found '0'");
    CHECK_THROWS_WITH(parse_graph_corpus(head + good + "1," + arch + ",x\n", "a.csv"),
                      "verdant: a.csv, line 3, column 'acc': expected a number, found 'x'");
    CHECK_THROWS_WITH(parse_graph_corpus(head + good + "1," + arch + ",inf\n", "a.csv"),
                      "verdant: a.csv, line 3, column 'acc': expected a finite number, or nothing, found 'inf'");
    CHECK_THROWS_WITH(parse_graph_corpus(head + good + "1,e3_k3-e3_k8,1\n", "a.csv"),
                      "verdant: a.csv, line 3, column 'arch', unit 1, block 2: expected a kernel of 3, 5 or 7, found 8");
    CHECK_THROWS_WITH(parse_graph_corpus(head + good, "a.csv", verdant::spaces::mbconv_family::pn),
                      "verdant: a.csv, line 2, column 'arch': expected 6 units, found 5");
    CHECK_THROWS_WITH(parse_graph_corpus(head + good, "a.csv").metric("latency"),
                      StartsWith("verdant: a.csv, header: expected one of the metrics acc"));
}
