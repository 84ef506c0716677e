#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

/// Scales losses for half precision, as PyTorch's GradScaler does.
namespace verdant::nn {

/// How the scale of a loss follows from what became of it; the defaults are those of torch.cuda.amp.GradScaler.
struct loss_scaling {
    double initial = 65536; ///< 2^16
    double growth = 2;      ///< factor after `interval` steps with finite gradients
    double backoff = 0.5;   ///< factor after a step with infinite ones
    std::int64_t interval = 2000;
};

/// The factor by which a loss is multiplied so that small gradients are no zeros in half precision (Micikevicius et al., Mixed Precision Training,
/// ICLR 2018, section 3.2). It grows as long as gradients stay finite; when they do not, the step is left out and the factor falls.
class loss_scaler {
public:
    /// @throws input_error for a scale, a factor or an interval that cannot work
    explicit loss_scaler(const loss_scaling& options = {}) : options_{options}, scale_{options.initial} {
        if (!(options.initial > 0 && std::isfinite(options.initial) && options.growth >= 1 && std::isfinite(options.growth) && options.backoff > 0 &&
              options.backoff < 1 && options.interval > 0))
            throw input_error{"loss scaling", "", "a positive scale and interval, growth of at least 1 and backoff between 0 and 1", "others"};
    }

    [[nodiscard]] double scale() const noexcept { return scale_; }
    /// Steps that were left out so far.
    [[nodiscard]] std::int64_t skipped() const noexcept { return skipped_; }

    /// After each step: whether its gradients were finite.
    void update(bool finite) {
        if (!finite) {
            // Nor vanish, where it is not the scale that makes gradients infinite.
            if (scale_ * options_.backoff >= 0x1p-100) scale_ *= options_.backoff;
            finite_ = 0;
            ++skipped_;
        } else if (++finite_ == options_.interval) {
            // In 32 bits a scale may not overflow.
            if (scale_ * options_.growth <= 0x1p127) scale_ *= options_.growth;
            finite_ = 0;
        }
    }

    /// A step that was left out for another reason than its scale, which stays.
    void leave_out() { ++skipped_; }

    /// Adds what is needed to continue under names that begin with `loss_scale`.
    void store(io::named_tensors& state) const {
        state.add("loss_scale", io::tensor_data::of<double>({}, std::vector<double>{scale_}));
        state.add("loss_scale.steps", io::tensor_data::of<std::int64_t>({2}, std::vector<std::int64_t>{finite_, skipped_}));
    }

    /// @throws input_error if the state holds no such numbers; nothing changes then
    void restore(const io::named_tensors& state) {
        const auto scale = state.at("loss_scale").to<double>();
        const auto steps = state.at("loss_scale.steps").to<std::int64_t>();
        if (scale.size() != 1 || !(scale[0] > 0) || !std::isfinite(scale[0]) || steps.size() != 2 || steps[0] < 0 || steps[1] < 0)
            throw input_error{state.source_name().empty() ? "optimiser state" : state.source_name(), "loss_scale", "a positive scale and two counts",
                              "others"};
        scale_ = scale[0];
        finite_ = steps[0];
        skipped_ = steps[1];
    }

private:
    loss_scaling options_;
    double scale_;
    std::int64_t finite_ = 0, skipped_ = 0;
};

} // namespace verdant::nn
