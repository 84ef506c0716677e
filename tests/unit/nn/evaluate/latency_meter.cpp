#include <verdant/nn/evaluate/latency_meter.hpp>

#include <verdant/error.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/spaces/once_for_all/latency_layers.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/workload/latency/latency_layers.hpp>

#include "catch.hpp"

#include <set>
#include <string>
#include <variant>

using namespace verdant;

namespace {

struct small : spaces::once_for_all<spaces::constant_memory_family({}, 10, 2), choices<32>, choices<3>, choices<1.0, 2.0>, choices<1, 2>> {};
struct proxyless : spaces::once_for_all<spaces::proxyless_family(0.25, spaces::proxyless_widths::proxyless, 10, 2), choices<32>, choices<3>,
                                        choices<3>, choices<1, 2>> {};

template <class Space>
std::set<std::size_t> measured_kinds() {
    const nn::latency_meter<> meter{{.warm_up = 1, .repetitions = 3}, 2};
    std::set<std::size_t> kinds;
    for (const auto& layer : spaces::latency_layers<Space>(32)) {
        INFO(layer.key);
        kinds.insert(layer.what.index());
        const auto t = meter(layer);
        CHECK((t.count >= 2 && t.count <= 3));
        CHECK(t.mean > 0);
        CHECK(t.median > 0);
    }
    return kinds;
}

} // namespace

TEST_CASE("every layer of a space can be measured", "[nn]") {
    const nn::thread_scope one{1};
    CHECK(measured_kinds<small>() == std::set<std::size_t>{0, 1, 2, 3});
    CHECK(measured_kinds<proxyless>() == std::set<std::size_t>{0, 1, 3});
}

TEST_CASE("the layers of a network take about as long as the network", "[nn]") {
    const nn::thread_scope one{1};
    const nn::latency_meter<> meter{{.warm_up = 2, .repetitions = 5}};
    const auto tiny = spaces::net_of(small::family, spaces::smallest_arch<small>());
    auto large = spaces::net_of(small::family, spaces::largest_arch<small>());
    large.image_size = 256;
    const double fast = meter(tiny).median, slow = meter(large).median;
    CHECK(fast > 0);
    CHECK(slow > fast); // 64 times the pixels
    double sum = 0;
    for (const auto& layer : workload::latency_layers(large)) sum += meter(layer).median;
    // The layers are those of the network: their sum is of the same order, even on a busy machine.
    CHECK(sum > slow / 10);
    CHECK(sum < slow * 10);
}

TEST_CASE("norms are left out, and nothing else", "[nn]") {
    const auto net = nn::without_norms(nn::empty_mobile_net(spaces::net_of(small::family, spaces::largest_arch<small>())));
    std::size_t norms = 0, weights = 0;
    for_each_tensor(net, [&](const std::string& name, const at::Tensor&, bool) {
        norms += name.find(".bn.") != std::string::npos ? 1 : 0;
        weights += name.ends_with("conv.weight") ? 1 : 0;
    });
    CHECK(norms == 0);
    CHECK(weights == 1 + 2 + 10 * 3 + 2); // first, fixed block, ten blocks of three, last and feature mix
}

TEST_CASE("devices have names, and those that are not there are refused", "[nn]") {
    CHECK_FALSE(nn::device_name(at::kCPU).empty());
    CHECK(nn::device_name(at::Device{at::kCUDA, 1}).starts_with("cuda:1 with "));
    if (nn::cuda_devices() == 0) CHECK_THROWS_AS(nn::latency_meter<nn::cuda<>>{}, input_error);
    nn::wait_for(at::kCPU);
}
