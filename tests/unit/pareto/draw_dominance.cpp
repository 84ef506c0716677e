#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/pareto/draw_dominance.hpp>
#include <verdant/pareto/front_filter.hpp>
#include <verdant/pareto/objective_rows.hpp>
#include <verdant/random/stream.hpp>

#include <cstdint>
#include <limits>
#include <vector>

namespace vd = verdant;
namespace pareto = verdant::pareto;
using Catch::Contains;

namespace {

// Vectors around centres, moved in each draw.
pareto::drawn_objectives drawn(std::uint64_t seed, std::size_t vectors, std::size_t draws, double spread) {
    vd::random_stream random{seed};
    pareto::drawn_objectives of{vectors, draws, 2};
    for (std::size_t i = 0; i < vectors; ++i) {
        const double x = random.uniform(), y = random.uniform();
        for (std::size_t k = 0; k < draws; ++k) {
            of.row(i, k)[0] = x + spread * random.uniform();
            of.row(i, k)[1] = y + spread * random.uniform();
        }
    }
    return of;
}

} // namespace

TEST_CASE("dominance in draws counts draws", "[pareto]") {
    pareto::drawn_objectives of{2, 20, 1};
    for (std::size_t k = 0; k < 20; ++k) of.row(1, k)[0] = k == 0 ? -1 : 1; // the first vector, of zeros, is better in 19 of 20
    CHECK(pareto::share_dominated(of, 0, 1) == 0.95);
    CHECK(pareto::in_share_of_draws{0.95}(of, 0, 1));
    CHECK_FALSE(pareto::in_share_of_draws{0.951}(of, 0, 1));
    CHECK_FALSE(pareto::in_share_of_draws{0.95}(of, 1, 0));
    CHECK_FALSE(pareto::in_share_of_draws{0.95}(of, 0, 0)); // equal vectors dominate in no draw
    CHECK(pareto::front_in_draws(of) == std::vector<std::uint32_t>{0});
    CHECK(pareto::front_in_draws(of, pareto::in_share_of_draws{1}) == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("where nothing is uncertain the front is Pareto's", "[pareto]") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto of = drawn(seed, 40, 7, 0);
        std::vector<double> rows;
        for (std::size_t i = 0; i < of.size(); ++i) rows.insert(rows.end(), of.row(i, 0).begin(), of.row(i, 0).end());
        CHECK(pareto::front_in_draws(of) == pareto::front_indices({rows, 2}, pareto::equal_vectors::keep_all));
    }
}

TEST_CASE("a larger share keeps more, and the policy is what its definition says", "[pareto]") {
    const auto of = drawn(3, 40, 50, 0.4);
    std::vector<std::uint32_t> before;
    for (const double share : {0.55, 0.7, 0.8, 0.95, 1.0}) {
        const pareto::in_share_of_draws policy{share};
        const auto front = pareto::front_in_draws(of, policy);
        for (const auto i : before) CHECK(std::find(front.begin(), front.end(), i) != front.end());
        for (std::uint32_t i = 0; i < of.size(); ++i) {
            bool dominated = false;
            for (std::uint32_t j = 0; j < of.size(); ++j) {
                CHECK(policy(of, j, i) == (pareto::share_dominated(of, j, i) >= share));
                CHECK_FALSE((policy(of, j, i) && policy(of, i, j)));
                dominated = dominated || policy(of, j, i);
            }
            CHECK(dominated == (std::find(front.begin(), front.end(), i) == front.end()));
        }
        before = front;
    }
}

TEST_CASE("what is no share or no draws is refused", "[pareto]") {
    pareto::drawn_objectives of{2, 3, 1};
    CHECK_THROWS_WITH(pareto::front_in_draws(of, pareto::in_share_of_draws{0.5}), Contains("dominance in draws, share: expected a number above 0.5"));
    CHECK_THROWS_AS(pareto::front_in_draws(of, pareto::in_share_of_draws{1.2}), vd::input_error);
    CHECK_THROWS_WITH((pareto::drawn_objectives{2, 0, 1}), Contains("at least one draw"));
    of.row(1, 2)[0] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(pareto::front_in_draws(of), Contains("vector 1, draw 2: expected a number, found NaN"));
}
