#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/weights/finite_tensors.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace verdant::nn {

/// Training met a loss, gradients or weights that are not finite numbers, of which nothing good comes. The text names epoch and step, or the tensor.
class nonfinite_error : public error {
public:
    using error::error;
};

/// What training does with a step whose loss or gradients are not finite: it stops before the weights are changed, or leaves the step out.
struct nonfinite_steps {
    std::int64_t left_out = 0; ///< so many in a row are left out before training stops; 0 to stop at the first one
};

/// Counts such steps.
class nonfinite_guard {
public:
    /// @throws input_error for a negative number
    explicit nonfinite_guard(const nonfinite_steps& allowed = {}) : allowed_{allowed.left_out} {
        if (allowed_ < 0) throw input_error{"training", "steps that may be left out in a row", "a number of at least 0", std::to_string(allowed_)};
    }

    /// What became of a step. @param loss of the step @param gradients whether all of them are finite @param step, epoch from 0
    /// @return whether the step is to be taken @throws nonfinite_error where training is to stop
    bool takes(double loss, bool gradients, std::int64_t step, std::int64_t epoch) {
        if (std::isfinite(loss) && gradients) {
            in_a_row_ = 0;
            return true;
        }
        if (++in_a_row_ <= allowed_) return false;
        const std::string what = std::isfinite(loss) ? "gradients are not finite"
                                 : std::isnan(loss)  ? "the loss is not a number"
                                                     : "the loss is infinite";
        throw nonfinite_error{"training stops in epoch " + std::to_string(epoch + 1) + " at step " + std::to_string(step + 1) + ", where " + what +
                              (allowed_ > 0 ? ", as in the " + std::to_string(allowed_) + " steps before it" : "") +
                              "; lower the learning rate, shorten the gradients, or leave such steps out"};
    }

private:
    std::int64_t allowed_, in_a_row_ = 0;
};

namespace detail {

/// So many scales of the loss in a row may be too large: each is half of the one before, from 2^16 to far below what any loss needs.
inline constexpr nn::nonfinite_steps scales_in_a_row{100};

} // namespace detail

/// Refuses weights that are about to be written and are of no use. @param what they are, for the error @throws nonfinite_error naming the first
/// tensor
inline void require_finite(const io::named_tensors& state, std::string_view what) {
    if (const auto name = io::first_not_finite(state))
        throw nonfinite_error{std::string{what} + " is not written, since tensor " + *name +
                              " holds numbers that are not finite; lower the learning rate"};
}

} // namespace verdant::nn
