// `moofa train`: a teacher, then all phases of progressive shrinking.
#pragma once

#include "data.hpp"
#include "job.hpp"
#include "measure.hpp"

#include <verdant/io/atomic_file.hpp>
#include <verdant/io/json.hpp>
#include <verdant/io/named_tensors.hpp>
#include <verdant/io/read_file.hpp>
#include <verdant/io/tensor_file.hpp>
#include <verdant/io/torch_writer.hpp>
#include <verdant/nn/evaluate_images.hpp>
#include <verdant/nn/net_state.hpp>
#include <verdant/search/study_lock.hpp>
#include <verdant/supernet/moofa_config.hpp>
#include <verdant/supernet/phase_checkpoints.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>
#include <verdant/supernet/validation_grid.hpp>
#include <verdant/workload/layer_text.hpp>
#include <verdant/workload/mobile_net_json.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace moofa {

/// Lines of a log, each of which begins with its phase and epoch, so that those of what is trained once more go.
class training_log {
public:
    training_log(const fs::path& file, bool written) : file_{file.string()}, written_{written} {
        if (!written_ || !fs::exists(file)) return;
        const auto text = vd::io::read_file(file_);
        for (std::size_t from = 0; from < text.size();) {
            const auto end = std::min(text.find('\n', from), text.size());
            lines_.push_back(text.substr(from, end - from));
            from = end + 1;
        }
    }
    /// Forgets what a phase has after so many epochs, or, in lines that name a step, after so many steps.
    void rewind(const std::string& phase, std::int64_t epochs, std::int64_t steps) {
        std::erase_if(lines_, [&](const std::string& line) {
            const auto start = phase + " epoch ";
            if (!line.starts_with(start)) return false;
            constexpr std::string_view step = ": step ";
            if (const auto at = line.find(step); at != line.npos) return std::atoll(line.c_str() + at + step.size()) > steps;
            return std::atoll(line.c_str() + start.size()) > epochs;
        });
    }
    void add(const std::string& phase, std::int64_t epoch, const std::string& text) {
        lines_.push_back(phase + " epoch " + std::to_string(epoch) + ": " + text);
    }
    void write() const {
        if (!written_) return;
        std::string text;
        for (const auto& line : lines_) text += line + '\n';
        vd::io::write_file(file_, text);
    }

private:
    std::string file_;
    bool written_;
    std::vector<std::string> lines_;
};

/// The sub-networks of a step: those that the originals draw, or, for the teacher, the largest one alone.
struct chosen_subnets {
    bool largest;
    supernet::published_subnets drawn;

    template <class Space>
    std::vector<typename Space::arch_type> operator()(std::type_identity<Space> space, std::int64_t step,
                                                      const supernet::shrinking_candidates& c) const {
        if (largest) return {spaces::largest_arch<Space>()};
        return drawn(space, step, c);
    }
};

/// The labels, and a teacher where the configuration asks for one.
struct chosen_supervision {
    std::variant<supernet::learn_labels, supernet::distil_teacher<nn::mobile_net, nn::distil_distribution>,
                 supernet::distil_teacher<nn::mobile_net, nn::distil_logits>>
        kind;
    void begin(const nn::labelled_images& batch) {
        std::visit([&](auto& s) { s.begin(batch); }, kind);
    }
    at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels, std::int64_t k) {
        return std::visit([&](auto& s) { return s(logits, labels, k); }, kind);
    }
};

/// Training ends here and goes on with the next call.
struct stopped {};

/// Everything that does not depend on the phase.
template <class Space>
class trainer {
public:
    trainer(const job& j, const processes& all)
        : j_{j}, all_{all}, first_{all.rank() == 0}, folder_{j.needed(j.c.args.path, "args.path")},
          teacher_folder_{j.needed(j.c.args.teacher_path, "args.teacher_path")}, images_{open_images(j)},
          batches_{images_, values<typename Space::images, int>(), j, all}, judging_{images_, j} {}

    [[nodiscard]] std::int64_t classes() const { return images_.classes; }
    [[nodiscard]] std::int64_t steps_of(const supernet::shrinking_phase& p) const { return batches_.size() * (p.epochs + p.warmup_epochs); }

    [[nodiscard]] supernet::shrinking_phase teacher_phase() const {
        const auto& s = j_.c.settings_of("teacher");
        const auto scaled = [this](int n) { return static_cast<int>(n * j_.o.epochs + 0.5); };
        return {supernet::shrinking_task::kernel, 1, 1, std::max(1, scaled(s.epochs)), s.learning_rate, scaled(s.warmup_epochs), s.warmup_rate, 1};
    }
    [[nodiscard]] fs::path weights_of(const supernet::shrinking_phase& p) const {
        return folder_ / "checkpoint" / ("checkpoint-" + name_of(p) + ".pth.tar");
    }
    [[nodiscard]] fs::path teacher_weights() const { return teacher_folder_ / "checkpoint" / "model_best.pth.tar"; }
    [[nodiscard]] bool teacher_is_trained() const { return fs::exists(teacher_weights()) && resumable(teacher_folder_, "teacher").steps().empty(); }

    /// The largest network by itself, in the place that it has in a supernet.
    void train_teacher() {
        auto net = agreed(all_, [&] {
            auto made = new_supernet<Space>(j_, classes());
            move_to(made.weights(), j_.o);
            return made;
        });
        stage s{.name = "teacher", .folder = teacher_folder_, .phase = teacher_phase(), .subnets = {true, {}}};
        for (const int size : values<typename Space::images, int>()) {
            auto a = spaces::largest_arch<Space>();
            a.image_size = size;
            s.judged.push_back({a, "R" + std::to_string(size)});
        }
        s.state = [&net] { return nn::state_of(net.extract(spaces::largest_arch<Space>())); };
        chosen_supervision teaching{supernet::learn_labels{j_.c.args.smoothing}};
        run(net, s, teaching);
    }

    /// @param before weights to start from
    void train_phase(const supernet::shrinking_phase& phase, const fs::path& before) {
        auto state = agreed(all_, [&] {
            auto net = new_supernet<Space>(j_, classes());
            move_to(net.weights(), j_.o);
            chosen_supervision teaching{supernet::learn_labels{j_.c.args.smoothing}};
            const auto& a = j_.c.args;
            if (a.teaching_ratio > 0) {
                auto teacher = nn::empty_mobile_net(described<Space>(spaces::largest_arch<Space>(), j_, classes()));
                if (const auto missing = nn::load_state(teacher, vd::io::read_tensors(teacher_weights().string())); !missing.empty())
                    throw vd::input_error{teacher_weights().string(), "", "a tensor named " + missing.front(), "none"};
                teacher.dropout = j_.c.args.dropout;
                move_to(teacher, j_.o);
                const supernet::learn_labels labels{a.smoothing};
                if (a.teaching == "mse") teaching.kind.template emplace<2>(std::move(teacher), a.teaching_ratio, labels);
                else teaching.kind.template emplace<1>(std::move(teacher), a.teaching_ratio, labels);
            }
            return std::pair{std::move(net), std::move(teaching)};
        });
        auto& net = state.first;
        const auto candidates = supernet::candidates_of<Space>(phase);
        stage s{.name = name_of(phase),
                .folder = folder_,
                .phase = phase,
                .subnets = {false, {phase.subnets}},
                .calibrated = true,
                .last = weights_of(phase)};
        s.judged = supernet::validation_grid<Space>(candidates, phase.task, sizes());
        s.start = [&] {
            nn::load_state(net.weights(), vd::io::read_tensors(before.string()));
            if (j_.o.sort && phase.task == supernet::shrinking_task::expand)
                supernet::sort_channels(net.weights(), values<typename Space::expands, double>(), supernet::sorting_stage(candidates.expands.size()));
        };
        s.state = [&net] { return nn::state_of(net.weights()); };
        run(net, s, state.second);
    }

    /// `run.config`, `net.config`, `net_info.txt`; and no other training writes to these folders while this one does.
    void begin() {
        make_folder(teacher_folder_ / "checkpoint");
        make_folder(folder_ / "checkpoint");
        for (const auto* folder : {&folder_, &teacher_folder_}) locks_.emplace_back((*folder / "checkpoint").string(), "training");
        write_facts(folder_);
    }
    [[nodiscard]] const fs::path& folder() const { return folder_; }
    [[nodiscard]] const fs::path& teacher_folder() const { return teacher_folder_; }

private:
    void write_facts(const fs::path& folder) const {
        const auto largest = described<Space>(spaces::largest_arch<Space>(), j_, classes());
        const auto& a = j_.c.args;
        nlohmann::ordered_json run{{"model", a.model},
                                   {"dataset", a.dataset},
                                   {"n_classes", classes()},
                                   {"train_images", images_.train.size()},
                                   {"valid_images", images_.validation.size()},
                                   {"train_batch_size", a.batch},
                                   {"test_batch_size", a.test_batch},
                                   {"n_workers", all_.size()},
                                   {"opt_type", "sgd"},
                                   {"opt_param", {{"momentum", a.momentum}, {"nesterov", a.nesterov}}},
                                   {"weight_decay", a.weight_decay},
                                   {"label_smoothing", a.smoothing},
                                   {"no_decay_keys", "bn#bias"},
                                   {"lr_schedule_type", "cosine"},
                                   {"model_init", a.initial},
                                   {"manual_seed", j_.seed()},
                                   {"distort_color", a.colours},
                                   {"resize_scale", a.smallest_crop},
                                   {"image_size", values<typename Space::images, int>()},
                                   {"kd_ratio", a.teaching_ratio},
                                   {"kd_type", a.teaching}};
        const auto cost = vd::workload::cost_of(largest);
        std::string text = "largest network at " + std::to_string(largest.image_size) + " pixels: " + std::to_string(cost.parameters) +
                           " parameters, " + vd::rounded_text(static_cast<double>(cost.macs) / 1e6, 6) + " M multiply-accumulates, peak memory " +
                           std::to_string(cost.peak) + " elements\n";
        for (const auto& line : vd::workload::layer_texts(largest)) text += line + '\n';
        make_folder(folder / "logs");
        vd::io::write_json((folder / "run.config").string(), run, 4);
        vd::io::write_json((folder / "net.config").string(), vd::workload::to_json(largest, a.dropout), 4);
        vd::io::write_file((folder / "net_info.txt").string(), text);
    }
    [[nodiscard]] static supernet::phase_checkpoints resumable(const fs::path& folder, const std::string& name) {
        return {folder / "checkpoint" / "resume", name};
    }

    /// Sizes of validation: the published two where the space has them.
    [[nodiscard]] static std::vector<int> sizes() {
        const auto all = values<typename Space::images, int>();
        const auto has = [&all](int size) { return std::find(all.begin(), all.end(), size) != all.end(); };
        if (has(160) && has(224)) return {160, 224};
        const auto [least, greatest] = std::minmax_element(all.begin(), all.end());
        return *least == *greatest ? std::vector{*least} : std::vector{*least, *greatest};
    }

    /// A phase, or the teacher's training.
    struct stage {
        std::string name{};
        fs::path folder{};
        supernet::shrinking_phase phase{};
        chosen_subnets subnets{};
        bool calibrated = false; ///< before validation, as sub-networks need it
        fs::path last{};         ///< file for the weights at the end, where they have one of their own
        std::vector<supernet::validation_subnet<Space>> judged{};
        std::function<void()> start{}; ///< where there is no checkpoint to go on from
        std::function<vd::io::named_tensors()> state{}; ///< what is written
    };

    nn::image_score validate(const supernet::supernet<Space>& net, const stage& s, std::int64_t epoch, training_log& log) const {
        nn::image_score mean;
        const auto n = static_cast<double>(s.judged.size());
        for (const auto& v : s.judged) {
            const auto own = s.calibrated ? calibrated(net, v.arch, judging_) : nn::clone(net.active(v.arch));
            const auto score = judging_.validation(v.arch.image_size, [&own](const auto& range) { return nn::evaluate(own, range); });
            log.add(s.name, epoch,
                    v.name + " loss " + vd::rounded_text(score.loss, 5) + ", top1 " + vd::rounded_text(100 * score.top1, 5) + ", top5 " +
                        vd::rounded_text(100 * score.top5, 5));
            mean.loss += score.loss / n;
            mean.top1 += score.top1 / n;
            mean.top5 += score.top5 / n;
        }
        log.add(s.name, epoch,
                "mean loss " + vd::rounded_text(mean.loss, 5) + ", top1 " + vd::rounded_text(100 * mean.top1, 5) + ", top5 " +
                    vd::rounded_text(100 * mean.top5, 5));
        return mean;
    }

    [[nodiscard]] static double best_before(const fs::path& file) {
        return fs::exists(file) ? std::atof(vd::io::read_file(file.string()).c_str()) : -1;
    }

    /// Trains to the end of a stage, from its newest checkpoint or from its start.
    void run(supernet::supernet<Space>& net, const stage& s, chosen_supervision& teaching) {
        const auto& [name, folder, phase] = std::tie(s.name, s.folder, s.phase);
        const auto checkpoints = resumable(folder, name);
        const auto& a = j_.c.args;
        auto optimizer = agreed(all_, [&] {
            auto o = supernet::optimizer_of(net.weights(), {.momentum = a.momentum, .nesterov = a.nesterov, .weight_decay = a.weight_decay});
            const bool resumed = checkpoints.resume(net.weights(), o, [this](const std::string& text) {
                if (first_) std::cerr << text << "; trying the checkpoint before" << std::endl;
            });
            if (!resumed && s.start) {
                const c10::AutoGradMode off{false};
                s.start();
            }
            if (o.steps() > steps_of(phase))
                throw vd::input_error{(folder / "checkpoint" / "resume").string(), name, "at most " + std::to_string(steps_of(phase)) + " steps",
                                      std::to_string(o.steps()) + ", from a run with other settings"};
            if (first_) make_folder(folder / "checkpoint"), make_folder(folder / "logs");
            return o;
        });
        const auto per_epoch = batches_.size(), all_steps = steps_of(phase), epochs = all_steps / per_epoch, before = optimizer.steps();
        training_log trained{folder / "logs" / "train_console.txt", first_}, validated{folder / "logs" / "valid_console.txt", first_};
        for (auto* log : {&trained, &validated}) log->rewind(name, before / per_epoch, before);
        if (first_ && before > 0)
            std::printf("%s goes on after step %lld of %lld\n", name.c_str(), static_cast<long long>(before), static_cast<long long>(all_steps));
        const auto best_file = folder / "checkpoint" / "resume" / (name + ".best");
        progress line{first_};
        double losses = 0;
        std::int64_t counted = 0;
        supernet::train_phase(
            net, optimizer, phase, batches_, s.subnets, teaching,
            [&](const supernet::shrinking_progress& p) {
                const auto epoch = p.epoch + 1;
                losses += p.loss;
                ++counted;
                ++steps_;
                const bool stop = (j_.o.stop_after > 0 && steps_ >= j_.o.stop_after) || (all_.size() == 1 && stop_asked);
                if (first_) {
                    line.show(name + ", epoch " + std::to_string(epoch) + " of " + std::to_string(epochs) + ", step " + std::to_string(p.step) +
                                  " of " + std::to_string(all_steps) + ", loss " + vd::rounded_text(p.loss, 4),
                              p.step - before, all_steps - before);
                    if (p.step % a.print_frequency == 0)
                        trained.add(name, epoch,
                                    "step " + std::to_string(p.step) + " of " + std::to_string(all_steps) + ", loss " + vd::rounded_text(p.loss, 5) +
                                        ", learning rate " + vd::rounded_text(p.learning_rate, 4));
                    if (p.epoch_done) {
                        line.clear();
                        std::printf("%s epoch %lld of %lld: loss %.4f, learning rate %.3g", name.c_str(), static_cast<long long>(epoch),
                                    static_cast<long long>(epochs), losses / static_cast<double>(counted), p.learning_rate);
                        losses = 0;
                        counted = 0;
                        if (epoch % a.validation_frequency == 0 || epoch == epochs) {
                            const auto score = validate(net, s, epoch, validated);
                            std::printf("; validation loss %.4f, top1 %.2f, top5 %.2f", score.loss, 100 * score.top1, 100 * score.top5);
                            const auto newest = folder / "checkpoint" / "checkpoint.pth.tar";
                            vd::io::write_torch(newest.string(), s.state(), "state_dict");
                            vd::io::write_file((folder / "checkpoint" / "latest.txt").string(), newest.string() + "\n");
                            if (score.top1 > best_before(best_file)) {
                                vd::io::write_torch((folder / "checkpoint" / "model_best.pth.tar").string(), s.state(), "state_dict");
                                make_folder(best_file.parent_path());
                                vd::io::write_file(best_file.string(), vd::exact_text(score.top1) + "\n");
                            }
                        }
                        std::printf("\n");
                        std::fflush(stdout);
                        trained.write();
                        validated.write();
                    }
                    if (p.epoch_done || stop || (j_.o.save_steps > 0 && p.step % j_.o.save_steps == 0)) {
                        trained.write();
                        checkpoints.save(net.weights(), optimizer);
                    }
                }
                if (p.epoch_done) all_.barrier();
                if (stop && p.step < all_steps) throw stopped{};
            },
            batches_.mode(), all_);
        if (first_) {
            if (!s.last.empty()) vd::io::write_torch(s.last.string(), s.state(), "state_dict");
            std::error_code none;
            fs::remove(best_file, none);
            for (const auto step : checkpoints.steps()) {
                fs::remove(checkpoints.weights(step), none);
                fs::remove(checkpoints.optimizer(step), none);
            }
        }
        all_.barrier();
    }

    const job& j_;
    const processes& all_;
    bool first_;
    fs::path folder_, teacher_folder_;
    image_sets images_;
    training_batches batches_;
    judging_batches judging_;
    std::int64_t steps_ = 0; ///< of this call
    std::vector<vd::detail::study_lock> locks_;
};

template <class Space>
int train(const job& j, const processes& all) {
    if constexpr (std::same_as<Space, spaces::comp_ofa>)
        throw vd::input_error{j.c.source, "args.model", "a supernet that progressive shrinking trains; CompOFA is trained by another scheme",
                              "CompOFA"};
    const bool first = all.rank() == 0;
    const bool teacher_only = j.o.task == "teacher";
    std::vector<supernet::shrinking_phase> phases, wanted;
    const auto normal = [](const std::string& path) { return (fs::path{path} / "").lexically_normal(); };
    if (normal(j.c.args.path) == normal(j.c.args.teacher_path) && !j.c.args.path.empty())
        throw vd::input_error{j.c.source, "args.teacher_path", "another folder than args.path", j.c.args.teacher_path};
    if (!teacher_only) {
        phases = supernet::phases_of(j.c, j.o.epochs);
        if (phases.empty()) throw vd::input_error{j.c.source, "tasks", "at least one of kernel, depth, expand", "none"};
        wanted = phases;
    }
    if (!j.o.task.empty() && !teacher_only) {
        const auto task = supernet::task_named(j.o.task);
        if (j.o.phase == 0 && j.c.phases.contains(*task) && j.c.phases.at(*task) > 1)
            throw vd::input_error{"--phase", "", "which of the " + std::to_string(j.c.phases.at(*task)) + " phases of " + j.o.task, "nothing"};
        wanted = {supernet::phase_of(j.c, *task, std::max(1, j.o.phase), j.o.epochs)};
    } else if (j.o.phase != 0) throw vd::input_error{"--task", "", "kernel, depth or expand beside --phase", j.o.task.empty() ? "nothing" : j.o.task};

    if (j.o.task.empty() || teacher_only) static_cast<void>(j.c.settings_of("teacher"));
    auto t = agreed(all, [&] {
        auto made = std::make_unique<trainer<Space>>(j, all);
        if (first) made->begin();
        return made;
    });
    if (first) {
        std::printf("%s on %s in %d process%s\n", j.c.args.model.c_str(), j.c.args.dataset.c_str(), all.size(), all.size() == 1 ? "" : "es");
        std::fflush(stdout);
    }
    try {
        if (j.o.task.empty() || teacher_only) {
            if (!t->teacher_is_trained()) t->train_teacher();
            else if (first) std::printf("teacher: %s is there\n", t->teacher_weights().c_str());
        }
        for (const auto& p : wanted) {
            if (fs::exists(t->weights_of(p))) {
                if (first) std::printf("%s: %s is there\n", name_of(p).c_str(), t->weights_of(p).c_str());
                continue;
            }
            auto before = t->teacher_weights();
            for (const auto& earlier : phases)
                if (earlier.task < p.task || (earlier.task == p.task && earlier.phase < p.phase)) before = t->weights_of(earlier);
            t->train_phase(p, before);
        }
    } catch (const stopped&) {
        if (first) std::printf("stopped; the same command goes on\n");
        return 0;
    }
    if (first) std::printf("in %s\n", (teacher_only ? t->teacher_folder() : t->folder()).c_str());
    return 0;
}

} // namespace moofa
