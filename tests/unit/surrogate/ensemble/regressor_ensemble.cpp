#include <verdant/surrogate/ensemble/regressor_ensemble.hpp>

#include "catch.hpp"
#include "laws/regressor.hpp"
#include "unit/surrogate/forest/drawn_trees.hpp"

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/ensemble/any_regressor.hpp>
#include <verdant/surrogate/ensemble/confidence_bound.hpp>
#include <verdant/surrogate/ensemble/noisy_predictions.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/compiled_trees.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

using namespace verdant;
using Catch::Contains;
using surrogate::any_regressor;
using surrogate::boosted_trees;
using surrogate::compiled_trees;
using surrogate::prediction_noise;
using surrogate::regressor_ensemble;

namespace {

constexpr std::size_t columns = 6, count = 1100;

std::vector<compiled_trees> drawn_members(std::size_t members) {
    std::vector<compiled_trees> out;
    for (std::size_t m = 0; m < members; ++m)
        out.emplace_back(boosted_trees{columns, 60, drawn::trees<float>(30, drawn::domains(columns), 3, m + 1)});
    return out;
}
std::vector<float> drawn_rows() { return drawn::rows(count, drawn::domains(columns), 77); }

} // namespace

TEST_CASE("an ensemble gives mean and population standard deviation over its members") {
    const regressor_ensemble ensemble{drawn_members(5)};
    const auto x = drawn_rows();
    const surrogate::feature_rows rows{x, columns};
    std::vector<double> mean(count), std(count);
    ensemble.predict_uncertain(rows, mean, std);
    for (std::size_t r = 0; r < count; ++r) {
        double sum = 0, squares = 0;
        for (const auto& m : ensemble.members()) sum += m.predict(rows[r]);
        for (const auto& m : ensemble.members()) squares += std::pow(m.predict(rows[r]) - sum / 5, 2);
        CHECK(mean[r] == Approx(sum / 5).epsilon(1e-14));
        CHECK(std[r] == Approx(std::sqrt(squares / 5)).epsilon(1e-10));
    }
    laws::obeys_uncertain_regressor_laws(ensemble, rows);
    // One member is sure of itself.
    CHECK(regressor_ensemble{drawn_members(1)}.predict_uncertain(rows[0]) == surrogate::uncertain_value{drawn_members(1)[0].predict(rows[0]), 0});
}

TEST_CASE("members that are far apart have a deviation, too") {
    std::vector<surrogate::tree_forest> members;
    for (const double value : {1e160, 3e160}) {
        std::vector<surrogate::forest_tree> trees(1);
        trees[0].add_leaf(value);
        members.emplace_back(1, trees);
    }
    const auto found = regressor_ensemble{members}.predict_uncertain(std::vector<float>{0});
    CHECK(found.mean == Approx(2e160));
    CHECK(found.std == Approx(1e160));
}

TEST_CASE("an ensemble needs members of one width") {
    CHECK_THROWS_WITH(regressor_ensemble<boosted_trees>{{}}, "verdant: ensemble, members: expected at least one, found none");
    const std::vector<boosted_trees> mixed{{3, 0, {}}, {4, 0, {}}};
    CHECK_THROWS_WITH((regressor_ensemble<boosted_trees>{mixed, "folder"}),
                      "verdant: folder, member 1: expected 3 features, as member 0 has, found 4");
}

TEST_CASE("bounds of confidence are so many standard deviations from the mean") {
    const regressor_ensemble ensemble{drawn_members(4)};
    const auto x = drawn_rows();
    const surrogate::confidence_bound upper{ensemble, 2}, lower{ensemble, -1.5};
    for (std::size_t r = 0; r < 50; ++r) {
        const auto row = std::span{x}.subspan(r * columns, columns);
        const auto v = ensemble.predict_uncertain(row);
        CHECK(upper.predict(row) == v.mean + 2 * v.std);
        CHECK(lower.predict(row) == v.mean - 1.5 * v.std);
    }
    laws::obeys_regressor_laws(upper, {x, columns});
    CHECK_THROWS_WITH((surrogate::confidence_bound{ensemble, std::nan("")}), Contains("width: expected a finite number"));
}

TEST_CASE("noise is drawn for each row, or, as the published programs do, once") {
    const regressor_ensemble ensemble{drawn_members(4)};
    const auto x = drawn_rows();
    const surrogate::feature_rows rows{x, columns};
    std::vector<double> mean(count), std(count), noisy(count), again(count);
    ensemble.predict_uncertain(rows, mean, std);
    const auto draw = [&](prediction_noise kind, std::vector<double>& out) {
        random_stream random{5};
        surrogate::noisy_predictions(ensemble, rows, random, out, kind);
    };
    const auto moments = [&](const std::vector<double>& values) { // of the noise in standard deviations
        double sum = 0, squares = 0;
        for (std::size_t r = 0; r < count; ++r) {
            const double z = (values[r] - mean[r]) / std[r];
            sum += z;
            squares += z * z;
        }
        return std::pair{sum / count, squares / count};
    };
    draw(prediction_noise::independent, noisy);
    draw(prediction_noise::independent, again);
    CHECK(noisy == again);
    const auto [shift, variance] = moments(noisy);
    CHECK(std::abs(shift) < 4 / std::sqrt(static_cast<double>(count)));
    CHECK(variance == Approx(1).epsilon(0.2));
    draw(prediction_noise::common, noisy);
    for (std::size_t r = 0; r < count; ++r) CHECK(noisy[r] - mean[r] == Approx(noisy[0] - mean[0]).margin(1e-12));
    CHECK(noisy[0] != mean[0]);
    draw(prediction_noise::independent_1, noisy);
    for (std::size_t r = 0; r < count; ++r) CHECK(noisy[r] == Approx(again[r] + 1).epsilon(1e-12));
    random_stream random{1};
    CHECK_THROWS_AS(surrogate::noisy_predictions(ensemble, rows, random, std::span{noisy}.first(3)), input_error);
}

TEST_CASE("any regressor is as the one that it holds") {
    const auto x = drawn_rows();
    const surrogate::feature_rows rows{x, columns};
    const any_regressor sure{boosted_trees{columns, 1, drawn::trees<float>(10, drawn::domains(columns), 4, 2)}};
    const any_regressor unsure{surrogate::tree_forest{columns, drawn::trees<double>(10, drawn::domains(columns), 4, 3)}};
    CHECK_FALSE(sure.is_uncertain());
    CHECK(unsure.is_uncertain());
    laws::obeys_uncertain_regressor_laws(sure, rows);
    laws::obeys_uncertain_regressor_laws(unsure, rows);
    REQUIRE(unsure.get_if<surrogate::tree_forest>() != nullptr);
    CHECK(unsure.get_if<boosted_trees>() == nullptr);
    CHECK(unsure.predict_uncertain(rows[3]) == unsure.get_if<surrogate::tree_forest>()->predict_uncertain(rows[3]));
    CHECK(sure.predict_uncertain(rows[3]).std == 0);
    laws::obeys_uncertain_regressor_laws(regressor_ensemble<any_regressor>{{sure, unsure}}, rows);
}
