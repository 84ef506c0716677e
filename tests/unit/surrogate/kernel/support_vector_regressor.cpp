// Support vectors: fits against optima that are known, kernels, laws, files.

#include "catch.hpp"
#include "laws/regressor.hpp"

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/kernel/fit_support_vectors.hpp>
#include <verdant/surrogate/kernel/kernel_function.hpp>
#include <verdant/surrogate/kernel/support_vector_options.hpp>
#include <verdant/surrogate/kernel/support_vector_regressor.hpp>
#include <verdant/surrogate/labelled_rows.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace surrogate = verdant::surrogate;

namespace {

/// Rows in [0, 3) and a smooth label.
struct wavy {
    std::vector<float> x;
    std::vector<double> y;
    explicit wavy(std::size_t rows, std::size_t columns = 3) : columns_{columns} {
        verdant::random_stream random{7};
        for (std::size_t r = 0; r < rows; ++r) {
            double label = 1;
            for (std::size_t c = 0; c < columns; ++c) {
                x.push_back(static_cast<float>(random.uniform(0, 3)));
                label += std::sin(static_cast<double>(x.back()) + static_cast<double>(c));
            }
            y.push_back(label);
        }
    }
    [[nodiscard]] surrogate::labelled_rows rows() const { return {{x, columns_}, y}; }

private:
    std::size_t columns_;
};

/// How far the model is from the conditions of an optimum of the eps dual, as errors and coefficients tell them.
double worst_condition(const surrogate::support_vector_fit& fit, const surrogate::labelled_rows& rows, const surrogate::support_vector_options& o) {
    std::vector<double> coefficient(rows.y.size());
    for (std::size_t j = 0; j < fit.rows.size(); ++j) coefficient[fit.rows[j]] = fit.model.coefficients()[j];
    double worst = 0, sum = 0;
    for (std::size_t r = 0; r < rows.y.size(); ++r) {
        const double error = rows.y[r] - fit.model.predict(rows.x[r]), c = coefficient[r];
        sum += c;
        worst = std::max(worst, std::abs(c) - o.cost);
        if (c < o.cost) worst = std::max(worst, error - o.epsilon);   // may rise, so it must not be below the tube
        if (c > -o.cost) worst = std::max(worst, -error - o.epsilon);
        if (c > 0) worst = std::max(worst, o.epsilon - error); // pulls up, so it is at or above the tube
        if (c < 0) worst = std::max(worst, o.epsilon + error);
    }
    return std::max(worst, std::abs(sum));
}

} // namespace

TEST_CASE("a fit keeps the conditions of the optimum, with shrinking and without, whatever the kernel") {
    const wavy data{150};
    for (const auto kind : {surrogate::kernel_kind::rbf, surrogate::kernel_kind::linear, surrogate::kernel_kind::polynomial})
        for (const bool shrinking : {false, true})
            for (const double epsilon : {0.0, 0.1}) {
                surrogate::support_vector_options o{
                    .kernel = {.kind = kind, .offset = 1, .degree = 2}, .epsilon = epsilon, .tolerance = 1e-4, .shrinking = shrinking};
                const auto fit = surrogate::fit_support_vectors(data.rows(), o);
                INFO(static_cast<int>(kind) << ' ' << shrinking << ' ' << epsilon);
                CHECK(fit.converged);
                CHECK(worst_condition(fit, data.rows(), o) < 1e-3);
            }
}

TEST_CASE("features that are all equal have no variance, however their mean is rounded") {
    const std::vector<float> equal(3 * 49, 0.1F);
    const std::vector<double> labels(49, 2);
    CHECK(surrogate::fit_support_vectors({{equal, 3}, labels}).model.kernel().gamma == 1);
}

TEST_CASE("a line is found through points of a line") {
    const std::vector<float> x{0, 1, 2, 3, 4};
    const std::vector<double> y{1, 3, 5, 7, 9};
    const surrogate::support_vector_options o{.kernel = {.kind = surrogate::kernel_kind::linear}, .cost = 100, .epsilon = 0, .tolerance = 1e-8};
    const auto fit = surrogate::fit_support_vectors({{x, 1}, y}, o);
    const float at = 10;
    CHECK(std::abs(fit.model.predict(std::span{&at, 1}) - 21) < 1e-5);
    // With a tube the flattest line inside it: the slope shrinks by 2 epsilon over the range of x.
    const auto flat = surrogate::fit_support_vectors({{x, 1}, y}, {.kernel = o.kernel, .cost = 100, .epsilon = 0.5, .tolerance = 1e-8});
    const float zero = 0, one = 1;
    CHECK(std::abs(flat.model.predict(std::span{&one, 1}) - flat.model.predict(std::span{&zero, 1}) - 1.75) < 1e-5);
}

TEST_CASE("nu bounds the rows outside of the tube, and those that are support vectors") {
    const wavy data{200};
    for (const double nu : {0.1, 0.4, 0.8}) {
        const surrogate::support_vector_options o{.loss = surrogate::support_loss::nu, .cost = 5, .nu = nu, .tolerance = 1e-5};
        const auto fit = surrogate::fit_support_vectors(data.rows(), o);
        REQUIRE(fit.converged);
        std::size_t at_bound = 0;
        for (const auto c : fit.model.coefficients()) at_bound += std::abs(c) >= o.cost ? 1 : 0;
        CHECK(static_cast<double>(at_bound) <= nu * 200 + 1e-9);
        CHECK(static_cast<double>(fit.rows.size()) >= nu * 200 - 1e-9);
    }
}

TEST_CASE("labels in standard units give the same function as labels that were scaled by hand") {
    wavy data{80};
    for (auto& y : data.y) y = 1000 * y + 5000;
    const auto fit = surrogate::fit_support_vectors(data.rows(), {.labels = surrogate::label_unit::standard, .tolerance = 1e-6});
    const double n = 80;
    double mean = 0, squares = 0;
    for (const auto y : data.y) mean += y / n;
    for (const auto y : data.y) squares += (y - mean) * (y - mean) / n;
    const double scale = std::sqrt(squares);
    auto scaled = data;
    for (auto& y : scaled.y) y = (y - mean) / scale;
    const auto by_hand = surrogate::fit_support_vectors(scaled.rows(), {.tolerance = 1e-6});
    for (std::size_t r = 0; r < 80; ++r)
        CHECK(std::abs(fit.model.predict(data.rows().x[r]) - (by_hand.model.predict(data.rows().x[r]) * scale + mean)) < 1e-6 * scale);
}

TEST_CASE("a small cache gives the same model, and steps that run out say so") {
    const wavy data{1500, 2};
    const auto large = surrogate::fit_support_vectors(data.rows(), {.shrinking = false});
    const auto small = surrogate::fit_support_vectors(data.rows(), {.shrinking = false, .cache_mib = 1});
    CHECK(large.model == small.model);
    CHECK_FALSE(surrogate::fit_support_vectors(data.rows(), {.steps = 3}).converged);
}

TEST_CASE("kernels are what libsvm means by their names") {
    const surrogate::kernel_function rbf{.gamma = 0.5}, linear{.kind = surrogate::kernel_kind::linear},
        polynomial{.kind = surrogate::kernel_kind::polynomial, .gamma = 0.5, .offset = 1, .degree = 3},
        sigmoid{.kind = surrogate::kernel_kind::sigmoid, .gamma = 0.5, .offset = -1};
    // x = (1, 2), z = (3, 0): x.z = 3, |x|^2 + |z|^2 = 14
    CHECK(rbf(3, 14) == Approx(std::exp(-0.5 * 8)));
    CHECK(linear(3, 14) == 3);
    CHECK(polynomial(3, 14) == Approx(2.5 * 2.5 * 2.5));
    CHECK(sigmoid(3, 14) == Approx(std::tanh(0.5)));
}

TEST_CASE("support vectors keep the laws of regressors, and refuse what does not fit") {
    const wavy data{60};
    const auto fit = surrogate::fit_support_vectors(data.rows());
    laws::obeys_regressor_laws(fit.model, data.rows().x);
    std::vector<float> row(3, std::numeric_limits<float>::quiet_NaN());
    CHECK_THROWS_AS(fit.model.predict(std::span<const float>{row}), verdant::input_error);
    CHECK_THROWS_AS(surrogate::fit_support_vectors(data.rows(), {.cost = -1}), verdant::input_error);
    CHECK_THROWS_AS(surrogate::fit_support_vectors(data.rows(), {.loss = surrogate::support_loss::nu, .nu = 0}), verdant::input_error);
    CHECK_THROWS_AS(surrogate::fit_support_vectors({}), verdant::input_error);
    auto wrong = data;
    wrong.y[3] = std::numeric_limits<double>::infinity();
    CHECK_THROWS_WITH(surrogate::fit_support_vectors(wrong.rows()), Catch::Contains("label of row 3"));
    wrong = data;
    wrong.x[4] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(surrogate::fit_support_vectors(wrong.rows()), Catch::Contains("row 1, feature 1"));
}

TEST_CASE("kernels beyond single precision are refused before the solver goes anywhere") {
    const wavy data{60};
    surrogate::support_vector_options o{.kernel = {.kind = surrogate::kernel_kind::polynomial, .degree = 128},
                                        .gamma = surrogate::gamma_rule::automatic};
    CHECK_THROWS_WITH(surrogate::fit_support_vectors(data.rows(), o), Catch::Contains("kernel of rows"));
    o.kernel.degree = 4;
    CHECK_NOTHROW(surrogate::fit_support_vectors(data.rows(), o));
}
