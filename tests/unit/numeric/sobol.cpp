#include <verdant/numeric/sobol.hpp>

#include "catch.hpp"

#include <cstddef>
#include <vector>

using namespace verdant;

namespace {

std::vector<double> points(std::size_t n, std::size_t dimensions, std::uint64_t seed) {
    random_stream random{seed};
    surrogate::sobol_sequence sequence{dimensions, random};
    std::vector<double> all(n * dimensions);
    for (std::size_t i = 0; i < n; ++i) sequence.next({all.data() + i * dimensions, dimensions});
    return all;
}

} // namespace

TEST_CASE("Each interval of length 2^-k holds one of 2^k points, in every coordinate", "[surrogate]") {
    constexpr std::size_t d = 40, n = 256;
    const auto p = points(n, d, 3);
    for (std::size_t j = 0; j < d; ++j) {
        std::vector<int> hits(n, 0);
        for (std::size_t i = 0; i < n; ++i) ++hits[static_cast<std::size_t>(p[i * d + j] * n)];
        CHECK(hits == std::vector<int>(n, 1));
    }
}

TEST_CASE("The first two coordinates are a (0, 8, 2)-net", "[surrogate]") {
    constexpr std::size_t n = 256;
    const auto p = points(n, 2, 4);
    for (std::size_t rows = 1; rows <= n; rows *= 2) {
        std::vector<int> hits(n, 0);
        const auto columns = n / rows;
        for (std::size_t i = 0; i < n; ++i)
            ++hits[static_cast<std::size_t>(p[2 * i] * static_cast<double>(rows)) * columns +
                   static_cast<std::size_t>(p[2 * i + 1] * static_cast<double>(columns))];
        CHECK(hits == std::vector<int>(n, 1));
    }
}

TEST_CASE("Integrals converge faster than those of independent numbers", "[surrogate]") {
    // The mean of prod_j (1 + (u_j - 1/2)) is 1; independent numbers err by about 0.4 / sqrt(4096) = 6e-3 for 6 dimensions.
    constexpr std::size_t d = 6, n = 4096;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const auto p = points(n, d, seed);
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            double product = 1;
            for (std::size_t j = 0; j < d; ++j) product *= 0.5 + p[i * d + j];
            sum += product;
        }
        CHECK(sum / n == Approx(1).margin(3e-4));
    }
}

TEST_CASE("Equal streams give equal sequences, others do not, and passing over points is exact", "[surrogate]") {
    CHECK(points(8, 3, 1) == points(8, 3, 1));
    CHECK(points(8, 3, 1) != points(8, 3, 2));
    const auto all = points(20, 3, 1);
    random_stream random{1};
    surrogate::sobol_sequence sequence{3, random};
    sequence.discard(13);
    CHECK(sequence.position() == 13);
    std::vector<double> next(3);
    for (std::size_t i = 13; i < 20; ++i) {
        sequence.next(next);
        CHECK(next == std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(3 * i), all.begin() + static_cast<std::ptrdiff_t>(3 * i + 3)));
    }
}

TEST_CASE("Dimensions without directions are refused", "[surrogate]") {
    random_stream random{1};
    CHECK_THROWS_AS(surrogate::sobol_sequence(0, random), input_error);
    CHECK_THROWS_WITH(surrogate::sobol_sequence(3668, random), "verdant: Sobol sequence, dimensions: expected 1 to 3667, found 3668");
    CHECK(surrogate::sobol_sequence(3667, random).dimensions() == 3667);
}
