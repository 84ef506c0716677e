#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/number_in_name.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/optim/sgd.hpp>
#include <verdant/nn/train/nonfinite.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace verdant::supernet {

namespace detail {

/// Steps of a phase after which a folder has weights, ascending.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::int64_t> steps_in(const std::filesystem::path& folder, const std::string& phase) {
    std::vector<std::int64_t> out;
    std::error_code none;
    for (const auto& file : std::filesystem::directory_iterator{folder, none})
        if (const auto step = io::number_in_name(file.path().filename().string(), phase + "-", ".pt")) out.push_back(*step);
    std::sort(out.begin(), out.end());
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<std::int64_t> steps_in<>(const std::filesystem::path&, const std::string&));

} // namespace detail

/// The checkpoints of one phase of training, in a folder: `expand_1-1200.pt` holds the weights after 1200 steps under the published names, as PyTorch
/// reads them, and `expand_1-1200.optimizer.pt` what training needs to go on. Both appear whole or not at all, the weights last; older ones of the
/// phase go then. What is drawn in a step follows from its number, so that `train_phase` goes on exactly.
class phase_checkpoints {
public:
    /// @param phase such as `expand_1`
    phase_checkpoints(std::filesystem::path folder, std::string phase) : folder_{std::move(folder)}, phase_{std::move(phase)} {}

    [[nodiscard]] std::string weights(std::int64_t step) const { return (folder_ / (stem(step) + ".pt")).string(); }
    [[nodiscard]] std::string optimizer(std::int64_t step) const { return (folder_ / (stem(step) + ".optimizer.pt")).string(); }

    /// Steps after which there are weights, ascending.
    [[nodiscard]] std::vector<std::int64_t> steps() const { return verdant::supernet::detail::steps_in(folder_, phase_); }

    /// Writes a checkpoint of the optimiser's number of steps. @throws file_error, and nonfinite_error where weights or velocities are not finite
    /// numbers; what was there before stays then
    template <nn::convolutional_net Net>
    void save(const Net& net, const nn::sgd& optimizer_state) const {
        const auto before = steps();
        const auto step = optimizer_state.steps();
        std::error_code failure;
        std::filesystem::create_directories(folder_, failure);
        if (failure) throw file_error{folder_.string(), "make the folder", failure.message()};
        const auto training = optimizer_state.state(), state = nn::state_of(net);
        nn::require_finite(state, weights(step));
        nn::require_finite(training, optimizer(step));
        io::write_torch(optimizer(step), training);
        io::write_torch(weights(step), state);
        for (const auto old : before)
            if (old != step) remove(old);
    }

    /// Puts net and optimiser back to the newest checkpoint, if there is one. One that cannot be read is passed over in favour of the one before,
    /// after `warn(what is wrong)`. @return whether there was one
    template <nn::convolutional_net Net, std::invocable<const std::string&> Warn>
    [[nodiscard]] bool resume(Net& net, nn::sgd& optimizer_state, const Warn& warn) const {
        const auto there = steps();
        for (auto step = there.rbegin(); step != there.rend(); ++step) {
            try {
                const auto state = io::read_torch(weights(*step));
                const auto training = io::read_torch(optimizer(*step));
                auto tried = nn::clone(net);
                nn::load_state(tried, state, nn::may_lack::nothing);
                optimizer_state.restore(training);
                nn::load_state(net, state, nn::may_lack::nothing);
                return true;
            } catch (const error& wrong) { warn(wrong.what()); }
        }
        return false;
    }

private:
    [[nodiscard]] std::string stem(std::int64_t step) const { return phase_ + "-" + std::to_string(step); }

    // The weights go first, so that what is left is not taken for a checkpoint.
    void remove(std::int64_t step) const {
        std::error_code none;
        std::filesystem::remove(weights(step), none);
        std::filesystem::remove(optimizer(step), none);
    }

    std::filesystem::path folder_;
    std::string phase_;
};

} // namespace verdant::supernet
