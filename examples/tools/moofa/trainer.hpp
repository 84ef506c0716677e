// Trains the teacher and single phases of a supernet for `moofa train`, each from where it stopped.
#pragma once

#include "../terminal/kept_settings.hpp"
#include "../terminal/paths.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop_together.hpp"
#include "data.hpp"
#include "job.hpp"
#include "measure.hpp"
#include "models.hpp"
#include "supervision.hpp"
#include "training_facts.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/supernet/phase_checkpoints.hpp>
#include <verdant/supernet/phase_driver.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/validation_grid.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moofa {

/// Everything that does not depend on the phase.
template <class Space>
class trainer {
public:
    trainer(const job& j, const processes& all)
        : j_{j}, all_{all}, first_{all.rank() == 0}, folder_{j.needed(j.c.args.path, "args.path")},
          teacher_folder_{j.needed(j.c.args.teacher_path, "args.teacher_path")}, images_{open_images(j)},
          batches_{images_, values<typename Space::images, int>(), j, all}, judging_{images_, j} {}

    [[nodiscard]] std::int64_t classes() const { return images_.classes; }

    [[nodiscard]] supernet::shrinking_phase teacher_phase() const {
        const auto& s = j_.c.settings_of("teacher");
        const auto scaled = [this](int n) { return static_cast<int>(n * j_.o.epochs + 0.5); };
        return {supernet::shrinking_task::kernel, 1, 1, std::max(1, scaled(s.epochs)), s.learning_rate, scaled(s.warmup_epochs), s.warmup_rate, 1};
    }
    [[nodiscard]] fs::path weights_of(const supernet::shrinking_phase& p) const {
        return folder_ / "checkpoint" / ("checkpoint-" + name_of(p) + ".pth.tar");
    }
    [[nodiscard]] fs::path teacher_weights() const { return teacher_folder_ / "checkpoint" / "model_best.pth.tar"; }
    [[nodiscard]] bool teacher_is_trained() const {
        return fs::exists(teacher_weights()) && supernet::phase_checkpoints{resume_folder(teacher_folder_), "teacher"}.steps().empty();
    }

    /// The largest network by itself, in the place that it has in a supernet.
    supernet::phase_end train_teacher() {
        auto net = agreed(all_, [&] { return empty_supernet(); });
        stage s{.subnets = {true, {}}};
        for (const int size : values<typename Space::images, int>()) {
            auto a = spaces::largest_arch<Space>();
            a.image_size = size;
            s.judged.push_back({a, "R" + std::to_string(size)});
        }
        s.state = [&net] { return nn::state_of(net.extract(spaces::largest_arch<Space>())); };
        auto plan = plan_of("teacher", teacher_phase(), teacher_folder_);
        chosen_supervision criterion{supernet::learn_labels{j_.c.args.smoothing}};
        return run(net, s, std::move(plan), criterion);
    }

    /// @param before weights to start from
    supernet::phase_end train_phase(const supernet::shrinking_phase& phase, const fs::path& before) {
        auto state = agreed(all_, [&] { return std::pair{empty_supernet(), supervision()}; });
        auto& net = state.first;
        const auto candidates = supernet::candidates_of<Space>(phase);
        stage s{.subnets = {false, {phase.subnets}}, .calibrated = true, .last = weights_of(phase)};
        s.judged = supernet::validation_grid<Space>(candidates, phase.task, sizes());
        s.state = [&net] { return nn::state_of(net.weights()); };
        auto plan = plan_of(name_of(phase), phase, folder_);
        plan.start = [&] {
            // A teacher has no kernel matrices: they stay the identity.
            nn::load_state(net.weights(), vd::io::read_tensors(before.string()));
            if (j_.o.sort && phase.task == supernet::shrinking_task::expand)
                supernet::sort_channels(net.weights(), values<typename Space::expands, double>(), supernet::sorting_stage(candidates.expands.size()));
        };
        return run(net, s, std::move(plan), state.second);
    }

    /// Refuses to go on with what other settings trained. @throws input_error
    void check_teacher() const { check("teacher", teacher_phase(), teacher_folder_, teacher_is_trained()); }
    void check_phase(const supernet::shrinking_phase& p) const { check(name_of(p), p, folder_, fs::exists(weights_of(p))); }

    /// `run.config`, `net.config`, `net_info.txt`; and no other training writes to these folders while this one does.
    void begin() {
        terminal::make_folder(teacher_folder_ / "checkpoint");
        terminal::make_folder(folder_ / "checkpoint");
        for (const auto* folder : {&folder_, &teacher_folder_}) locks_.emplace_back((*folder / "checkpoint").string(), "training");
        write_facts<Space>(folder_, j_, images_, all_.size());
    }
    [[nodiscard]] const fs::path& folder() const { return folder_; }
    [[nodiscard]] const fs::path& teacher_folder() const { return teacher_folder_; }

private:
    /// Of a phase, or of the teacher's training.
    struct stage {
        chosen_subnets subnets{};
        bool calibrated = false; ///< before validation, as sub-networks need it
        fs::path last{};         ///< file for the weights at the end, where they have one of their own
        std::vector<supernet::validation_subnet<Space>> judged{};
        std::function<vd::io::named_tensors()> state{}; ///< what is written
    };

    [[nodiscard]] static fs::path settings_file(const fs::path& folder, const std::string& name) {
        return folder / "checkpoint" / (name + "_settings.txt");
    }

    /// @param trained to the end
    void check(const std::string& name, const supernet::shrinking_phase& phase, const fs::path& folder, bool trained) const {
        const bool begun = trained || !supernet::phase_checkpoints{resume_folder(folder), name}.steps().empty();
        if (begun)
            terminal::check_settings(settings_file(folder, name), with_teacher(settings_of(phase), name),
                                     "another folder args.path and args.teacher_path", {.unsaid = {"data-set", "teacher"}});
    }

    /// Of a phase that learns from the teacher: another one may have been trained into the same file meanwhile. One that is gone since tells nothing.
    [[nodiscard]] vd::run_facts with_teacher(vd::run_facts settings, const std::string& name) const {
        if (name != "teacher" && j_.c.args.distillation_ratio > 0 && fs::exists(teacher_weights()))
            settings.emplace_back("teacher", terminal::named_digest_of({teacher_weights().string()}));
        return settings;
    }

    /// All that the weights of a phase depend on. Neither threads and device nor when checkpoints are written are among it.
    [[nodiscard]] vd::run_facts settings_of(const supernet::shrinking_phase& p) const {
        const auto& a = j_.c.args;
        const auto x = [](double value) { return vd::exact_text(value); };
        const auto n = [](auto value) { return std::to_string(value); };
        return {{"args.model", a.model},
                {"args.dataset", a.dataset},
                {"training-images", n(images_.train.size())},
                {"data-set", images_.digest()},
                {"--seed", n(j_.seed())},
                {"epochs", n(p.epochs)},
                {"base_lr", x(p.learning_rate)},
                {"warmup_epochs", n(p.warmup_epochs)},
                {"warmup_lr", x(p.warmup_rate)},
                {"dynamic_batch_size", n(p.subnets)},
                {"phases-of-the-task", n(p.phases)},
                {"args.base_batch_size", n(a.batch)},
                {"processes", n(all_.size())},
                {"args.valid_size", n(a.held_out)},
                {"args.validation_frequency", n(a.validation_frequency)},
                {"args.bn_eps", x(a.norm_epsilon)},
                {"args.bn_momentum", x(a.norm_momentum)},
                {"args.distort_color", a.colours},
                {"args.resize_scale", x(a.smallest_crop)},
                {"args.dropout", x(a.dropout)},
                {"args.kd_ratio", x(a.distillation_ratio)},
                {"args.kd_type", a.distillation_loss},
                {"args.label_smoothing", x(a.smoothing)},
                {"args.model_init", a.initial},
                {"args.momentum", x(a.momentum)},
                {"args.weight_decay", x(a.weight_decay)},
                {"args.no_nesterov", a.nesterov ? "false" : "true"},
                {"--continuous-size", j_.o.continuous ? "yes" : "no"},
                {"--sort-channels", j_.o.sort ? "yes" : "no"},
                {"--calibration", n(j_.o.calibration)},
                {"--images", n(j_.o.images)}};
    }

    [[nodiscard]] static fs::path resume_folder(const fs::path& folder) { return folder / "checkpoint" / "resume"; }

    /// Sizes of validation: the published two where the space has them.
    [[nodiscard]] static std::vector<int> sizes() {
        const auto all = values<typename Space::images, int>();
        const auto has = [&all](int size) { return std::find(all.begin(), all.end(), size) != all.end(); };
        if (has(160) && has(224)) return {160, 224};
        const auto [least, greatest] = std::minmax_element(all.begin(), all.end());
        return *least == *greatest ? std::vector{*least} : std::vector{*least, *greatest};
    }

    [[nodiscard]] supernet::supernet<Space> empty_supernet() const {
        auto made = new_supernet<Space>(j_, classes());
        move_to(made.weights(), j_.o);
        return made;
    }

    /// The labels, and the trained teacher where the configuration asks for it.
    [[nodiscard]] chosen_supervision supervision() const {
        const auto& a = j_.c.args;
        const supernet::learn_labels labels{a.smoothing};
        chosen_supervision criterion{labels};
        if (a.distillation_ratio <= 0) return criterion;
        auto teacher = nn::empty_mobile_net(described<Space>(spaces::largest_arch<Space>(), j_, classes()));
        nn::load_state(teacher, vd::io::read_tensors(teacher_weights().string()));
        teacher.dropout = a.dropout;
        move_to(teacher, j_.o);
        if (a.distillation_loss == "mse") criterion.kind.template emplace<2>(std::move(teacher), a.distillation_ratio, labels);
        else criterion.kind.template emplace<1>(std::move(teacher), a.distillation_ratio, labels);
        return criterion;
    }

    [[nodiscard]] supernet::phase_plan plan_of(std::string name, const supernet::shrinking_phase& phase, const fs::path& folder) const {
        const auto& a = j_.c.args;
        return {.name = std::move(name),
                .phase = phase,
                .checkpoints = resume_folder(folder),
                .optimizer = {.momentum = a.momentum, .nesterov = a.nesterov, .weight_decay = a.weight_decay},
                .save_steps = j_.o.save_steps,
                .logs = folder / "logs",
                .log_steps = a.print_frequency,
                .nonfinite = {j_.o.skip_nonfinite},
                .validated_epochs = a.validation_frequency,
                .warn = [](const std::string& text) { std::cerr << text << "; trying the checkpoint before" << std::endl; }};
    }

    nn::image_score validate(const supernet::supernet<Space>& net, const stage& s, const std::string& name, std::int64_t epoch,
                             supernet::phase_log& log) const {
        nn::image_score mean;
        const auto add = [&](const std::string& what, const nn::image_score& score) {
            log.add(name, epoch,
                    what + " loss " + vd::rounded_text(score.loss, 5) + ", top1 " + vd::rounded_text(100 * score.top1, 5) + ", top5 " +
                        vd::rounded_text(100 * score.top5, 5));
        };
        const auto n = static_cast<double>(s.judged.size());
        for (const auto& v : s.judged) {
            const auto own = s.calibrated ? supernet::calibrated(net, v.arch, judging_.calibration) : nn::clone(net.active(v.arch));
            const auto score = judging_.validation(v.arch.image_size, [&own](const auto& range) { return nn::evaluate(own, range); });
            add(v.name, score);
            mean.loss += score.loss / n;
            mean.top1 += score.top1 / n;
            mean.top5 += score.top5 / n;
        }
        add("mean", mean);
        return mean;
    }

    /// The newest weights, and the best ones, where the original has them.
    static void keep(const fs::path& folder, const vd::io::named_tensors& state, supernet::phase_weights how) {
        const auto newest = folder / "checkpoint.pth.tar";
        vd::io::write_torch(newest.string(), state, "state_dict");
        vd::io::write_file((folder / "latest.txt").string(), newest.string() + "\n");
        if (how == supernet::phase_weights::best) vd::io::write_torch((folder / "model_best.pth.tar").string(), state, "state_dict");
    }

    static void print(const std::string& name, const supernet::phase_epoch& e) {
        std::printf("%s epoch %lld of %lld: loss %.4f, learning rate %.3g", name.c_str(), static_cast<long long>(e.epoch),
                    static_cast<long long>(e.epochs), e.loss, e.learning_rate);
        if (e.validation)
            std::printf("; validation loss %.4f, top1 %.2f, top5 %.2f", e.validation->loss, 100 * e.validation->top1, 100 * e.validation->top5);
        std::printf("\n");
        std::fflush(stdout);
    }

    /// Trains to the end of a stage, from its newest checkpoint or from its start.
    supernet::phase_end run(supernet::supernet<Space>& net, const stage& s, supernet::phase_plan plan, chosen_supervision& criterion) {
        const auto name = plan.name;
        const auto weights = plan.checkpoints.parent_path(); // where the original has them
        const auto steps = batches_.size() * (plan.phase.epochs + plan.phase.warmup_epochs);
        terminal::progress line{name, static_cast<double>(steps), first_ ? terminal::in_logs::minutes : terminal::in_logs::nothing};
        std::int64_t before = 0;
        std::optional<terminal::curves> curves;
        plan.validate = [&](std::int64_t epoch, supernet::phase_log& log) { return validate(net, s, name, epoch, log); };
        plan.keep = [&](supernet::phase_weights how) { keep(weights, s.state(), how); };
        plan.epoch_ended = [&](const supernet::phase_epoch& e) {
            line.hide();
            print(name, e);
            if (!e.validation) return;
            const auto step = e.epoch * static_cast<std::int64_t>(batches_.size());
            curves->add("validation/loss", e.validation->loss, step);
            curves->add("validation/top1", e.validation->top1, step);
            curves->add("validation/top5", e.validation->top5, step);
        };
        plan.report = [&](const supernet::shrinking_progress& p) {
            ++steps_;
            if (curves->takes(p.step)) {
                curves->add("training/loss", p.loss, p.step);
                curves->add("training/learning_rate", p.learning_rate, p.step);
            }
            line.at(static_cast<double>(p.step - before), "epoch " + std::to_string(p.epoch + 1) + ", loss " + vd::rounded_text(p.loss, 4));
            return (j_.o.stop_after > 0 && steps_ >= j_.o.stop_after) || terminal::any_asked(all_);
        };
        const auto phase = plan.phase;
        supernet::phase_driver driver{net, std::move(plan), batches_.size(),
                                      first_ ? supernet::phase_process::first : supernet::phase_process::another};
        auto optimizer = agreed(all_, [&] {
            auto o = driver.begin();
            curves.emplace(first_ ? j_.o.tensorboard : std::string{}, name, o.steps() + 1, static_cast<std::int64_t>(steps));
            if (first_) {
                terminal::make_folder(weights);
                if (o.steps() == 0) terminal::write_settings(weights / (name + "_settings.txt"), with_teacher(settings_of(phase), name));
            }
            return o;
        });
        before = optimizer.steps();
        line.skip(static_cast<double>(before));
        if (first_ && before > 0)
            std::printf("%s goes on after step %lld of %lld\n", name.c_str(), static_cast<long long>(before), static_cast<long long>(steps));
        if (driver.run(optimizer, batches_, s.subnets, criterion, batches_.mode(), all_) == supernet::phase_end::stopped)
            return supernet::phase_end::stopped;
        if (first_) {
            if (!s.last.empty()) vd::io::write_torch(s.last.string(), s.state(), "state_dict");
            driver.remove_checkpoints();
        }
        all_.barrier();
        return supernet::phase_end::finished;
    }

    const job& j_;
    const processes& all_;
    bool first_;
    fs::path folder_, teacher_folder_;
    image_sets images_;
    training_batches batches_;
    judging_batches judging_;
    std::int64_t steps_ = 0; ///< of this call
    std::vector<vd::io::detail::study_lock> locks_;
};

} // namespace moofa
