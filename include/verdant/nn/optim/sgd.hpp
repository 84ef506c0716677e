#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/optim/weight_decay.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Stochastic gradient descent with momentum.
namespace verdant::nn {

/// The defaults are those with which Once-for-all trains (Cai et al., ICLR 2020; train_ofa_net.py).
struct sgd_options {
    double momentum = 0.9;
    bool nesterov = true;
    double weight_decay = 3e-5; ///< of the parameters that decay, see sgd::add
};

namespace detail {

/// Whether tensors are plain numbers one after the other, which one loop can go through.
template <class... T>
[[nodiscard]] bool plain_floats(const T&... t) {
    return ((t.device().is_cpu() && t.scalar_type() == at::kFloat && t.is_contiguous()) && ...);
}

/// A step of one parameter in a single pass over its memory; five operations one after the other, which do the same, take three times as long.
/// @param begun whether the velocity has a value
inline void descend(at::Tensor& parameter, const at::Tensor& gradient, at::Tensor& velocity, bool begun, const nn::sgd_options& o, double decay,
                    double learning_rate) {
    auto* const p = parameter.data_ptr<float>();
    const auto* const g = gradient.data_ptr<float>();
    auto* const v = velocity.data_ptr<float>();
    const auto momentum = static_cast<float>(o.momentum), shrink = static_cast<float>(decay), rate = static_cast<float>(learning_rate);
    at::parallel_for(0, parameter.numel(), 1 << 15, [=, nesterov = o.nesterov](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const float towards = g[i] + shrink * p[i];
            const float speed = begun ? momentum * v[i] + towards : towards;
            v[i] = speed;
            p[i] -= rate * (nesterov ? towards + momentum * speed : speed);
        }
    });
    parameter.unsafeGetTensorImpl()->bump_version(); // so that a graph that needs the old value complains
}

/// A parameter with its velocity, which it has from its first step on.
struct sgd_slot {
    std::string name;
    at::Tensor parameter, velocity;
    double decay;
};

template <class = instantiated_when_used>
void sgd_step(std::span<sgd_slot> slots, const nn::sgd_options& o, double learning_rate) {
    const c10::AutoGradMode off{false};
    const auto where = slots.empty() ? at::Device{at::kCPU} : slots.front().parameter.device();
    nn::thread_team::share(slots.size(), where, [&](std::size_t i) {
        auto& s = slots[i];
        if (!s.parameter.grad().defined()) return;
        const bool begun = s.velocity.defined();
        if (plain_floats(s.parameter, s.parameter.grad()) && (!begun || plain_floats(s.velocity))) {
            if (!begun) s.velocity = at::empty_like(s.parameter);
            descend(s.parameter, s.parameter.grad(), s.velocity, begun, o, s.decay, learning_rate);
            return;
        }
        const auto gradient = s.decay == 0 ? s.parameter.grad() : s.parameter.grad().add(s.parameter, s.decay);
        if (begun) s.velocity.mul_(o.momentum).add_(gradient);
        else s.velocity = gradient.clone();
        s.parameter.add_(o.nesterov ? gradient.add(s.velocity, o.momentum) : s.velocity, -learning_rate);
    });
}
VERDANT_DEFINED_ONCE(void sgd_step<>(std::span<sgd_slot>, const nn::sgd_options&, double));

template <class = instantiated_when_used>
[[nodiscard]] io::named_tensors sgd_state(std::span<const sgd_slot> slots, std::int64_t steps) {
    io::named_tensors out;
    out.add("steps", io::tensor_data::of<std::int64_t>({}, std::vector<std::int64_t>{steps}));
    for (const auto& s : slots)
        if (s.velocity.defined()) out.add("velocity." + s.name, nn::to_tensor_data(s.velocity));
    return out;
}
VERDANT_DEFINED_ONCE(io::named_tensors sgd_state<>(std::span<const sgd_slot>, std::int64_t));

template <class = instantiated_when_used>
void restore_sgd(std::span<sgd_slot> slots, std::int64_t& taken, const io::named_tensors& state) {
    const std::string source = state.source_name().empty() ? "optimiser state" : state.source_name();
    std::vector<at::Tensor> velocities;
    std::size_t used = 1;
    for (const auto& s : slots) {
        const auto* const found = state.find("velocity." + s.name);
        velocities.push_back(found == nullptr ? at::Tensor{} : nn::to_tensor(*found));
        if (found == nullptr) continue;
        ++used;
        if (velocities.back().sizes() != s.parameter.sizes()) throw input_error{source, "velocity of " + s.name, "the parameter's shape", "another"};
    }
    const auto steps = state.at("steps").to<std::int64_t>();
    if (steps.size() != 1 || steps.front() < 0)
        throw input_error{source, "steps", "one number of at least 0", std::to_string(steps.size()) + " numbers"};
    if (used != state.size())
        throw input_error{source, "", "the velocities of " + std::to_string(used - 1) + " of these parameters and nothing else",
                          std::to_string(state.size() - 1) + " velocities"};
    taken = steps.front();
    for (std::size_t i = 0; i < slots.size(); ++i) {
        auto& s = slots[i];
        s.parameter.mutable_grad().reset();
        s.velocity.reset();
        if (!velocities[i].defined()) continue;
        s.velocity = velocities[i].to(s.parameter.device(), s.parameter.scalar_type());
        s.parameter.mutable_grad() = at::zeros_like(s.velocity);
    }
}
VERDANT_DEFINED_ONCE(void restore_sgd<>(std::span<sgd_slot>, std::int64_t&, const io::named_tensors&));

} // namespace detail

/// Stochastic gradient descent with momentum, as torch.optim.SGD computes it. Keeps the tensors it was given and
/// changes them in place.
class sgd {
public:
    /// @throws input_error for a momentum outside of [0, 1], or a weight decay that is not a number of 0 or more
    explicit sgd(const sgd_options& options = {}) : options_{options} {
        require_share("sgd", "momentum", options.momentum);
        require_not_negative("sgd", "weight_decay", options.weight_decay);
    }

    /// A parameter under a name that is unique among them.
    /// @param decays whether it decays: by default it does
    template <decay_rule Rule = decay_all>
    void add(std::string name, const at::Tensor& parameter, const Rule& decays = {}) {
        const double decay = decays(std::string_view{name}, parameter.dim()) ? options_.weight_decay : 0;
        slots_.push_back({std::move(name), parameter, {}, decay});
    }

    /// One step with the gradients at hand. Parameters that never had a gradient stay; those that had one before go on by their momentum.
    void step(double learning_rate) {
        ++steps_;
        detail::sgd_step(slots_, options_, learning_rate);
    }

    /// Sets the gradients at hand to zero, as `zero_grad` of PyTorch before 2.0 does: a parameter that a step does not use still moves by its
    /// momentum and decays. The published supernets were trained so.
    void zero_gradients() {
        for (auto& s : slots_)
            if (s.parameter.grad().defined()) s.parameter.mutable_grad().zero_();
    }

    /// Removes the gradients, as PyTorch does since 2.0: a parameter that a step does not use stays as it is.
    void clear_gradients() {
        for (auto& s : slots_) s.parameter.mutable_grad().reset();
    }

    [[nodiscard]] std::int64_t steps() const { return steps_; }
    /// A step that counts and changes nothing.
    void leave_out() { ++steps_; }

    /// Velocities, of the parameters that have one, and the number of steps, to continue from.
    [[nodiscard]] io::named_tensors state() const { return detail::sgd_state(slots_, steps_); }

    /// Parameters with a velocity have a gradient of zero then, as they had when the state was taken.
    /// @throws input_error if the state is that of other parameters; nothing changes then
    void restore(const io::named_tensors& state) { detail::restore_sgd(slots_, steps_, state); }

private:
    sgd_options options_;
    std::vector<detail::sgd_slot> slots_;
    std::int64_t steps_ = 0;
};

} // namespace verdant::nn
