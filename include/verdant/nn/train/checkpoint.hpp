#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/number_in_name.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/text/number.hpp>

#include <c10/core/GradMode.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

/// Checkpoints of a training that goes on after a kill.
namespace verdant::nn {

/// Numbers that a run cannot change when it goes on: batch size, seed, number of steps and the like.
using run_settings = std::vector<std::pair<std::string, double>>;

/// Which checkpoints are written and which stay, by OpenCLIP's options.
struct checkpoint_options {
    std::int64_t frequency = 1;   ///< epochs between checkpoints that stay
    bool most_recent = false;     ///< one after every epoch as well; it goes when the next is there
    bool delete_previous = false; ///< every checkpoint goes when the next is there
};

/// Whether training goes on behind a checkpoint or ends there.
enum class checkpoint_moment : unsigned char { under_way, at_the_end };

namespace detail {

/// Weights into the tensors that a model has, which an optimiser may share.
inline void copy_weights(nn::clip_model& to, const nn::clip_model& from) {
    const c10::AutoGradMode off{false};
    std::vector<at::Tensor> weights;
    nn::for_each_parameter(from, [&weights](const std::string&, const at::Tensor& t) { weights.push_back(t); });
    auto next = weights.begin();
    nn::for_each_parameter(to, [&next](const std::string&, at::Tensor& t) { t.copy_(*next++); });
}

/// Epochs after which a folder has weights, ascending.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::int64_t> epochs_in(const std::filesystem::path& folder) {
    std::vector<std::int64_t> out;
    std::error_code none;
    for (const auto& file : std::filesystem::directory_iterator{folder, none})
        if (const auto epoch = io::number_in_name(file.path().filename().string(), "epoch_", ".pt")) out.push_back(*epoch);
    std::sort(out.begin(), out.end());
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<std::int64_t> epochs_in<>(const std::filesystem::path&));

/// Writes both files of a checkpoint.
template <class = instantiated_when_used>
void write_checkpoint(const std::string& weights, const std::string& optimizer, std::int64_t epoch, const nn::clip_model& m,
                      const nn::adamw& optimizer_state, const nn::run_settings& settings) {
    auto training = optimizer_state.state();
    training.add("epoch", io::tensor_data::of<std::int64_t>({}, std::vector<std::int64_t>{epoch}));
    for (const auto& [name, value] : settings) training.add("run." + name, io::tensor_data::of<double>({}, std::vector<double>{value}));
    const auto state = nn::state_of(m);
    nn::require_finite(state, weights);
    nn::require_finite(training, optimizer);
    io::write_torch(optimizer, training);
    io::write_torch(weights, state);
}
VERDANT_DEFINED_ONCE(void write_checkpoint<>(const std::string&, const std::string&, std::int64_t, const nn::clip_model&, const nn::adamw&,
                                             const nn::run_settings&));

/// A checkpoint of a run with other settings.
struct other_settings : input_error {
    using input_error::input_error;
};

/// @throws other_settings
inline void compare_settings(const io::named_tensors& training, const std::string& path, const nn::run_settings& settings) {
    for (const auto& [name, value] : settings) {
        const auto* const found = training.find("run." + name);
        const auto values = found == nullptr ? std::vector<double>{} : found->to<double>();
        if (values.size() != 1 || values.front() != value)
            throw other_settings{path, name, exact_text(value) + " as in this run", values.size() == 1 ? exact_text(values.front()) : "nothing"};
    }
    for (const auto& [name, value] : training) {
        if (!name.starts_with("run.")) continue;
        const auto known = [setting = name.substr(4)](const auto& s) { return s.first == setting; };
        if (std::none_of(settings.begin(), settings.end(), known)) throw other_settings{path, name.substr(4), "nothing, as in this run", "a value"};
    }
}

/// Puts model and optimiser back to a checkpoint. @throws other_settings; error where it cannot be read, and nothing changes
template <class = instantiated_when_used>
void read_checkpoint(const std::string& weights, const std::string& optimizer, nn::clip_model& m, nn::adamw& state,
                     const nn::run_settings& settings) {
    const auto training = io::read_torch(optimizer);
    const auto found = nn::load_clip(io::read_torch(weights), nn::config_of(m), m.logit_scale.scalar_type());
    compare_settings(training, optimizer, settings);
    state.restore(training);
    copy_weights(m, found);
}
VERDANT_DEFINED_ONCE(void read_checkpoint<>(const std::string&, const std::string&, nn::clip_model&, nn::adamw&, const nn::run_settings&));

} // namespace detail

/// The checkpoints of a run, in a folder of their own: `epoch_3.pt` holds the weights after three epochs, as OpenCLIP and PyTorch read them, and
/// `epoch_3.optimizer.pt` what training needs to go on. Both appear whole or not at all, the weights last, so that a checkpoint with weights is
/// complete. Random streams need not be kept: what is drawn in an epoch follows from the seed and the epoch.
class checkpoint_folder {
public:
    explicit checkpoint_folder(std::filesystem::path folder, checkpoint_options options = {}) : folder_{std::move(folder)}, options_{options} {
        if (options_.frequency < 1) throw input_error{"checkpoints", "frequency", "at least one epoch", std::to_string(options_.frequency)};
    }

    [[nodiscard]] std::string weights(std::int64_t epoch) const { return (folder_ / ("epoch_" + std::to_string(epoch) + ".pt")).string(); }
    [[nodiscard]] std::string optimizer(std::int64_t epoch) const {
        return (folder_ / ("epoch_" + std::to_string(epoch) + ".optimizer.pt")).string();
    }

    /// Epochs after which there are weights, ascending.
    [[nodiscard]] std::vector<std::int64_t> epochs() const { return detail::epochs_in(folder_); }

    /// Writes a checkpoint after `epoch` epochs where the options ask for one, and removes those that need not stay. The one at the end of training
    /// is written and stays in any case. @throws file_error, and nonfinite_error where weights or the optimiser's moments are not finite numbers;
    /// what was there before stays then
    void save(std::int64_t epoch, const clip_model& m, const adamw& optimizer_state, const run_settings& settings = {},
              checkpoint_moment moment = checkpoint_moment::under_way) const {
        const bool stays = moment == checkpoint_moment::at_the_end || epoch % options_.frequency == 0;
        if (!stays && !options_.most_recent) return;
        const auto before = epochs();
        std::error_code failure;
        std::filesystem::create_directories(folder_, failure);
        if (failure) throw file_error{folder_.string(), "make the folder", failure.message()};
        detail::write_checkpoint(weights(epoch), optimizer(epoch), epoch, m, optimizer_state, settings);
        for (const auto old : before)
            if (old < epoch && (options_.delete_previous || (options_.most_recent && old % options_.frequency != 0))) remove(old);
    }

    /// Puts model and optimiser back to the newest checkpoint and gives its epoch, or nothing where there is none. One that cannot be read is
    /// passed over in favour of the one before, after `warn(what is wrong)`.
    /// @throws input_error if the run has other settings than the one that wrote the checkpoint
    template <std::invocable<const std::string&> Warn>
    [[nodiscard]] std::optional<std::int64_t> resume(clip_model& m, adamw& state, const run_settings& settings, const Warn& warn) const {
        const auto there = epochs();
        for (auto epoch = there.rbegin(); epoch != there.rend(); ++epoch) {
            try {
                detail::read_checkpoint(weights(*epoch), optimizer(*epoch), m, state, settings);
                return *epoch;
            } catch (const detail::other_settings& wrong) { throw input_error{wrong}; } catch (const error& wrong) {
                warn(wrong.what());
            }
        }
        return std::nullopt;
    }

    /// Removes what a process that was killed while it wrote has left.
    void remove_leftovers() const {
        std::error_code none;
        std::vector<std::filesystem::path> left;
        for (const auto& file : std::filesystem::directory_iterator{folder_, none}) {
            const auto name = file.path().filename().string();
            if (name.starts_with("epoch_") && name.find(".pt.part-") != std::string::npos) left.push_back(file.path());
        }
        for (const auto& path : left) std::filesystem::remove(path, none);
    }

private:
    // The weights go first, so that what is left is not taken for a checkpoint.
    void remove(std::int64_t epoch) const {
        std::error_code none;
        std::filesystem::remove(weights(epoch), none);
        std::filesystem::remove(optimizer(epoch), none);
    }

    std::filesystem::path folder_;
    checkpoint_options options_;
};

} // namespace verdant::nn
