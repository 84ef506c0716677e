#include <verdant/optimizer/reinforce/adam.hpp>
#include <verdant/optimizer/reinforce/lstm_controller.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>

#include "golden/golden.hpp"

#include <cmath>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

using namespace verdant;

namespace {

// Single precision in another order of sums.
constexpr double tolerance = 5e-6;

/// Where the published controller's parameters are among ours, by name.
std::map<std::string, std::size_t> parts_by_name(const lstm_controller& controller) {
    const auto number = [&](const std::string& name) {
        for (std::size_t i = 0; i < controller.parts().size(); ++i)
            if (controller.parts()[i].name == name) return i;
        throw std::runtime_error{"no part " + name};
    };
    std::map<std::string, std::size_t> found;
    for (const char* name : {"embedding.weight", "rnn.weight_ih", "rnn.weight_hh", "rnn.bias_ih", "rnn.bias_hh"}) found[name] = number(name);
    const std::map<std::string, std::string> parameter_of{
        {"e_decoder", "block0_e"}, {"k_decoder", "block0_k"}, {"l_decoder_1", "block0_l"}, {"l_decoder_2", "block5_l"}, {"se_decoder", "block0_se"}};
    for (const auto& [decoder, parameter] : parameter_of)
        for (const char* kind : {".weight", ".bias"})
            found[decoder + kind] = number("decoder." + std::to_string(controller.layout().decoder[view_of<spaces::mnasnet>.find(parameter)]) + kind);
    return found;
}

void fill(lstm_controller& controller, const golden::json& file, const std::map<std::string, std::size_t>& parts, golden::summary& summary) {
    std::size_t t = 0;
    for (const auto& entry : file.at("param_order")) {
        const auto name = entry.at(0).get<std::string>();
        const auto& part = controller.parts()[parts.at(name)];
        std::size_t size = 1;
        for (const auto& d : entry.at(1)) size *= d.get<std::size_t>();
        summary.equal(name + ": numbers", size, part.size());
        const bool zero = name.find("decoder") != name.npos && name.ends_with(".bias");
        for (std::size_t j = 0; j < size; ++j)
            controller.parameters()[part.offset + j] =
                zero ? 0.0F
                     : static_cast<float>(0.1 *
                                          std::sin(0.7 * static_cast<double>(j) + 1.1 * static_cast<double>(t) + file.at("fill_seed").get<double>()));
        ++t;
    }
}

} // namespace

TEST_CASE("The controller of REINFORCE has the published probabilities, loss, gradient and step", "[golden]") {
    for (const auto& f : golden::find_all("anb/controller_golden*.json")) {
        golden::summary summary{f.name, tolerance};
        const auto file = golden::read_json(f.path);
        lstm_controller controller{layout_of(view_of<spaces::mnasnet>), file.at("param_order").at(0).at(1).at(1).get<std::size_t>(),
                                   file.at("param_order").at(1).at(1).at(1).get<std::size_t>(), file.at("start_token").get<std::uint32_t>()};
        const auto parts = parts_by_name(controller);
        summary.equal("parts", file.at("param_order").size(), controller.parts().size());
        fill(controller, file, parts, summary);

        std::vector<std::uint32_t> actions;
        std::vector<double> rewards, advantages;
        double baseline = 0;
        for (const auto& episode : file.at("episodes"))
            for (const auto& a : episode) actions.push_back(a.get<std::uint32_t>());
        for (const auto& r : file.at("accuracies")) {
            const auto reward = r.get<double>();
            baseline = rewards.empty() ? reward : 0.95 * baseline + 0.05 * reward;
            rewards.push_back(reward);
        }
        summary.compare("baseline", file.at("baseline").get<double>(), baseline);
        for (const auto r : rewards) advantages.push_back(r - baseline);
        const std::vector<unsigned char> all(rewards.size() * controller.first_choice(controller.steps()), 1);
        const auto loss = controller.differentiate(actions, all, advantages, 1e-5);
        summary.compare("loss", file.at("loss").get<double>(), loss);
        for (std::size_t e = 0; e < rewards.size(); ++e) {
            summary.next_row();
            for (std::size_t s = 0; s < controller.steps(); ++s)
                summary.compare("log p", file.at("log_p").at(e).at(s).get<double>(),
                                static_cast<double>(controller.log_probabilities()[e * controller.steps() + s]));
        }
        for (const auto& [name, norm] : file.at("grad_l2").items()) {
            summary.next_row();
            const auto& part = controller.parts()[parts.at(name)];
            double square = 0;
            for (const auto g : controller.gradient().subspan(part.offset, part.size())) square += static_cast<double>(g) * static_cast<double>(g);
            summary.compare("gradient of " + name, norm.get<double>(), std::sqrt(square));
        }

        adam optimiser{controller.parameters().size()};
        optimiser.step(controller.parameters(), controller.gradient(), file.at("adam_lr").get<double>());
        static_cast<void>(controller.differentiate(actions, all, advantages, 1e-5));
        summary.next_row();
        for (std::size_t s = 0; s < controller.steps(); ++s)
            summary.compare("log p after the step", file.at("log_p_episode0_after_step").at(s).get<double>(),
                            static_cast<double>(controller.log_probabilities()[s]));
    }
}
