#include <verdant/pareto/hypervolume_rays.hpp>

#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

using namespace verdant;

namespace {

pareto::hypervolume_rays random_rays(std::size_t objectives, std::size_t count, std::uint64_t seed) {
    random_stream random{seed};
    std::vector<double> normals(objectives * count);
    for (auto& v : normals) v = surrogate::normal_quantile(random.uniform() + 0x1.0p-54);
    return {objectives, normals};
}

} // namespace

TEST_CASE("The positive part of the unit ball has the volume that geometry says", "[pareto]") {
    using std::numbers::pi;
    CHECK(pareto::hypervolume_rays::ball(1) == Approx(1));
    CHECK(pareto::hypervolume_rays::ball(2) == Approx(pi / 4));
    CHECK(pareto::hypervolume_rays::ball(3) == Approx(pi / 6));
    CHECK(pareto::hypervolume_rays::ball(4) == Approx(pi * pi / 32));
    CHECK(pareto::hypervolume_rays::ball(5) == Approx(pi * pi / 60));
    CHECK(pareto::hypervolume_rays::ball(6) == Approx(pi * pi * pi / 384));
}

TEST_CASE("Lengths along rays are those at which a vector stops to dominate", "[pareto]") {
    const auto rays = random_rays(3, 20, 1);
    const std::vector<double> reference{1, 2, 3}, vector{0.5, 0.25, 1}, beyond{0.5, 2.5, 1};
    for (std::size_t k = 0; k < rays.size(); ++k) {
        const auto t = rays.length(k, vector, reference);
        double squares = 0;
        for (const auto v : rays.inverse(k)) squares += 1 / (v * v);
        CHECK(squares == Approx(1));
        // At t the ray leaves what the vector dominates: one component touches it, none is below.
        double touch = 10;
        for (std::size_t j = 0; j < 3; ++j) touch = std::min(touch, reference[j] - t / rays.inverse(k)[j] - vector[j]);
        CHECK(touch == Approx(0).margin(1e-12));
        CHECK(rays.length(k, beyond, reference) < 0);
        CHECK(rays.dominated(k, beyond, reference) == 0);
        CHECK(rays.dominated(k, std::vector<double>{0.5, 2.5, 1, 0.5, 0.25, 1}, reference) == t);
    }
}

TEST_CASE("The mean over rays tends to the exact hypervolume", "[pareto]") {
    random_stream random{2};
    for (std::size_t m = 1; m <= 6; ++m) {
        std::vector<double> vectors(12 * m);
        for (auto& v : vectors) v = random.uniform();
        const std::vector<double> reference(m, 1.0);
        const auto exact = pareto::exact_hypervolume{}(pareto::objective_rows{vectors, m}, reference);
        constexpr std::size_t count = 40000;
        const auto rays = random_rays(m, count, m);
        // The standard error, from the same rays.
        double sum = 0, squares = 0;
        for (std::size_t k = 0; k < count; ++k) {
            const auto v = pareto::hypervolume_rays::ball(m) * std::pow(rays.dominated(k, vectors, reference), static_cast<double>(m));
            sum += v;
            squares += v * v;
        }
        const auto mean = sum / count, error = std::sqrt(std::max(0.0, squares / count - mean * mean) / count);
        INFO(m << " objectives");
        CHECK(rays.hypervolume(vectors, reference) == Approx(mean));
        CHECK(mean == Approx(exact).margin(5 * error + 1e-12)); // fixed seeds
        CHECK(error < 0.02 * exact);
    }
}

TEST_CASE("Powers grow without cancellation", "[pareto]") {
    const auto g = pareto::hypervolume_rays::power_growth(2, 1, 5);
    CHECK(g.value == Approx(243 - 32));
    CHECK(g.slope == Approx(5 * 81));
    CHECK(pareto::hypervolume_rays::power_growth(0, 0.5, 3).value == Approx(0.125));
    CHECK(pareto::hypervolume_rays::power_growth(7, 0.25, 1).value == 0.25);
    CHECK(pareto::hypervolume_rays::power_growth(3, 1e-20, 6).value == Approx(6e-20 * 243));
}
