#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/supernet/elastic_supernet.hpp>

#include "fill.hpp"

#include <algorithm>
#include <array>

using namespace golden;

namespace {

struct proxyless_of_the_goldens : spaces::ofa_proxyless<1.3> {};
struct resnet_of_the_goldens : spaces::ofa_resnet<> {};

template <class Arch>
Arch full_arch(const json& j) {
    return raw_arch<Arch>(j);
}
template <>
spaces::resnet_arch full_arch(const json& j) {
    spaces::resnet_arch a;
    a.d = j.at("d").get<std::array<int, 5>>();
    a.e = j.at("e").get<std::array<double, 18>>();
    a.w = j.at("w").get<std::array<int, 6>>();
    a.image_size = j.at("image_size").get<int>();
    return a;
}

/// Logits of the extracted networks against those of the original in 64 bits, to 1e-5 since transformed kernels are rounded to 32 bits before; and
/// how far those in 32 bits and the supernet's are from them.
template <class Space>
void check_full(const file& f, const json& expected) {
    summary s{f.name, 1e-4};
    const c10::AutoGradMode off{false};
    const auto name = expected.at("net").get<std::string>();
    supernet::supernet<Space> net{0, 0};
    fill_by_name(net.weights(), name + "/", {.convolution = 6, .linear = 8});
    s.equal("parameters", expected.at("supernet_params").get<std::int64_t>(), nn::parameter_count(net.weights()));
    s.equal("tensors", expected.at("n_state").get<std::size_t>(), nn::state_of(net.weights()).size());
    for (const auto& row : expected.at("results")) {
        s.next_row();
        const auto arch = full_arch<typename Space::arch_type>(row.at("arch"));
        const auto x = named_images(row.at("input").get<std::string>());
        s.equal<std::int64_t>("side of the image", arch.image_size, x.size(2));
        const auto own = net.extract(arch);
        s.equal("parameters of the sub-network", row.at("subnet_params").get<std::int64_t>(), nn::parameter_count(own));
        const at::Tensor exact = forward(nn::to(own, at::kCPU, at::kDouble), x.to(at::kDouble), nn::evaluating{});
        const double size = row.at("logits_abs_sum_f64").get<double>() / static_cast<double>(exact.numel());
        const auto& first = row.at("logits_first16_f64");
        for (std::size_t i = 0; i < first.size(); ++i)
            s.compare("logit", 0, 10 * (first.at(i).get<double>() - exact[0][static_cast<std::int64_t>(i)].item<double>()) / size);
        s.agree("sum", 1, 1 + (row.at("logits_sum_f64").get<double>() - exact.sum().item<double>()) / row.at("logits_abs_sum_f64").get<double>());
        s.compare("sum of sizes", row.at("logits_abs_sum_f64").get<double>(), exact.abs().sum().item<double>());
        const auto& top = row.at("top5");
        const auto order = exact[0].argsort(0, true);
        for (std::size_t i = 0; i < top.size(); ++i)
            s.equal("rank " + std::to_string(i + 1), top.at(i).get<std::int64_t>(), order[static_cast<std::int64_t>(i)].item<std::int64_t>());
        s.equal("argmax", row.at("argmax").get<std::int64_t>(), exact.argmax(1).item<std::int64_t>());
        // In 32 bits the largest networks lose digits, in the original as well as here.
        const at::Tensor logits = forward(own, x, nn::evaluating{}).to(at::kDouble);
        const double rounding = std::max(size, 1e5 * row.at("max_abs_f32_minus_f64").get<double>());
        s.compare("32 bits", 0, (logits - exact).abs().max().item<double>() / rounding);
        const at::Tensor shared = forward(net.active(arch), x, nn::evaluating{}).to(at::kDouble);
        const double apart = (shared - logits).abs().max().item<double>();
        const double wanted = row.at("supernet_minus_subnet_max_abs").get<double>();
        // A ratio of 1 makes them differ by as much as the logits' size; anything else is rounding.
        s.compare("supernet", 0, (apart - wanted) / rounding);
    }
}

} // namespace

TEST_CASE("full networks compute what the originals do", "[golden][supernet]") {
    for (const auto& f : find_all("moofa/full/*.json")) {
        const auto expected = read_json(f.path);
        if (!expected.contains("net")) continue; // the numbers of u01_selftest.json, see supernet.cpp
        const auto net = expected.at("net").get<std::string>();
        if (net == "OFA") check_full<spaces::ofa_mobilenet_v3<>>(f, expected);
        else if (net == "CompOFA") check_full<spaces::comp_ofa>(f, expected);
        else if (net == "MOOFA_V1") check_full<spaces::moofa_v1>(f, expected);
        else if (net == "MOOFA_V2") check_full<spaces::moofa_v2>(f, expected);
        else if (net == "MOOFA_V3") check_full<spaces::moofa_v3>(f, expected);
        else if (net == "Proxyless_w1.3") check_full<proxyless_of_the_goldens>(f, expected);
        else if (net == "ResNet50") check_full<resnet_of_the_goldens>(f, expected);
        else skip(f.name, "no known net is called " + net);
    }
}
