#include <verdant/predictor/graph_corpus_json.hpp>

#include "catch.hpp"

#include <cmath>
#include <string>
#include <vector>

using Catch::Matchers::StartsWith;
using verdant::predictor::parse_graph_corpus_json;

namespace corpus_json_test {

const std::string config =
    R"([["mbconv3_e3_k7","mbconv3_e6_k3"],["mbconv3_e4_k5","mbconv3_e4_k3"],["mbconv3_e3_k3","mbconv3_e3_k5"],["mbconv3_e6_k3","mbconv3_e6_k5"],["mbconv3_e4_k7","mbconv3_e6_k5"]])";

inline std::string entry(const std::string& rest, const std::string& units = config) {
    return "{\"original config\":[224," + units + "]" + rest + "}";
}

} // namespace corpus_json_test

TEST_CASE("a corpus in the form of AutoBuild's caches is read and written", "[predictor]") {
    using corpus_json_test::entry;
    const auto text = "[\n" + entry(R"(,"acc":0.75)") + ",\n" + entry(R"(,"latency_npu":7.5)") + "\n]\n";
    const auto corpus = parse_graph_corpus_json(text, "a.json");
    CHECK(corpus.metrics == std::vector<std::string>{"acc", "latency_npu"});
    REQUIRE(corpus.entries.size() == 2);
    CHECK(corpus.entries[0].values[0] == 0.75);
    CHECK(std::isnan(corpus.entries[0].values[1]));
    CHECK(std::isnan(corpus.entries[1].values[0]));
    CHECK(corpus.entries[1].values[1] == 7.5);
    CHECK(verdant::spaces::units_text(corpus.entries[0].config.units) == "e3_k7-e6_k3|e4_k5-e4_k3|e3_k3-e3_k5|e6_k3-e6_k5|e4_k7-e6_k5");
    CHECK(graph_corpus_json_text(corpus) == text);
    CHECK(parse_graph_corpus_json("[" + entry(R"(,"note":"x","acc":1)") + "]", "a").metrics == std::vector<std::string>{"acc"});
    const auto pn = R"([["mbconv2_e3_k3","mbconv2_e3_k3"],["e3_k3","e3_k3"],["e3_k3","e3_k3"],["e3_k3","e3_k3"],["e3_k3","e3_k3"],["e3_k3"]])";
    CHECK(parse_graph_corpus_json("[" + entry("", pn) + "]", "a").family == verdant::spaces::mbconv_family::pn);
}

TEST_CASE("a metric that is a text in one entry is refused", "[predictor]") {
    using corpus_json_test::entry;
    CHECK_THROWS_WITH(parse_graph_corpus_json("[" + entry(R"(,"acc":"0.76")") + ", " + entry(R"(,"acc":0.7)") + "]", "a.json"),
                      "verdant: a.json, entry 1, acc: expected a number or null, as other entries have it, found '0.76'");
    CHECK_THROWS_WITH(parse_graph_corpus_json("[" + entry(R"(,"acc":0.7)") + ", " + entry(R"(,"acc":[0.7])") + "]", "a.json"),
                      "verdant: a.json, entry 2, acc: expected a number or null, as other entries have it, found array");
    CHECK(std::isnan(parse_graph_corpus_json("[" + entry(R"(,"acc":0.7)") + ", " + entry(R"(,"acc":null)") + "]", "a.json").entries[1].values[0]));
}

TEST_CASE("mistakes in such a corpus name file and entry", "[predictor]") {
    using corpus_json_test::entry;
    CHECK_THROWS_WITH(parse_graph_corpus_json("[]", "a.json"), "verdant: a.json: expected at least one sub-network, found none");
    CHECK_THROWS_WITH(parse_graph_corpus_json("{}", "a.json"), "verdant: a.json: expected a list of sub-networks, found object");
    CHECK_THROWS_WITH(parse_graph_corpus_json("[" + entry("") + ", {\"acc\": 1}]", "a.json"),
                      "verdant: a.json, entry 2: expected an object with an 'original config' of a resolution and a list of units, found another");
    CHECK_THROWS_WITH(parse_graph_corpus_json("[7]", "a.json"), StartsWith("verdant: a.json, entry 1: expected an object with an 'original config'"));
    CHECK_THROWS_WITH(parse_graph_corpus_json("[" + entry("", R"([["mbconv3_e3_k9"]])") + "]", "a.json"),
                      "verdant: a.json, entry 1, unit 1, block 1: expected a kernel of 3, 5 or 7, found 9");
    CHECK_THROWS_WITH(parse_graph_corpus_json("[" + entry("", R"([["mbconv3_e3_k3", 5]])") + "]", "a.json"),
                      "verdant: a.json, entry 1, unit 1, block 2: expected the name of a block, found number");
    CHECK_THROWS_WITH(parse_graph_corpus_json("[" + entry("", R"([["mbconv3_e3_k3"]])") + "]", "a.json"),
                      "verdant: a.json, entry 1: expected 5 units, found 1");
    CHECK_THROWS_WITH(parse_graph_corpus_json(R"([{"original config": [0, []]}])", "a.json"),
                      "verdant: a.json, entry 1, resolution: expected a whole number from 1 to 8192, found 0");
}
