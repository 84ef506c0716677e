#include <verdant/nn/core/prelude.hpp>
#include <verdant/optimizer/reinforce/lstm_controller.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>

#include "catch.hpp"

#include <ATen/ATen.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

// The controller of REINFORCE beside the same network in LibTorch, whose gradient is its own.

namespace {

using namespace verdant;

at::Tensor tensor_of(const lstm_controller& c, std::span<const float> numbers, const std::string& name) {
    for (const auto& p : c.parts())
        if (p.name == name) {
            const std::vector<std::int64_t> shape = p.columns == 1
                                                        ? std::vector{static_cast<std::int64_t>(p.rows)}
                                                        : std::vector{static_cast<std::int64_t>(p.rows), static_cast<std::int64_t>(p.columns)};
            return at::from_blob(const_cast<float*>(numbers.data() + p.offset), shape).clone();
        }
    throw std::runtime_error{"no part " + name};
}

} // namespace

TEST_CASE("the controller of REINFORCE has the probabilities and the gradient of LibTorch's LSTM cell", "[nn]") {
    lstm_controller c{layout_of(view_of<spaces::mnasnet>), 32, 100};
    random_stream random{7};
    c.initialise(random, 0.3);
    constexpr std::size_t episodes = 10;
    std::vector<std::uint32_t> actions;
    std::vector<double> advantage;
    for (std::size_t e = 0; e < episodes; ++e) {
        for (std::size_t t = 0; t < c.steps(); ++t) actions.push_back(static_cast<std::uint32_t>(random.below(c.layout().choices_of(t))));
        advantage.push_back(random.uniform(-2, 2));
    }
    const std::vector<unsigned char> all(episodes * c.first_choice(c.steps()), 1);
    constexpr double weight = 0.1;
    const auto found = c.differentiate(actions, all, advantage, weight);

    std::map<std::string, at::Tensor> torch;
    for (const auto& p : c.parts()) torch[p.name] = tensor_of(c, std::as_const(c).parameters(), p.name).requires_grad_();
    at::Tensor loss = at::zeros({});
    for (std::size_t e = 0; e < episodes; ++e) {
        auto h = at::zeros({1, 100}), state = at::zeros({1, 100});
        auto token = static_cast<std::int64_t>(c.layout().tokens);
        for (std::size_t t = 0; t < c.steps(); ++t) {
            std::tie(h, state) = at::lstm_cell(torch["embedding.weight"].select(0, token).unsqueeze(0), {h, state}, torch["rnn.weight_ih"],
                                               torch["rnn.weight_hh"], torch["rnn.bias_ih"], torch["rnn.bias_hh"]);
            const auto decoder = "decoder." + std::to_string(c.layout().decoder[t]);
            const auto scores = at::addmm(torch[decoder + ".bias"], h, torch[decoder + ".weight"].t());
            const auto action = actions[e * c.steps() + t];
            const auto log_p = at::log_softmax(scores, 1).select(1, action).squeeze();
            CHECK(static_cast<double>(c.log_probabilities()[e * c.steps() + t]) == Approx(log_p.item<double>()).epsilon(1e-5));
            loss = loss - log_p * advantage[e] + weight * log_p * log_p.exp();
            token = c.layout().token_of(t, action);
        }
    }
    loss = loss / static_cast<double>(episodes);
    CHECK(found == Approx(loss.item<double>()).epsilon(1e-5));
    loss.backward();
    for (const auto& p : c.parts()) {
        const auto expected = torch[p.name].grad(), ours = tensor_of(c, c.gradient(), p.name);
        INFO(p.name);
        CHECK((expected - ours).norm().item<double>() < 1e-5 * expected.norm().item<double>() + 1e-7);
    }
}
