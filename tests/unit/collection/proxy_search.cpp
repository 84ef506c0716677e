#include <verdant/collection/proxy_search.hpp>
#include <verdant/error.hpp>
#include <verdant/space.hpp>
#include <verdant/units.hpp>

#include "catch.hpp"

#include <cmath>
#include <vector>

namespace vd = verdant;
using namespace vd::collection;

namespace {

/// Proxies as a space: the more epochs and the larger the images, the nearer a training comes to the full one.
struct proxies : vd::space<vd::param<"epochs", vd::choices<1, 4, 16>>, vd::param<"side", vd::choices<16, 32>>> {};

const tau_against reference{{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}};

proxy_trial trained(int epochs, int side) {
    proxy_trial out{reference.reference, static_cast<double>(epochs * side * side) * vd::seconds{}};
    for (std::size_t i = 0; i < out.accuracies.size(); ++i) out.accuracies[i] += std::sin(9.0 * static_cast<double>(i)) * 8 / (epochs * side);
    return out;
}

} // namespace

TEST_CASE("a proxy search takes the setting that ranks best within the bound", "[collection]") {
    const auto evaluate = [](const vd::point<proxies>& p) { return trained(p.get<"epochs">(), p.get<"side">()); };
    const auto found = proxy_search(vd::feasible_points<proxies>(), evaluate, reference, 4096.0 * vd::seconds{});
    REQUIRE(found.tried.size() == 6);
    REQUIRE(found.best);
    const auto& best = found.tried[*found.best];
    CHECK(best.within_bound);
    for (const auto& t : found.tried) {
        CHECK(t.within_bound == (vd::in<vd::seconds>(t.training_time) <= 4096));
        if (t.within_bound) CHECK((best.tau > t.tau || (best.tau == t.tau && best.training_time <= t.training_time)));
    }
    // The most expensive one ranks at least as well, and is not affordable.
    CHECK_FALSE(found.tried.back().within_bound);
    CHECK(found.tried.back().tau >= best.tau);
}

TEST_CASE("of settings that rank alike a proxy search takes the fastest, and none that does not rank at all", "[collection]") {
    struct setting {
        double time;
        std::vector<double> accuracies;
    };
    const std::vector<setting> grid{{9, {1, 2, 3}}, {5, {1, 2, 3}}, {5, {1, 2, 3}}, {1, {2, 2, 2}}};
    const auto evaluate = [](const setting& s) { return proxy_trial{s.accuracies, s.time * vd::seconds{}}; };
    const auto found = proxy_search(grid, evaluate, tau_against{{1, 2, 3}}, 10.0 * vd::seconds{});
    CHECK(found.best == 1U);
    CHECK(std::isnan(found.tried.back().tau));
    CHECK_FALSE(proxy_search(grid, evaluate, tau_against{{1, 2, 3}}, 0.5 * vd::seconds{}).best);
    CHECK_THROWS_AS(proxy_search(grid, evaluate, tau_against{{1, 2}}, 1.0 * vd::seconds{}), vd::input_error);
    CHECK_THROWS_AS(proxy_search(std::vector<setting>{}, evaluate, tau_against{{1, 2, 3}}, 1.0 * vd::seconds{}), vd::input_error);
    CHECK_THROWS_AS(proxy_search(grid, evaluate, tau_against{{1, 2, 3}}, 0.0 * vd::seconds{}), vd::input_error);
    CHECK_THROWS_AS(proxy_search(std::vector<setting>{{-1, {1, 2, 3}}}, evaluate, tau_against{{1, 2, 3}}, 1.0 * vd::seconds{}), vd::input_error);
}
