#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/optim/loss_scaler.hpp>
#include <verdant/nn/optim/weight_decay.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/text/number.hpp>

#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The optimiser AdamW.
namespace verdant::nn {

/// The defaults are OpenCLIP's for vision transformers.
struct adamw_options {
    double weight_decay = 0.2; ///< of the parameters that decay, see adamw::add
    double beta1 = 0.9;
    double beta2 = 0.98;
    double epsilon = 1e-6;
    loss_scaling scaling{}; ///< where the precision needs a scaled loss
};

namespace detail {

/// A parameter with its moments.
struct adamw_slot {
    std::string name;
    at::Tensor parameter, mean, square;
    double decay;
};

/// @param steps that are taken with this one
template <class = instantiated_when_used>
void adamw_step(std::span<adamw_slot> slots, const nn::adamw_options& o, std::int64_t steps, double learning_rate) {
    const c10::AutoGradMode off{false};
    const double count = static_cast<double>(steps);
    const double correction1 = 1 - std::pow(o.beta1, count), correction2 = std::sqrt(1 - std::pow(o.beta2, count));
    // Parameters are apart, so that any number of threads does the same. Alone, a team would not be worth forming for them.
    const auto where = slots.empty() ? at::Device{at::kCPU} : slots.front().parameter.device();
    nn::thread_team::share(slots.size(), where, [&](std::size_t i) {
        auto& s = slots[i];
        const auto gradient = s.parameter.grad();
        if (!gradient.defined()) return;
        if (s.decay != 0) s.parameter.mul_(1 - learning_rate * s.decay);
        s.mean.mul_(o.beta1).add_(gradient, 1 - o.beta1);
        s.square.mul_(o.beta2).addcmul_(gradient, gradient, 1 - o.beta2);
        s.parameter.addcdiv_(s.mean, s.square.sqrt().div_(correction2).add_(o.epsilon), -learning_rate / correction1);
    });
}
VERDANT_DEFINED_ONCE(void adamw_step<>(std::span<adamw_slot>, const nn::adamw_options&, std::int64_t, double));

template <class = instantiated_when_used>
[[nodiscard]] io::named_tensors adamw_state(std::span<const adamw_slot> slots, std::int64_t steps, const nn::loss_scaler& scaler) {
    io::named_tensors out;
    out.add("steps", io::tensor_data::of<std::int64_t>({}, std::vector<std::int64_t>{steps}));
    for (const auto& s : slots) {
        out.add("mean." + s.name, nn::to_tensor_data(s.mean));
        out.add("square." + s.name, nn::to_tensor_data(s.square));
    }
    scaler.store(out);
    return out;
}
VERDANT_DEFINED_ONCE(io::named_tensors adamw_state<>(std::span<const adamw_slot>, std::int64_t, const nn::loss_scaler&));

template <class = instantiated_when_used>
void restore_adamw(std::span<adamw_slot> slots, std::int64_t& taken, nn::loss_scaler& scaler, const io::named_tensors& state) {
    const auto source = state.source_name().empty() ? std::string{"optimiser state"} : state.source_name();
    std::vector<std::pair<at::Tensor, at::Tensor>> moments;
    for (const auto& s : slots) {
        moments.emplace_back(nn::shared_tensor(state.at("mean." + s.name)), nn::shared_tensor(state.at("square." + s.name))); // only copied from
        if (moments.back().first.sizes() != s.mean.sizes() || moments.back().second.sizes() != s.mean.sizes())
            throw input_error{source, "moments of " + s.name, "the parameter's shape", "another"};
    }
    std::size_t means = 0;
    for (const auto& [name, value] : state) means += name.starts_with("mean.") ? 1 : 0;
    if (means != slots.size())
        throw input_error{source, "", "the moments of " + std::to_string(slots.size()) + " parameters and of no others",
                          "those of " + std::to_string(means)};
    const auto steps = state.at("steps").to<std::int64_t>();
    if (steps.size() != 1 || steps.front() < 0)
        throw input_error{source, "steps", "one number of at least 0", std::to_string(steps.size()) + " numbers"};
    if (state.find("loss_scale") != nullptr) scaler.restore(state);
    taken = steps.front();
    for (std::size_t i = 0; i < slots.size(); ++i) {
        slots[i].mean.copy_(moments[i].first);
        slots[i].square.copy_(moments[i].second);
    }
}
VERDANT_DEFINED_ONCE(void restore_adamw<>(std::span<adamw_slot>, std::int64_t&, nn::loss_scaler&, const io::named_tensors&));

} // namespace detail

/// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019), as torch.optim.AdamW computes it. Keeps the tensors it was given and
/// changes them in place, so that models sharing them change too.
class adamw {
public:
    /// @throws input_error for betas outside of [0, 1), or an epsilon or weight decay that is not a number of 0 or more
    explicit adamw(const adamw_options& options = {}) : options_{options}, scaler_{options.scaling} {
        constexpr std::string_view source = "adamw";
        for (const auto& [name, beta] : {std::pair{"beta1", options.beta1}, std::pair{"beta2", options.beta2}})
            if (!(beta >= 0 && beta < 1)) throw input_error{source, name, "a number from 0 to less than 1", exact_text(beta)};
        require_not_negative(source, "epsilon", options.epsilon);
        require_not_negative(source, "weight_decay", options.weight_decay);
    }

    /// A parameter under a name that is unique among them.
    /// @param decays whether it decays: by default it does
    template <decay_rule Rule = decay_all>
    void add(std::string name, const at::Tensor& parameter, const Rule& decays = {}) {
        const double decay = decays(std::string_view{name}, parameter.dim()) ? options_.weight_decay : 0;
        slots_.push_back({std::move(name), parameter, at::zeros_like(parameter.detach()), at::zeros_like(parameter.detach()), decay});
    }

    /// One step with the gradients at hand; parameters without one stay.
    void step(double learning_rate) { detail::adamw_step(slots_, options_, ++steps_, learning_rate); }

    void clear_gradients() {
        for (auto& s : slots_) s.parameter.mutable_grad().reset();
    }

    /// Steps that were taken.
    [[nodiscard]] std::int64_t steps() const { return steps_; }
    /// Steps of training, with those that infinite gradients had left out.
    [[nodiscard]] std::int64_t trained_steps() const { return steps_ + scaler_.skipped(); }

    /// The scale of the loss in training, for precisions that need one.
    [[nodiscard]] loss_scaler& scaler() noexcept { return scaler_; }
    [[nodiscard]] const loss_scaler& scaler() const noexcept { return scaler_; }

    /// Moments, number of steps and the scale of the loss, to continue from.
    [[nodiscard]] io::named_tensors state() const { return detail::adamw_state(slots_, steps_, scaler_); }

    /// A state without a scale of the loss, as training without one used to write it, leaves that as it is.
    /// @throws input_error if the state is that of other parameters; nothing changes then
    void restore(const io::named_tensors& state) { detail::restore_adamw(slots_, steps_, scaler_, state); }

private:
    adamw_options options_;
    std::vector<detail::adamw_slot> slots_;
    loss_scaler scaler_;
    std::int64_t steps_ = 0;
};

} // namespace verdant::nn
