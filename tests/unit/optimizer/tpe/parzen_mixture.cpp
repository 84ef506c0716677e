#include "catch.hpp"

#include <verdant/optimizer/tpe/parzen_mixture.hpp>
#include <verdant/space/space.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace verdant;

namespace {

struct mixed : space<param<"colour", choices<"red", "green", "blue">>, param<"depth", range<0, 6>>, param<"bias", flag>> {};
struct fine : space<param<"rate", uniform<0.0, 1.0, 5001>>> {};

constexpr auto absent = parzen_mixture::absent;
using indices = std::array<std::uint32_t, 3>;

/// The mean of a density over all points, which is 1 where it is one relative to the uniform distribution.
double mean_of(parzen_mixture& m) {
    double sum = 0;
    for (std::uint32_t c = 0; c < 3; ++c)
        for (std::uint32_t d = 0; d < 7; ++d)
            for (std::uint32_t b = 0; b < 2; ++b) sum += std::exp(m.log_density(indices{c, d, b}));
    return sum / 42;
}

} // namespace

TEST_CASE("A Parzen mixture is a density, joint and independent", "[optimizer]") {
    for (const auto factors : {parzen_factors::joint, parzen_factors::independent}) {
        parzen_mixture m{view_of<mixed>, 1, factors};
        m.prepare();
        CHECK(mean_of(m) == Approx(1)); // nothing but the uniform component
        CHECK(m.log_density(indices{1, 2, 0}) == Approx(0).margin(1e-12));
        for (const auto& k : {indices{0, 0, 1}, indices{2, 6, 0}, indices{2, 3, 0}, indices{2, absent, 1}}) m.add(k);
        m.prepare();
        CHECK(m.size() == 4);
        CHECK(mean_of(m) == Approx(1).epsilon(1e-9));
        CHECK(m.log_density(indices{2, 3, 0}) > m.log_density(indices{1, 3, 0}));
    }
}

TEST_CASE("A kernel of a category has the weights of Optuna", "[optimizer]") {
    struct one : space<param<"colour", choices<"red", "green", "blue">>> {};
    parzen_mixture m{view_of<one>, 1, parzen_factors::joint};
    m.add(std::array<std::uint32_t, 1>{1});
    m.prepare();
    // n = 1: (1 + 1/2) / (1 + 3/2) at its value, (1/2) / (1 + 3/2) at others; with the uniform component of the same weight.
    CHECK(std::exp(m.log_density(std::array<std::uint32_t, 1>{1})) / 3 == Approx((0.6 + 1.0 / 3) / 2));
    CHECK(std::exp(m.log_density(std::array<std::uint32_t, 1>{0})) / 3 == Approx((0.2 + 1.0 / 3) / 2));
}

TEST_CASE("Joint kernels know what goes together, independent ones do not", "[optimizer]") {
    parzen_mixture joint{view_of<mixed>, 0.1, parzen_factors::joint}, independent{view_of<mixed>, 0.1, parzen_factors::independent};
    for (auto* m : {&joint, &independent}) {
        for (int i = 0; i < 5; ++i) {
            m->add(indices{0, 0, 0});
            m->add(indices{2, 6, 1});
        }
        m->prepare();
    }
    CHECK(joint.log_density(indices{0, 0, 0}) - joint.log_density(indices{0, 6, 0}) > 2);
    CHECK(independent.log_density(indices{0, 0, 0}) == Approx(independent.log_density(indices{0, 6, 0})));
}

TEST_CASE("Draws follow the density", "[optimizer]") {
    for (const auto factors : {parzen_factors::joint, parzen_factors::independent}) {
        parzen_mixture m{view_of<mixed>, 1, factors};
        for (const auto& k : {indices{0, 1, 1}, indices{2, 5, 0}, indices{2, 6, 0}}) m.add(k);
        m.prepare();
        random_stream random{7};
        constexpr int draws = 40'000;
        std::array<double, 42> found{};
        for (int i = 0; i < draws; ++i) {
            indices x{};
            m.draw(x, random);
            for (std::size_t p = 0; p < 3; ++p)
                if (x[p] == absent) x[p] = static_cast<std::uint32_t>(random.below(view_of<mixed>.domain_size(p)));
            found[(x[0] * 7 + x[1]) * 2 + x[2]] += 1.0 / draws;
        }
        for (std::uint32_t i = 0; i < 42; ++i) {
            const auto share = std::exp(m.log_density(indices{i / 14, i / 2 % 7, i % 2})) / 42;
            CAPTURE(i, share);
            CHECK(std::abs(found[i] - share) < 5 * std::sqrt(share / draws));
        }
    }
}

TEST_CASE("Large domains are computed as small ones are", "[optimizer]") {
    parzen_mixture m{view_of<fine>, 1, parzen_factors::joint};
    for (const std::uint32_t c : {0U, 2500U, 4999U}) m.add(std::array<std::uint32_t, 1>{c});
    m.prepare();
    double sum = 0;
    for (std::uint32_t i = 0; i <= 5000; ++i) sum += std::exp(m.log_density(std::array<std::uint32_t, 1>{i}));
    CHECK(sum / 5001 == Approx(1).epsilon(1e-4));
}
