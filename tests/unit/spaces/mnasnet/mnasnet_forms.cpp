#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_forms.hpp>
#include <verdant/spaces/mnasnet/mnasnet_json.hpp>

#include <array>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace verdant::mnasnet_forms_tests {

using nlohmann::json;
using spaces::mnasnet;

/// Some points, and all named ones.
std::vector<point<mnasnet>> samples() {
    std::vector<point<mnasnet>> all;
    for (const auto& one : spaces::mnasnet_designs) all.push_back(one.network);
    random_stream random{5};
    for (int i = 0; i < 100; ++i) {
        point<mnasnet> p;
        for (std::size_t k = 0; k < p.size(); ++k) p[k] = static_cast<unsigned char>(random.below(view_of<mnasnet>.domain_size(k)));
        all.push_back(p);
    }
    return all;
}

template <class F>
std::string refusal(const F& read) {
    try {
        static_cast<void>(read());
    } catch (const input_error& e) { return e.what(); }
    return "nothing";
}

TEST_CASE("every form of a network of MnasNet leads back to its point") {
    for (const auto& p : samples()) {
        REQUIRE(spaces::point_of(spaces::dictionary_of(p)) == p);
        REQUIRE(spaces::point_of_indices(spaces::indices_of(p)) == p);
        REQUIRE(spaces::point_of(spaces::rows_of(p)) == p);
        REQUIRE(spaces::point_of(spaces::design_of(p)) == p);
        REQUIRE(spaces::point_of_actions(spaces::actions_of(p)) == p);
        for (const auto& form : {spaces::dictionary_json(p), spaces::rows_json(p), spaces::lists_json(p), spaces::indices_json(p)})
            REQUIRE(spaces::mnasnet_from_json(json::parse(form.dump())) == p);
    }
}

TEST_CASE("the forms of EfficientNet-B0 are those that Accel-NASBench writes") {
    const auto& b0 = spaces::efficientnet_b0;
    const auto pairs = spaces::dictionary_of(b0);
    const std::map<std::string, std::string> words(pairs.begin(), pairs.end());
    CHECK(words.size() == 28);
    CHECK(words.at("block0_e") == "1");
    CHECK(words.at("block5_l") == "4");
    CHECK(words.at("block6_se") == "True");
    CHECK(spaces::point_of(words) == b0);
    CHECK(spaces::rows_json(b0).dump() ==
          R"([["MB",1,3,1,32,16,1,true],["MB",6,3,2,16,24,2,true],["MB",6,5,2,24,40,2,true],["MB",6,3,2,40,80,3,true],["MB",6,5,1,80,112,3,true],)"
          R"(["MB",6,5,2,112,192,4,true],["MB",6,3,1,192,320,1,true]])");
    CHECK(spaces::lists_json(b0).dump() == "[[1,6,6,6,6,6,6],[3,3,5,3,5,5,3],[1,2,2,3,3,4,1],[true,true,true,true,true,true,true]]");
    CHECK(spaces::indices_json(b0).dump() == "[0,0,0,0,2,0,1,0,2,1,1,0,2,0,2,0,2,1,2,0,2,1,3,0,2,0,0,0]");
    // As floating-point features, and as lists under names with truth as numbers.
    std::vector<float> features;
    for (const int i : spaces::indices_of(b0)) features.push_back(static_cast<float>(i));
    CHECK(spaces::point_of_indices(std::span<const float>{features}) == b0);
    CHECK(spaces::mnasnet_from_json(json::parse(R"({"e":[1,6,6,6,6,6,6],"k":[3,3,5,3,5,5,3],"l":[1,2,2,3,3,4,1],"se":[1,1,1,1,1,1,1]})")) == b0);
}

TEST_CASE("truth in dictionaries may be Python's words") {
    const auto pairs = spaces::dictionary_of(point<mnasnet>{});
    std::map<std::string, std::string> words(pairs.begin(), pairs.end());
    for (const auto* no : {"False", "false", "0"}) {
        words["block3_se"] = no;
        CHECK_FALSE(spaces::point_of(words).get<"block3_se">());
        auto object = spaces::dictionary_json(point<mnasnet>{});
        object["block3_se"] = no;
        CHECK_FALSE(spaces::point_from_dictionary(object).get<"block3_se">());
    }
    for (const auto* yes : {"True", "true", "1"}) {
        words["block3_se"] = yes;
        CHECK(spaces::point_of(words).get<"block3_se">());
    }
}

TEST_CASE("what is no network of MnasNet is refused by name") {
    using Catch::Contains;
    const point<mnasnet> p;
    auto pairs = spaces::dictionary_of(p);
    std::map<std::string, std::string> words(pairs.begin(), pairs.end());
    pairs.push_back(pairs[3]);
    CHECK_THAT(refusal([&] { return spaces::point_of(pairs); }), Contains("block0_se") && Contains("each parameter once"));
    words["block4_k"] = "7";
    CHECK_THAT(refusal([&] { return spaces::point_of(words); }), Contains("block4_k") && Contains("3, 5") && Contains("'7'"));
    words["block4_k"] = "3";
    words["block4_kernel"] = "3";
    CHECK_THAT(refusal([&] { return spaces::point_of(words); }), Contains("block4_kernel") && Contains("did you mean"));
    words.erase("block4_kernel");
    words.erase("block2_l");
    CHECK_THAT(refusal([&] { return spaces::point_of(words); }), Contains("block2_l") && Contains("nothing"));

    auto indices = spaces::indices_of(p);
    indices[22] = 4;
    CHECK_THAT(refusal([&] { return spaces::point_of_indices(indices); }), Contains("block5_l") && Contains("0 to 3"));
    indices[22] = -1;
    CHECK_THAT(refusal([&] { return spaces::point_of_actions(indices); }), Contains("block5_l") && Contains("-1"));
    std::vector<double> features(28, 0.0);
    features[9] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THAT(refusal([&] { return spaces::point_of_indices(std::span<const double>{features}); }), Contains("block2_k"));
    features.resize(27);
    CHECK_THAT(refusal([&] { return spaces::point_of_indices(std::span<const double>{features}); }), Contains("28 of them") && Contains("27"));

    auto rows = spaces::rows_of(p);
    rows[3].stride = 1;
    CHECK_THAT(refusal([&] { return spaces::point_of(rows); }), Contains("block3, stride"));
    rows = spaces::rows_of(p);
    rows[6].layers = 4; // which block 5 alone may have
    CHECK_THAT(refusal([&] { return spaces::point_of(rows); }), Contains("block6_l"));
    auto design = spaces::design_of(p);
    design.e[1] = 3;
    CHECK_THAT(refusal([&] { return spaces::point_of(design); }), Contains("block1_e") && Contains("1, 4, 6") && Contains("3"));

    CHECK_THAT(refusal([] { return spaces::mnasnet_named("zcu102-d"); }), Contains("zcu102-a") && Contains("did you mean"));
}

TEST_CASE("JSON that is no network of MnasNet is refused by place") {
    using Catch::Contains;
    const auto refused = [](json from) { return refusal([&] { return spaces::mnasnet_from_json(from); }); };
    const json rows = spaces::rows_json(point<mnasnet>{}), lists = spaces::lists_json(point<mnasnet>{}),
               words = spaces::dictionary_json(point<mnasnet>{});
    auto bad = rows;
    bad[2][0] = "FusedMB";
    CHECK_THAT(refused(bad), Contains("block2, kind") && Contains("FusedMB"));
    bad = rows;
    bad[2][2] = "5";
    CHECK_THAT(refused(bad), Contains("block2, kernel"));
    bad = rows;
    bad[4].erase(7);
    CHECK_THAT(refused(bad), Contains("block4") && Contains("a list of 8"));
    bad = lists;
    bad[3][1] = "maybe";
    CHECK_THAT(refused(bad), Contains("se[1]") && Contains("maybe"));
    bad = lists;
    bad[0][6] = 4.5;
    CHECK_THAT(refused(bad), Contains("e[6]") && Contains("4.5"));
    bad = {{"e", lists[0]}, {"k", lists[1]}, {"l", lists[2]}, {"see", lists[3]}};
    CHECK_THAT(refused(bad), Contains("see"));
    bad = words;
    bad["block0_se"] = 2;
    CHECK_THAT(refused(bad), Contains("block0_se") && Contains("2"));
    bad = words;
    bad["block0_se"] = json::array({true});
    CHECK_THAT(refused(bad), Contains("block0_se"));
    CHECK_THAT(refused(json::array({1, 2})), Contains("a list of 28"));
    CHECK_THAT(refused(nullptr), Contains("a list of 28"));
    CHECK_THAT(refused(std::vector<json>(28, "0")), Contains("block0_e"));
}

} // namespace verdant::mnasnet_forms_tests
