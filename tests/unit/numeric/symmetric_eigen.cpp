#include "catch.hpp"

#include <verdant/numeric/symmetric_eigen.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

using namespace verdant;

TEST_CASE("Eigenvalues of matrices that are known", "[numeric]") {
    auto values = eigen_of_symmetric(std::vector<double>{2, 1, 1, 2}, 2).values;
    std::sort(values.begin(), values.end());
    CHECK(values[0] == Approx(1));
    CHECK(values[1] == Approx(3));
    CHECK(eigen_of_symmetric(std::vector<double>{7}, 1).values == std::vector<double>{7});
    CHECK(eigen_of_symmetric(std::vector<double>{}, 0).values.empty());
    CHECK(eigen_of_symmetric(std::vector<double>{0, 0, 0, 0}, 2).values == std::vector<double>{0, 0});
}

TEST_CASE("Eigenvectors are of length 1 and make up the matrix", "[numeric]") {
    constexpr std::size_t n = 12;
    random_stream random{1};
    std::vector<double> a(n * n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) a[i * n + j] = a[j * n + i] = random.uniform(-1, 1);
    const auto e = eigen_of_symmetric(a, n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            double made = 0, product = 0;
            for (std::size_t k = 0; k < n; ++k) {
                made += e.vectors[i * n + k] * e.values[k] * e.vectors[j * n + k];
                product += e.vectors[k * n + i] * e.vectors[k * n + j];
            }
            CHECK(made == Approx(a[i * n + j]).margin(1e-12));
            CHECK(product == Approx(i == j ? 1 : 0).margin(1e-12));
        }
}
