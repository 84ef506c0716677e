// Surrogates of several families fitted to measured networks, settings found by a search, and a file that XGBoost reads. The measurements are drawn here: a latency to which each block adds.

#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/surrogate.hpp>
#include <verdant/tabular/tuning_spaces.hpp>
#include <verdant/tabular/validation_error.hpp>
#include <verdant/text/number.hpp>

#include <cstddef>
#include <iostream>
#include <span>
#include <string>
#include <vector>
namespace vd = verdant;

// Networks as rows of 8 choices, and what a device took for each in ms.
struct measured {
    std::vector<float> x;
    std::vector<double> y;
    [[nodiscard]] vd::surrogate::labelled_rows rows() const { return {{x, 8}, y}; }
};

measured measure(std::size_t networks, std::uint64_t seed) {
    measured out;
    vd::random_stream random{seed};
    for (std::size_t n = 0; n < networks; ++n) {
        double ms = 2;
        for (int block = 0; block < 4; ++block) {
            const auto layers = static_cast<double>(random.below(3)), wide = static_cast<double>(random.below(2));
            out.x.push_back(static_cast<float>(layers));
            out.x.push_back(static_cast<float>(wide));
            ms += (1 + layers) * (1 + wide) * (0.5 + 0.25 * block);
        }
        out.y.push_back(ms * random.uniform(0.99, 1.01));
    }
    return out;
}

template <class Model>
void tell(const std::string& family, const Model& model, const measured& unseen) {
    std::vector<double> predicted(unseen.y.size());
    model.predict(unseen.rows().x, predicted);
    std::cout << family << ": tau " << vd::rounded_text(vd::surrogate::kendall_tau(predicted, unseen.y), 2) << '\n';
}

int main() {
    const auto training = measure(600, 1), validation = measure(200, 2), unseen = measure(200, 3);

    // [fit]
    const auto boosted = vd::surrogate::fit_boosted_trees(training.rows(), {.rate = 0.05}, validation.rows());
    const auto forest = vd::surrogate::fit_random_forest(training.rows(), {.trees = 40});
    const auto vectors = vd::surrogate::fit_support_vectors(training.rows(), {.labels = vd::surrogate::label_unit::standard});
    const auto sure = vd::surrogate::fit_distributional_trees(training.rows(), {.rounds = 200}, validation.rows());
    tell("boosted trees", boosted.model, unseen);
    tell("random forest", forest, unseen);
    tell("support vectors", vectors.model, unseen);
    const auto first = sure.model.predict_uncertain(unseen.rows().x[0]); // a mean and a standard deviation
    std::cout << "natural gradient boosting: " << (first.std < 0.5 ? "sure" : "not sure") << " of the first network\n";
    // [/fit]

    // [tune]
    using tuning = vd::search<vd::tabular::boosting_space, vd::minimize<vd::tabular::validation_rmse>, vd::random_search>;
    const vd::tabular::tune_boosted_trees objective{training.rows(), validation.rows(), {.rounds = 1500}};
    const auto found = tuning{objective}.run({.trials = 24, .seed = 1});
    const auto tuned = vd::surrogate::fit_boosted_trees(training.rows(), vd::tabular::options_at(found.front().front().point, objective.fixed), validation.rows());
    tell("tuned boosted trees", tuned.model, unseen);
    // [/tune]
}
