#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/optim/sgd.hpp>
#include <verdant/nn/processes/communicator.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/report/report.hpp>
#include <verdant/supernet/best_score.hpp>
#include <verdant/supernet/phase_checkpoints.hpp>
#include <verdant/supernet/phase_log.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/supernet/shrinking_phase.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>

#include <c10/core/GradMode.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

/// Drives training in phases: validates, keeps the best, logs, checkpoints.
namespace verdant::supernet {

/// How a phase came out of an epoch.
struct phase_epoch {
    std::int64_t epoch = 0, epochs = 0; ///< the epoch, from 1, and how many there are
    double loss = 0;                    ///< mean over the steps that this process has taken of it; not a number where all were left out
    double learning_rate = 0;           ///< of its last step
    std::optional<nn::image_score> validation{}; ///< where the epoch was validated
};

/// How weights were validated against the earlier ones of the same phase: with a higher `top1` than all, or not.
enum class phase_weights : unsigned char { best, no_better };

/// Which process drives a phase: the first one, which alone writes and validates, or another, which only trains.
enum class phase_process : unsigned char { first, another };

/// What is done around the steps of a phase. Functions may be empty. All but `start` and `report` are called in the first process only.
struct phase_plan {
    std::string name;        ///< such as `expand_1`: of checkpoints and in logs
    shrinking_phase phase{}; ///< how it is trained
    std::filesystem::path checkpoints{}; ///< folder of what training goes on from: see `phase_checkpoints`
    nn::sgd_options optimizer{};
    std::int64_t save_steps = 0;        ///< checkpoints after every so many steps too, 0 for those at the ends of epochs alone
    std::chrono::seconds save_time{0};  ///< likewise after so much time
    std::filesystem::path logs{};       ///< folder of `train_console.txt` and `valid_console.txt`; without it nothing is logged
    std::int64_t log_steps = 10;        ///< steps between lines of the log, at least 1
    nn::nonfinite_steps nonfinite{};    ///< steps whose losses or gradients are not finite numbers stop training, by default
    std::int64_t validated_epochs = 1;  ///< epochs between validations, at least 1; the last one is always validated
    std::function<void()> start{};      ///< called without gradients where there is no checkpoint to go on from
    std::function<nn::image_score(std::int64_t epoch, phase_log& log)> validate{}; ///< lines may be added to the log of validations
    std::function<void(phase_weights)> keep{}; ///< writes weights after a validation
    std::function<void(const phase_epoch&)> epoch_ended{};
    std::function<bool(const shrinking_progress&)> report{};  ///< after every step; true ends training after it, to go on later
    std::function<void(const std::string&)> warn{}; ///< told what is wrong with a checkpoint that is passed over
};

/// Whether a phase was trained to its end.
enum class phase_end : unsigned char { finished, stopped };

/// Drives one phase of progressive shrinking as programs do: goes on from its newest checkpoint, trains, validates at the ends of epochs, keeps the
/// best weights, writes logs and checkpoints. Stopped or killed at any time and started again, it ends with the same weights and the same logs.
/// `begin`, where files may be wrong, comes apart from `run`, so that processes can agree on it first (`nn::agreed`).
/// @tparam Supernet see `supernet`, or what has `weights()` and `active(arch)` as it does
template <class Supernet>
class phase_driver {
public:
    /// @param net      trained in place; outlives the driver
    /// @param per_epoch steps of an epoch, at least 1 @param process which of several this is
    /// @throws input_error for a plan that cannot be followed: see `check_phase`, and numbers of steps and epochs below 1
    phase_driver(Supernet& net, phase_plan plan, std::int64_t per_epoch, phase_process process = phase_process::first)
        : net_{net}, plan_{std::move(plan)}, per_epoch_{per_epoch}, first_{process == phase_process::first},
          checkpoints_{plan_.checkpoints, plan_.name} {
        check_phase(plan_.phase);
        require_one("steps of an epoch", per_epoch_);
        require_one("log_steps", plan_.log_steps);
        require_one("validated_epochs", plan_.validated_epochs);
    }

    /// All steps of the phase.
    [[nodiscard]] std::int64_t steps() const { return per_epoch_ * (std::int64_t{plan_.phase.epochs} + plan_.phase.warmup_epochs); }

    /// The optimiser that `run` takes: with the weights as the newest checkpoint has them, else as `start` makes them.
    /// @throws input_error where the checkpoint is of a longer phase; file_error
    [[nodiscard]] nn::sgd begin() {
        auto optimizer = optimizer_of(net_.weights(), plan_.optimizer);
        const bool resumed = checkpoints_.resume(net_.weights(), optimizer, [this](const std::string& text) {
            if (first_ && plan_.warn) plan_.warn(text);
        });
        if (!resumed && plan_.start) {
            const c10::AutoGradMode off{false};
            plan_.start();
        }
        if (optimizer.steps() > steps())
            throw input_error{plan_.checkpoints.string(), plan_.name, "at most " + std::to_string(steps()) + " steps",
                              std::to_string(optimizer.steps()) + ", from a run with other settings"};
        if (first_ && !plan_.logs.empty()) {
            make_folder(plan_.logs);
            trained_ = phase_log{plan_.logs / "train_console.txt"};
            validated_ = phase_log{plan_.logs / "valid_console.txt"};
            for (auto* log : {&trained_, &validated_}) log->rewind(plan_.name, optimizer.steps() / per_epoch_, optimizer.steps());
        }
        return optimizer;
    }

    /// Trains from the optimiser's step to the end of the phase, or until `report` asks to stop. The other parameters are those of `train_phase`.
    /// @throws what validation and the writing of files throw; nonfinite_error, see `train_phase` and `phase_checkpoints::save`
    template <image_source Source, subnet_sampling<typename Supernet::space_type> Sampling, supervision Supervision,
              std::derived_from<nn::training> Mode = nn::training, nn::communicator Processes = nn::single_process>
    phase_end run(nn::sgd& optimizer, const Source& source, const Sampling& sampling, Supervision& criterion, Mode mode = Mode{},
                  const Processes& processes = {}) {
        losses_ = 0, counted_ = 0;
        saved_ = std::chrono::steady_clock::now();
        try {
            train_phase(
                net_, optimizer, plan_.phase, source, sampling, criterion,
                [&](const shrinking_progress& p) {
                    const bool stop = plan_.report && plan_.report(p);
                    if (first_) after_step(p, optimizer, stop);
                    if (p.epoch_done) processes.barrier();
                    if (stop && p.step < steps()) throw stopped{};
                },
                mode, processes, plan_.nonfinite);
        } catch (const stopped&) { return phase_end::stopped; }
        return phase_end::finished;
    }

    /// Removes the checkpoints of the phase and the record of its best weights, for one whose weights were written elsewhere.
    void remove_checkpoints() const {
        std::error_code none;
        std::filesystem::remove(best_file(), none);
        for (const auto step : checkpoints_.steps()) {
            std::filesystem::remove(checkpoints_.weights(step), none);
            std::filesystem::remove(checkpoints_.optimizer(step), none);
        }
    }

private:
    struct stopped {};

    void require_one(const char* what, std::int64_t number) const {
        if (number < 1) throw input_error{"phase " + plan_.name, what, "at least 1", std::to_string(number)};
    }

    static void make_folder(const std::filesystem::path& folder) {
        std::error_code failure;
        std::filesystem::create_directories(folder, failure);
        if (failure) throw file_error{folder.string(), "make the folder", failure.message()};
    }

    void after_step(const shrinking_progress& p, const nn::sgd& optimizer, bool stop) {
        if (!p.skipped) {
            losses_ += p.loss;
            ++counted_;
        }
        if (p.step % plan_.log_steps == 0)
            trained_.add(plan_.name, p.epoch + 1,
                         "step " + std::to_string(p.step) + " of " + std::to_string(steps()) + ", loss " + rounded_text(p.loss, 5) +
                             ", learning rate " + rounded_text(p.learning_rate, 4));
        if (p.epoch_done) {
            // Before anything is judged by such weights, or written over good ones.
            nn::require_finite(nn::state_of(net_.weights()), "a checkpoint of " + plan_.name);
            end_epoch(p);
        }
        const auto now = std::chrono::steady_clock::now();
        const bool due = (plan_.save_steps > 0 && p.step % plan_.save_steps == 0) ||
                         (plan_.save_time > std::chrono::seconds{0} && now - saved_ >= plan_.save_time);
        if (!p.epoch_done && !stop && !due) return;
        saved_ = now;
        trained_.write();
        validated_.write();
        checkpoints_.save(net_.weights(), optimizer);
    }

    void end_epoch(const shrinking_progress& p) {
        const auto epoch = p.epoch + 1, epochs = steps() / per_epoch_;
        phase_epoch told{epoch, epochs, counted_ == 0 ? std::numeric_limits<double>::quiet_NaN() : losses_ / static_cast<double>(counted_),
                         p.learning_rate};
        losses_ = 0, counted_ = 0;
        if (plan_.validate && (epoch % plan_.validated_epochs == 0 || epoch == epochs)) {
            told.validation = plan_.validate(epoch, validated_);
            keep_weights(told.validation->top1);
        }
        if (plan_.epoch_ended) plan_.epoch_ended(told);
    }

    void keep_weights(double top1) const {
        if (!plan_.keep) return;
        const auto file = best_file();
        const double before = verdant::supernet::detail::best_score_in(file);
        plan_.keep(top1 > before ? phase_weights::best : phase_weights::no_better);
        if (!(top1 > before)) return; // nor is what is not a number the best
        make_folder(file.parent_path());
        io::write_file(file.string(), exact_text(top1) + "\n");
    }

    /// The highest `top1` of the phase, which is known after a restart too.
    [[nodiscard]] std::filesystem::path best_file() const { return plan_.checkpoints / (plan_.name + ".best"); }

    Supernet& net_;
    phase_plan plan_;
    std::int64_t per_epoch_;
    bool first_;
    phase_checkpoints checkpoints_;
    phase_log trained_, validated_;
    double losses_ = 0;
    std::int64_t counted_ = 0;
    std::chrono::steady_clock::time_point saved_;
};

} // namespace verdant::supernet
