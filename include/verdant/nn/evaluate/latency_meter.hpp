#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/timing.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/mbconv.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_tensors.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/latency/latency_layers.hpp>

#include <ATen/ops/full.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <variant>

/// Measures the latency of networks on a device.
namespace verdant::nn {

/// Returns when everything that was given to a device is done; at once on a processor.
inline void wait_for(const at::Device& device) {
    if (!device.is_cpu()) c10::impl::VirtualGuardImpl{device.type()}.getStream(device).synchronize();
}

/// What tables call a device: the model of the processor as Linux reports it, and before it `cuda:0 with` for a graphics card.
template <class = instantiated_when_used>
[[nodiscard]] std::string device_name(const at::Device& device) {
    std::string processor = "an unknown processor";
    std::ifstream facts{"/proc/cpuinfo"};
    for (std::string line; std::getline(facts, line);)
        if (line.starts_with("model name"))
            if (const auto colon = line.find(": "); colon != std::string::npos) {
                processor = line.substr(colon + 2);
                break;
            }
    return device.is_cpu() ? processor : device.str() + " with " + processor;
}
VERDANT_DEFINED_ONCE(std::string device_name<>(const at::Device&));

/// A block or a net without its norms: at inference they are part of the convolution before them, and cost nothing.
[[nodiscard]] inline mbconv without_norms(mbconv block) {
    if (block.expansion) block.expansion->norm.reset();
    block.depthwise.norm.reset();
    block.projection.norm.reset();
    return block;
}
[[nodiscard]] inline mobile_net without_norms(mobile_net net) {
    net.first_conv.norm.reset();
    for (auto& b : net.blocks) b = without_norms(std::move(b));
    if (net.final_expand) net.final_expand->norm.reset();
    net.feature_mix.norm.reset();
    return net;
}

namespace detail {

/// Times layers and networks on a device, see `latency_meter`.
class latency_timer {
public:
    latency_timer(const nn::timing_options& options, std::int64_t batch, const at::Device& device)
        : options_{options}, batch_{batch}, device_{device} {}

    [[nodiscard]] nn::timing operator()(const workload::latency_layer& layer) const {
        return std::visit([&](const auto& what) { return time_of_layer(what, layer.side); }, layer.what);
    }
    [[nodiscard]] nn::timing operator()(const workload::mobile_net& description) const {
        auto net = nn::without_norms(nn::empty_mobile_net(description, options()));
        for_each_tensor(net, ordinary_numbers{});
        return time_on(zeros(description.first_conv.in, description.image_size),
                       [&net](const at::Tensor& x) { return forward(net, x, nn::evaluating{}); });
    }

private:
    [[nodiscard]] at::TensorOptions options() const { return at::TensorOptions{}.dtype(at::kFloat).device(device_); }
    [[nodiscard]] at::Tensor zeros(std::int64_t channels, std::int64_t side) const { return at::zeros({batch_, channels, side, side}, options()); }
    /// What is in memory by chance may be numbers that take the processor longer.
    struct ordinary_numbers {
        void operator()(const std::string&, at::Tensor& t, bool) const { t.fill_(0.01); }
    };

    template <class Work>
    [[nodiscard]] nn::timing time_on(const at::Tensor& x, const Work& work) const {
        const c10::AutoGradMode off{false};
        at::Tensor kept;
        return nn::time_of([&] { kept = work(x); }, options_, [this] { nn::wait_for(device_); });
    }

    [[nodiscard]] nn::timing time_of_layer(const workload::conv_layer& layer, int side) const {
        auto c = empty_layer(layer, {}, options());
        c.weight.fill_(0.01);
        c.norm.reset();
        return time_on(zeros(layer.in, side), [&c](const at::Tensor& x) {
            nn::evaluating mode;
            return forward(c, x, mode);
        });
    }
    [[nodiscard]] nn::timing time_of_layer(const workload::mobile_block& layer, int side) const {
        auto block = nn::without_norms(empty_block(layer, {}, options()));
        ordinary_numbers fill;
        visit_mbconv(block, "", plain_names, fill);
        return time_on(zeros(layer.in, side), [&block](const at::Tensor& x) {
            nn::evaluating mode;
            return forward(block, x, mode);
        });
    }
    [[nodiscard]] nn::timing time_of_layer(const workload::mean_layer& layer, int side) const {
        return time_on(zeros(layer.channels, side), [](const at::Tensor& x) { return mean_of_map(x); });
    }
    [[nodiscard]] nn::timing time_of_layer(const workload::linear_layer& layer, int side) const {
        const auto weight = at::full({layer.out, layer.in}, 0.01, options()), bias = at::zeros({layer.out}, options());
        return time_on(zeros(layer.in, side),
                       [&](const at::Tensor& x) { return at::linear((layer.averages ? mean_of_map(x) : x).flatten(1), weight, bias); });
    }

    nn::timing_options options_;
    std::int64_t batch_;
    at::Device device_;
};

/// Times what a latency table has, a layer or a whole network.
template <class What>
[[nodiscard]] nn::timing latency_of(const What& what, const nn::timing_options& options, std::int64_t batch, const at::Device& device) {
    return latency_timer{options, batch, device}(what);
}
VERDANT_DEFINED_ONCE(nn::timing latency_of<>(const workload::latency_layer&, const nn::timing_options&, std::int64_t, const at::Device&));
VERDANT_DEFINED_ONCE(nn::timing latency_of<>(const workload::mobile_net&, const nn::timing_options&, std::int64_t, const at::Device&));

} // namespace detail

/// Measures layers and networks as latency tables have them: without norms and gradients, on images of zeros (once-for-all, remove_bn_in_net and
/// measure_net_latency).
/// @tparam Device where; its calls are waited for
template <device_policy Device = cpu>
class latency_meter {
public:
    /// @param batch images at a time
    /// @throws input_error if there is no such device
    explicit latency_meter(timing_options options = {}, std::int64_t batch = 1) : options_{options}, batch_{batch}, device_{Device::device()} {}

    /// Of a layer alone.
    [[nodiscard]] timing operator()(const workload::latency_layer& layer) const { return detail::latency_of(layer, options_, batch_, device_); }

    /// Of a whole network.
    [[nodiscard]] timing operator()(const workload::mobile_net& description) const {
        return detail::latency_of(description, options_, batch_, device_);
    }

private:
    timing_options options_;
    std::int64_t batch_;
    at::Device device_;
};

} // namespace verdant::nn
