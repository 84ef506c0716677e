#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <c10/core/GradMode.h>

#include <cstddef>
#include <string>
#include <vector>

namespace verdant::nn {

/// The exponential moving average of a net's tensors, statistics of norms included: after each step, average = decay average + (1 - decay) net
/// (Tan and Le, ICML 2019, section 5; timm, utils/model_ema.py, ModelEmaV2). Whole numbers, such as counts of batches, are those of the net.
/// @tparam Net a net that `for_each_tensor` visits
template <class Net>
class weight_average {
public:
    /// Starts with the net's own tensors. @throws input_error unless decay is from 0 to 1
    explicit weight_average(const Net& net, double decay = 0.9999) : decay_{decay}, average_{net} {
        require_share("average of weights", "decay", decay);
        const c10::AutoGradMode off{false};
        for_each_tensor(average_, [](const std::string&, at::Tensor& t, bool) { t = t.detach().clone(); });
    }

    /// After a step of the net. @pre a net of the same shapes as the first one
    void update(const Net& net) {
        const c10::AutoGradMode off{false};
        std::vector<at::Tensor> now;
        for_each_tensor(net, [&now](const std::string&, const at::Tensor& t, bool) { now.push_back(t); });
        std::size_t next = 0;
        for_each_tensor(average_, [&](const std::string&, at::Tensor& t, bool) {
            const auto& other = now.at(next++);
            if (t.is_floating_point()) t.mul_(decay_).add_(other, 1 - decay_);
            else t.copy_(other);
        });
    }

    /// The averaged net.
    [[nodiscard]] const Net& net() const noexcept { return average_; }

private:
    double decay_;
    Net average_;
};

} // namespace verdant::nn
