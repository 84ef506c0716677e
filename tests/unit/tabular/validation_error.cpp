// Settings of surrogates found by searches.

#include "catch.hpp"

#include <verdant/optimizer/random.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search.hpp>
#include <verdant/space/point.hpp>
#include <verdant/tabular/tuning_spaces.hpp>
#include <verdant/tabular/validation_error.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace vd = verdant;
namespace tabular = verdant::tabular;

namespace {

struct labelled {
    std::vector<float> x;
    std::vector<double> y;
    labelled(std::size_t rows, std::uint64_t seed) {
        vd::random_stream random{seed};
        for (std::size_t r = 0; r < rows; ++r) {
            for (int c = 0; c < 4; ++c) x.push_back(static_cast<float>(random.below(3)));
            y.push_back(static_cast<double>(x[4 * r] * x[4 * r + 1] + x[4 * r + 2]) + 0.1 * random.uniform());
        }
    }
    [[nodiscard]] vd::surrogate::labelled_rows rows() const { return {{x, 4}, y}; }
};

template <class Space, class Evaluator>
void finds_settings(const Evaluator& evaluator, std::size_t trials) {
    using tuning = vd::search<Space, vd::minimize<tabular::validation_rmse>, vd::random_search>;
    const auto found = tuning{evaluator}.run({.trials = trials, .seed = 3});
    REQUIRE(found.front().size() == 1);
    const auto& best = found.front().front();
    // What the search found is what the evaluator says of these settings, and no other trial was better.
    CHECK(evaluator(best.point).template get<tabular::validation_rmse>() == best.template get<tabular::validation_rmse>());
    for (const auto& t : found.trials()) CHECK(t.template get<tabular::validation_rmse>() >= best.template get<tabular::validation_rmse>());
    CHECK(best.template get<tabular::validation_rmse>() < 1.2);
}

} // namespace

TEST_CASE("any search tunes any family") {
    const labelled training{150, 1}, validation{60, 2};
    finds_settings<tabular::boosting_space>(tabular::tune_boosted_trees{training.rows(), validation.rows(), {.rounds = 60}}, 8);
    finds_settings<tabular::forest_space>(tabular::tune_random_forest{training.rows(), validation.rows()}, 6);
    finds_settings<tabular::support_vector_space>(tabular::tune_support_vectors{training.rows(), validation.rows(), {.steps = 20000}}, 6);
    finds_settings<tabular::distributional_space>(tabular::tune_distributional_trees{training.rows(), validation.rows(), {.patience = 20}}, 4);
}

TEST_CASE("points of the spaces of settings are options of their names") {
    const auto p = vd::point<tabular::boosting_space>{};
    const auto o = tabular::options_at(p, {.rounds = 7, .seed = 9});
    CHECK(o.depth == 1);
    CHECK(o.least_weight == 1);
    CHECK(o.l2 == Approx(1e-3));
    CHECK(o.rounds == 7); // what the space does not name stays
    CHECK(o.seed == 9);
    o.check("options");
    tabular::options_at(vd::point<tabular::forest_space>{}).check("options");
    tabular::options_at(vd::point<tabular::support_vector_space>{}).check("options");
    tabular::options_at(vd::point<tabular::distributional_space>{}).check("options");
}
