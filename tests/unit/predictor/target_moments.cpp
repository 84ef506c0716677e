#include <verdant/predictor/corpus_split.hpp>
#include <verdant/predictor/target_moments.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

using namespace verdant;
using Catch::Contains;

TEST_CASE("A split has every entry once, and the same ones for the same seed", "[predictor]") {
    const auto split = predictor::split_corpus(25, 12345);
    CHECK(split.train.size() == 22); // of 22.5
    CHECK(split.test.size() == 3);
    auto all = split.train;
    all.insert(all.end(), split.test.begin(), split.test.end());
    CHECK_FALSE(std::is_sorted(all.begin(), all.end()));
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == i);
    CHECK(predictor::split_corpus(25, 12345).train == split.train);
    CHECK(predictor::split_corpus(25, 1).train != split.train);
    CHECK_THROWS_WITH(predictor::split_corpus(0, 1), "verdant: split of a corpus: expected entries to train and to test with, found 0 and 0");
    CHECK_THROWS_WITH(predictor::split_corpus(10, 1, 0.05), Contains("found 0 and 10"));
    CHECK_THROWS_WITH(predictor::split_corpus(10, 1, 1), Contains("found 10 and 0"));
    CHECK_THROWS_WITH(predictor::split_corpus(10, 1, 1.5), Contains("split of a corpus, share"));
}

TEST_CASE("Targets are scaled to mean 0 and deviation 1 and back", "[predictor]") {
    const auto scale = predictor::target_scale::of(std::vector<double>{1, 3});
    CHECK(scale.mean == 2);
    CHECK(scale.deviation == 1);
    CHECK(scale.scaled(5) == 3);
    CHECK(scale.target(3) == 5);
    CHECK_THROWS_WITH(predictor::target_scale::of({}), Contains("numbers that differ, found none"));
    CHECK_THROWS_WITH(predictor::target_scale::of(std::vector<double>{0.5, 0.5}), Contains("found 2 times 0.5"));
}

TEST_CASE("Moments of units stand at the hop of their numbers of blocks", "[predictor]") {
    const auto corpus = predictor::parse_graph_corpus("resolution,arch,acc\n"
                                                      "224,e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3,1\n"
                                                      "224,e3_k3-e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3-e3_k3-e3_k3|e3_k3,2\n"
                                                      "224,e3_k3-e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3,4\n",
                                                      "text");
    const std::vector<std::size_t> entries{2, 0, 1};
    const auto moments = predictor::unit_moments_of(corpus, entries, std::vector<double>{4, 1, 2});
    CHECK(moments.units() == 5);
    CHECK(moments.hops() == 5);
    CHECK(moments.at(0, 1).mean == 0); // seen once, which is not a scale
    CHECK(moments.at(0, 1).deviation == 1);
    CHECK(moments.at(0, 2).mean == 3);
    CHECK(moments.at(0, 2).deviation == 1);
    CHECK(moments.at(0, 3).mean == 0); // never seen
    CHECK(moments.at(0, 3).deviation == 1);
    CHECK(moments.at(4, 2).mean == 2.5); // 2 blocks and that of unit 6
    CHECK(moments.at(4, 4).mean == 0); // seen once
    CHECK(moments.at(4, 4).deviation == 1);
    CHECK(moments.values().size() == 50);
    CHECK(moments.values()[2 * 2] == 3);
    const auto same = predictor::unit_moments_of(corpus, entries, std::vector<double>{0.1, 0.1, 0.1});
    for (std::size_t hop = 0; hop < 5; ++hop) CHECK(same.at(0, hop).deviation == 1); // several of one target
    CHECK_THROWS_WITH(moments.at(5, 0), Contains("a unit below 5 and a hop below 5, found 5 and 0"));
    CHECK_THROWS_WITH(predictor::unit_moments_of(corpus, entries, std::vector<double>{4}), Contains("found 1 for 3"));
    CHECK_THROWS_WITH(predictor::unit_moments_of(corpus, {}, {}), Contains("found 0 for 0"));
}
