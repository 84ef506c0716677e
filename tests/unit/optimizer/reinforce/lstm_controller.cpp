#include "catch.hpp"

#include <verdant/optimizer/reinforce/adam.hpp>
#include <verdant/optimizer/reinforce/lstm_controller.hpp>
#include <verdant/space/point.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace lstm_controller_tests {

struct net : verdant::space<verdant::param<"k", verdant::choices<3, 5>>, verdant::param<"l", verdant::choices<1, 2, 3>>,
                            verdant::param<"se", verdant::choices<true, false>>, verdant::param<"m", verdant::choices<1, 2, 3, 4>>,
                            verdant::param<"n", verdant::choices<3, 5>>> {};

/// Eleven episodes, more than one block, of which every third has a value barred.
struct batch {
    std::vector<std::uint32_t> actions;
    std::vector<unsigned char> marks;
    std::vector<double> advantage;

    explicit batch(const verdant::lstm_controller& c) : marks(11 * c.first_choice(c.steps()), 1) {
        verdant::random_stream random{4};
        for (std::size_t e = 0; e < 11; ++e) {
            advantage.push_back(random.uniform(-2, 2));
            for (std::size_t t = 0; t < c.steps(); ++t) actions.push_back(static_cast<std::uint32_t>(random.below(c.layout().choices_of(t))));
            if (e % 3 == 0) marks[e * c.first_choice(c.steps()) + c.first_choice(3) + (actions[e * c.steps() + 3] + 1) % 4] = 0;
        }
    }
};

} // namespace lstm_controller_tests
using namespace lstm_controller_tests;

TEST_CASE("parameters with the same values share a decoder, and domains that begin alike share tokens", "[optimizer]") {
    const auto layout = verdant::layout_of(verdant::view_of<net>);
    REQUIRE(layout.decoder == std::vector<std::uint32_t>{0, 1, 2, 3, 0});
    REQUIRE(layout.choices == std::vector<std::uint32_t>{2, 3, 2, 4});
    REQUIRE(layout.first_token == std::vector<std::uint32_t>{0, 2, 6, 2});
    REQUIRE(layout.tokens == 8);
}

TEST_CASE("the gradient of the controller is that of its loss", "[optimizer]") {
    verdant::lstm_controller c{verdant::layout_of(verdant::view_of<net>), 3, 5};
    verdant::random_stream random{2};
    c.initialise(random, 0.8);
    const batch b{c};
    const auto loss = [&] { return c.differentiate(b.actions, b.marks, b.advantage, 0.1); };
    static_cast<void>(loss());
    const std::vector<float> gradient{c.gradient().begin(), c.gradient().end()};
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        const auto before = c.parameters()[i];
        c.parameters()[i] = before + 0.01F;
        const auto high = loss();
        c.parameters()[i] = before - 0.01F;
        const auto low = loss();
        c.parameters()[i] = before;
        CHECK(static_cast<double>(gradient[i]) == Approx((high - low) / 0.02).epsilon(0.02).margin(1e-3));
    }
}

TEST_CASE("an episode comes out the same in any company", "[optimizer]") {
    verdant::lstm_controller c{verdant::layout_of(verdant::view_of<net>), 3, 5};
    verdant::random_stream random{2};
    c.initialise(random, 0.8);
    const batch b{c};
    static_cast<void>(c.differentiate(b.actions, b.marks, b.advantage, 0));
    const std::vector<float> all{c.log_probabilities().begin(), c.log_probabilities().end()};
    for (std::size_t e = 0; e < 11; ++e) {
        const auto n = c.first_choice(c.steps());
        static_cast<void>(c.differentiate(std::span{b.actions}.subspan(e * c.steps(), c.steps()), std::span{b.marks}.subspan(e * n, n),
                                          std::span{b.advantage}.subspan(e, 1), 0));
        for (std::size_t t = 0; t < c.steps(); ++t) REQUIRE(c.log_probabilities()[t] == all[e * c.steps() + t]);
    }
}

TEST_CASE("Adam moves each number by the learning rate at first", "[optimizer]") {
    verdant::adam adam{2};
    std::vector<float> x{1, 1};
    adam.step(x, std::vector<float>{3, -0.5F}, 0.1);
    REQUIRE(x[0] == Approx(0.9F));
    REQUIRE(x[1] == Approx(1.1F));
    adam.step(x, std::vector<float>{0, 0}, 0.1);
    // m / (1 - 0.9^2) over the root of v / (1 - 0.999^2): 0.27 / 0.19 / sqrt(0.008991 / 0.001999).
    REQUIRE(x[0] == Approx(0.9F - 0.1F * 0.27F / 0.19F / std::sqrt(0.008991F / 0.001999F)));
    REQUIRE(adam.steps() == 2);
}
