#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/predictor/resnet_encoding.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>

#include "catch.hpp"

#include <verdant/goal/evaluator.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

using namespace verdant;
using namespace verdant::spaces;

static_assert(moofa_encoding<moofa_v2>::width == 124);
static_assert(tutorial_encoding<moofa_v2>::width == 128);
static_assert(resnet_encoding<ofa_resnet<>>::width == 82);
static_assert(accuracy_encoding<moofa_encoding<moofa_v2>> && accuracy_encoding<resnet_encoding<ofa_resnet<>>>);

namespace {

struct with_chip : space<nest<"net", moofa_v3>, param<"cores", range<1, 4>>> {};
static_assert(batch_evaluator<predict_accuracy<with_chip>, with_chip>);
static_assert(batch_evaluator<predict_accuracy<ofa_resnet<>, resnet_encoding<ofa_resnet<>>>, ofa_resnet<>>);

surrogate::mlp linear(std::size_t inputs) {
    std::vector<float> weight(inputs);
    for (std::size_t i = 0; i < inputs; ++i) weight[i] = static_cast<float>(i % 7) / 100;
    std::vector<surrogate::dense_layer> layers;
    layers.emplace_back(inputs, 1, weight, std::span<const float>{}, surrogate::dense_output::linear);
    return surrogate::mlp{std::move(layers), 0.5F};
}

} // namespace

TEST_CASE("Encodings of points read back, for expansions that are no whole numbers as well", "[spaces]") {
    random_stream random{3};
    std::vector<float> row(128);
    for (int i = 0; i < 200; ++i) {
        const auto p = sample<moofa_v2>(random);
        const auto features = std::span{row}.first(moofa_encoding<moofa_v2>::width);
        moofa_encoding<moofa_v2>::encode(arch_of(p), features);
        const auto back = moofa_encoding<moofa_v2>::decode(features);
        REQUIRE(point_of<moofa_v2>(back) == p);
        // One number for the size, two for each active block.
        REQUIRE(std::count(features.begin(), features.end(), 1.0F) == 1 + 2 * (back.d[0] + back.d[1] + back.d[2] + back.d[3] + back.d[4]));
        tutorial_encoding<moofa_v2>::encode(arch_of(p), row);
        REQUIRE(point_of<moofa_v2>(tutorial_encoding<moofa_v2>::decode(row)) == p);
    }
}

TEST_CASE("Encodings of ResNets read back", "[spaces]") {
    using space = ofa_resnet<>;
    random_stream random{3};
    std::vector<float> row(resnet_encoding<space>::width);
    for (int i = 0; i < 200; ++i) {
        const auto p = sample<space>(random);
        resnet_encoding<space>::encode(arch_of(p), row);
        REQUIRE(point_of<space>(resnet_encoding<space>::decode(row)) == p);
    }
}

TEST_CASE("A value outside its list is no input of a predictor", "[spaces]") {
    auto a = largest_arch<moofa_v2>();
    std::vector<float> row(124);
    const auto encode = [&] { moofa_encoding<moofa_v2>::encode(a, row); };
    CHECK_NOTHROW(encode());
    a.e[5] = 3;
    CHECK_THROWS_AS(encode(), input_error);
    a = largest_arch<moofa_v2>();
    a.image_size = 100;
    CHECK_THROWS_AS(encode(), input_error);
    a = largest_arch<moofa_v2>();
    a.d[1] = 2;
    a.ks[7] = 99; // inactive
    CHECK_NOTHROW(encode());
}

TEST_CASE("A predictor and its evaluator give the same, in batches and alone", "[spaces]") {
    const accuracy_predictor<moofa_encoding<moofa_v3>> predictor{linear(124)};
    const predict_accuracy<moofa_v3> evaluate{linear(124)};
    random_stream random{5};
    std::vector<point<moofa_v3>> points;
    for (int i = 0; i < 30; ++i) points.push_back(sample<moofa_v3>(random));
    const auto found = evaluate(points);
    REQUIRE(found.size() == 30);
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i].get<predicted_accuracy>() == static_cast<double>(predictor(arch_of(points[i]))));
    CHECK(evaluate(std::span<const point<moofa_v3>>{}).empty());
    // The network of a larger space.
    const predict_accuracy<with_chip> nested{linear(124)};
    const auto p = sample<with_chip>(random);
    CHECK(nested({&p, 1}).front().get<predicted_accuracy>() == static_cast<double>(predictor(arch_of(p.nested<"net">()))));
    CHECK_THROWS_AS(accuracy_predictor<moofa_encoding<moofa_v3>>{linear(123)}, input_error);
}
