#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/optim/weight_decay.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <ATen/ops/ones_like.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// RMSprop as TensorFlow computes it.
namespace verdant::nn {

/// The defaults are those with which EfficientNet and MnasNet are trained (Tan and Le, ICML 2019, section 5; timm, optim/rmsprop_tf.py).
struct rmsprop_options {
    double decay = 0.9;         ///< of the mean of squared gradients
    double momentum = 0.9;      ///< 0: none
    double epsilon = 1e-3;      ///< within the root
    double weight_decay = 1e-5; ///< added to the gradient of parameters that decay, see rmsprop::add

    using described = members<member<"decay", &rmsprop_options::decay>, member<"momentum", &rmsprop_options::momentum>,
                              member<"epsilon", &rmsprop_options::epsilon>, member<"weight_decay", &rmsprop_options::weight_decay>>;
};

/// RMSprop in TensorFlow's variant, which differs from PyTorch's in three ways: epsilon is within the root, the mean of squared gradients starts at
/// 1, and the learning rate is part of what the momentum gathers (timm, optim/rmsprop_tf.py):
///     g += weight_decay p;  s += (1 - decay) (g^2 - s);  b = momentum b + rate g / sqrt(s + epsilon);  p -= b
/// Keeps the tensors it was given and changes them in place.
class rmsprop {
public:
    /// @throws input_error for shares outside of [0, 1], an epsilon that is not positive, or a negative weight decay
    explicit rmsprop(const rmsprop_options& options = {}) : options_{options} {
        constexpr std::string_view source = "rmsprop";
        require_share(source, "decay", options.decay);
        require_share(source, "momentum", options.momentum);
        require_positive(source, "epsilon", options.epsilon);
        require_not_negative(source, "weight_decay", options.weight_decay);
    }

    /// A parameter under a name that is unique among them.
    /// @param decays whether it decays: by default it does
    template <decay_rule Rule = decay_all>
    void add(std::string name, const at::Tensor& parameter, const Rule& decays = {}) {
        const double decay = decays(std::string_view{name}, parameter.dim()) ? options_.weight_decay : 0;
        slots_.push_back({std::move(name), parameter, at::ones_like(parameter.detach()), {}, decay});
    }

    /// One step with the gradients at hand. Parameters without one stay.
    void step(double learning_rate) {
        const c10::AutoGradMode off{false};
        ++steps_;
        const auto where = slots_.empty() ? at::Device{at::kCPU} : slots_.front().parameter.device();
        thread_team::share(slots_.size(), where, [&](std::size_t i) {
            auto& s = slots_[i];
            if (!s.parameter.grad().defined()) return;
            const auto gradient = s.decay == 0 ? s.parameter.grad() : s.parameter.grad().add(s.parameter, s.decay);
            s.squares.add_(gradient.square().sub_(s.squares), 1 - options_.decay);
            auto move = gradient.div(s.squares.add(options_.epsilon).sqrt_()).mul_(learning_rate);
            if (options_.momentum > 0) {
                if (!s.moving.defined()) s.moving = at::zeros_like(move);
                move = s.moving.mul_(options_.momentum).add_(move);
            }
            s.parameter.sub_(move);
        });
    }

    /// Removes the gradients: a parameter that a step does not use stays as it is.
    void clear_gradients() {
        for (auto& s : slots_) s.parameter.mutable_grad().reset();
    }

    [[nodiscard]] std::int64_t steps() const noexcept { return steps_; }
    /// A step that counts and changes nothing.
    void leave_out() { ++steps_; }

private:
    struct slot {
        std::string name;
        at::Tensor parameter, squares, moving;
        double decay;
    };

    rmsprop_options options_;
    std::vector<slot> slots_;
    std::int64_t steps_ = 0;
};

} // namespace verdant::nn
