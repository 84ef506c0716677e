#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/optim/loss_scaler.hpp>
#include <verdant/nn/optim/weight_decay.hpp>

#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
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

/// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019), as torch.optim.AdamW computes it. Keeps the tensors it was given and
/// changes them in place, so that models sharing them change too.
class adamw {
public:
    explicit adamw(const adamw_options& options = {}) : options_{options}, scaler_{options.scaling} {}

    /// A parameter under a name that is unique among them.
    /// @param decays whether it decays: by default it does
    template <decay_rule Rule = decay_all>
    void add(std::string name, const at::Tensor& parameter, const Rule& decays = {}) {
        const double decay = decays(std::string_view{name}, parameter.dim()) ? options_.weight_decay : 0;
        slots_.push_back({std::move(name), parameter, at::zeros_like(parameter.detach()), at::zeros_like(parameter.detach()), decay});
    }

    /// One step with the gradients at hand; parameters without one stay.
    void step(double learning_rate) {
        const c10::AutoGradMode off{false};
        ++steps_;
        const double count = static_cast<double>(steps_);
        const double correction1 = 1 - std::pow(options_.beta1, count), correction2 = std::sqrt(1 - std::pow(options_.beta2, count));
        // Parameters are apart, so that any number of threads does the same. Alone, a team would not be worth forming for them.
        const auto where = slots_.empty() ? at::Device{at::kCPU} : slots_.front().parameter.device();
        thread_team::share(slots_.size(), where, [&](std::size_t i) {
            auto& s = slots_[i];
            const auto gradient = s.parameter.grad();
            if (!gradient.defined()) return;
            if (s.decay != 0) s.parameter.mul_(1 - learning_rate * s.decay);
            s.mean.mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
            s.square.mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
            s.parameter.addcdiv_(s.mean, s.square.sqrt().div_(correction2).add_(options_.epsilon), -learning_rate / correction1);
        });
    }

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
    [[nodiscard]] io::named_tensors state() const {
        io::named_tensors out;
        out.add("steps", io::tensor_data::of<std::int64_t>({}, std::vector<std::int64_t>{steps_}));
        for (const auto& s : slots_) {
            out.add("mean." + s.name, to_tensor_data(s.mean));
            out.add("square." + s.name, to_tensor_data(s.square));
        }
        scaler_.store(out);
        return out;
    }

    /// A state without a scale of the loss, as training without one used to write it, leaves that as it is.
    /// @throws input_error if the state is that of other parameters; nothing changes then
    void restore(const io::named_tensors& state) {
        std::vector<std::pair<at::Tensor, at::Tensor>> moments;
        for (const auto& s : slots_) {
            moments.emplace_back(shared_tensor(state.at("mean." + s.name)), shared_tensor(state.at("square." + s.name))); // only copied from
            if (moments.back().first.sizes() != s.mean.sizes() || moments.back().second.sizes() != s.mean.sizes())
                throw input_error{state.source_name().empty() ? "optimiser state" : state.source_name(), "moments of " + s.name,
                                  "the parameter's shape", "another"};
        }
        std::size_t means = 0;
        for (const auto& [name, value] : state) means += name.starts_with("mean.") ? 1 : 0;
        if (means != slots_.size())
            throw input_error{state.source_name().empty() ? "optimiser state" : state.source_name(), "",
                              "the moments of " + std::to_string(slots_.size()) + " parameters and of no others", "those of " + std::to_string(means)};
        const auto steps = state.at("steps").to<std::int64_t>();
        if (steps.size() != 1 || steps.front() < 0)
            throw input_error{state.source_name().empty() ? "optimiser state" : state.source_name(), "steps", "one number of at least 0",
                              std::to_string(steps.size()) + " numbers"};
        if (state.find("loss_scale") != nullptr) scaler_.restore(state);
        steps_ = steps.front();
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            slots_[i].mean.copy_(moments[i].first);
            slots_[i].square.copy_(moments[i].second);
        }
    }

private:
    struct slot {
        std::string name;
        at::Tensor parameter, mean, square;
        double decay;
    };

    adamw_options options_;
    std::vector<slot> slots_;
    loss_scaler scaler_;
    std::int64_t steps_ = 0;
};

} // namespace verdant::nn
