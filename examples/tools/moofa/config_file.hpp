// Reads the configuration files of MOOFA's scripts: every key is checked, and what is wrong is named by line and key.
#pragma once

#include "config.hpp"

#include <verdant/io/document/yaml.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/text/closest_name.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moofa {

namespace vd = verdant;

[[nodiscard]] inline training_settings read_args(const vd::io::yaml_section& args, std::span<const std::string_view> models,
                                                 std::span<const std::string_view> datasets) {
    using names = std::vector<std::string_view>;
    training_settings s;
    const auto only = [&args](const char* key, const names& known) { return args.one_of(key, known); };
    const auto never = [&args](const char* key, const char* why) {
        if (args.value(key, false)) args.refuse(key, std::string{"false, "} + why, "true");
    };
    if (!args.has("model")) args.refuse("model", "one of " + vd::io::name_list(models), "nothing");
    s.model = args.one_of("model", models);
    if (!args.has("dataset")) args.refuse("dataset", "one of " + vd::io::name_list(datasets), "nothing");
    s.dataset = args.one_of("dataset", datasets);
    s.path = args.value<std::string>("path", "");
    s.teacher_path = args.value<std::string>("teacher_path", "");
    s.checkpoint = args.value<std::string>("checkpoint", "");
    s.data_path = args.value<std::string>("data_path", "");
    s.batch = args.number("base_batch_size", s.batch, std::int64_t{1}, std::int64_t{1} << 30);
    s.test_batch = args.number("test_batch_size", s.test_batch, std::int64_t{1}, std::int64_t{1} << 30);
    static_cast<void>(args.value<std::string>("base_stage_width", "")); // the original ignores it
    s.norm_epsilon = args.number("bn_eps", s.norm_epsilon, std::numeric_limits<double>::min());
    s.norm_momentum = args.number("bn_momentum", s.norm_momentum, 0.0, 1.0);
    s.continuous_size = args.value("continuous_size", s.continuous_size);
    s.colours = only("distort_color", {"tf", "torch", "none"});
    s.dropout = args.number("dropout", s.dropout, 0.0, 0.999);
    if (args.number("dy_conv_scaling_mode", 1, -1, 1) != 1)
        args.refuse("dy_conv_scaling_mode", "1, kernels of smaller sizes by matrices", "another mode");
    never("fp16_allreduce", "since gradients are averaged in 32 bits");
    never("independent_distributed_sampling", "since all processes train the same sub-networks");
    s.distillation_ratio = args.number("kd_ratio", s.distillation_ratio, 0.0);
    s.distillation_loss = only("kd_type", {"ce", "mse"});
    s.smoothing = args.number("label_smoothing", s.smoothing, 0.0, 1.0);
    static_cast<void>(only("lr_schedule_type", {"cosine"}));
    s.seed = static_cast<std::uint64_t>(args.number("manual_seed", std::int64_t{0}, std::int64_t{0}));
    s.initial = only("model_init", {"he_fout", "he_fin"});
    s.momentum = args.number("momentum", s.momentum, 0.0, 0.999999);
    s.workers = args.number("n_worker", s.workers, 1U, 4096U);
    static_cast<void>(only("no_decay_keys", {"bn#bias"}));
    s.nesterov = !args.value("no_nesterov", false);
    never("not_sync_distributed_image_size", "since all processes take images of one size in a step");
    static_cast<void>(only("opt_type", {"sgd"}));
    s.print_frequency = args.number("print_frequency", s.print_frequency, 1);
    s.smallest_crop = args.number("resize_scale", s.smallest_crop, 1e-6, 1.0);
    s.held_out = args.number("valid_size", s.held_out, std::int64_t{0});
    s.validation_frequency = args.number("validation_frequency", s.validation_frequency, 1);
    s.weight_decay = args.number("weight_decay", s.weight_decay, 0.0);
    args.finish();
    return s;
}

[[nodiscard]] inline phase_settings read_phase(const vd::io::yaml_section& from) {
    phase_settings p;
    p.epochs = from.number_within("n_epochs", 1, 1'000'000);
    p.learning_rate = from.number_within("base_lr", std::numeric_limits<double>::min());
    p.warmup_epochs = from.number("warmup_epochs", 0, 0, 1'000'000);
    p.warmup_rate = from.value("warmup_lr", p.learning_rate);
    if (p.warmup_rate < 0) p.warmup_rate = p.learning_rate;
    p.subnets = from.number("dynamic_batch_size", 1, 1, 1'000'000);
    from.finish();
    return p;
}

/// `tasks`, `tasks_phases` and `args_per_task`, which files that are only for evaluation do not have.
inline void read_tasks(const vd::io::yaml_section& root, configuration& c) {
    constexpr std::array<std::string_view, 3> known{"kernel", "depth", "expand"};
    const auto listed = root.list<std::string>("tasks");
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto key = "tasks[" + std::to_string(i) + ']';
        const auto task = task_named(listed[i]);
        if (!task) root.refuse(key, "one of " + vd::io::name_list(known), '\'' + listed[i] + '\'' + vd::io::did_you_mean(listed[i], known));
        if (std::find(c.tasks.begin(), c.tasks.end(), *task) != c.tasks.end()) root.refuse(key, "each task once", listed[i] + " twice");
        if (!c.tasks.empty() && *task < c.tasks.back()) root.refuse(key, "kernel before depth before expand", listed[i]);
        c.tasks.push_back(*task);
    }
    if (root.has("tasks_phases")) {
        const auto phases = root.section("tasks_phases");
        for (const auto name : known) {
            const std::string key{name};
            if (phases.has(key)) c.phases[*task_named(name)] = phases.number_within(key, 1, 99);
        }
        phases.finish();
    }
    for (const auto task : c.tasks)
        if (!c.phases.contains(task)) root.refuse("tasks_phases", "the number of phases of " + std::string{name_of(task)}, "none");
    if (!root.has("args_per_task")) return;
    const auto per_task = root.section("args_per_task");
    std::vector<std::string> names{"teacher"};
    for (const auto& [task, phases] : c.phases) {
        names.emplace_back(name_of(task));
        for (int p = 1; p <= phases; ++p) names.push_back(std::string{name_of(task)} + '_' + std::to_string(p));
    }
    for (const auto& name : names)
        if (per_task.has(name)) c.per_phase[name] = read_phase(per_task.section(name));
    per_task.finish();
}

/// A configuration from text. The keys of `wandb` are checked; no such service is called.
/// @param source   what errors call the text
/// @param models   names that `args.model` may have
/// @param datasets names that `args.dataset` may have
/// @throws input_error that names file, line and key: for unknown keys, values of another type or out of range, unknown names
[[nodiscard]] inline configuration parse_configuration(const std::string& text, const std::string& source, std::span<const std::string_view> models,
                                                       std::span<const std::string_view> datasets) {
    const auto root = vd::io::yaml_section::parse(text, source);
    configuration c;
    c.source = source;
    c.args = read_args(root.section("args"), models, datasets);
    read_tasks(root, c);
    if (root.has("subnet_config")) {
        const auto s = root.section("subnet_config");
        c.subnet.random = s.value("random_sample", false);
        c.subnet.ks = s.list<int>("ks");
        c.subnet.e = s.list<double>("e");
        c.subnet.d = s.list<int>("d");
        c.subnet.image_size = s.number("image_size", 0, 1);
        c.subnet.folder = s.value("res_dir", c.subnet.folder);
        c.subnet.name = s.value("name", c.subnet.name);
        c.subnet.draw = s.value("draw_graphs", c.subnet.draw);
        s.finish();
    }
    if (root.has("search_config")) {
        const auto s = root.section("search_config");
        c.search.constraints = s.number("N_constraint", c.search.constraints, 1, 1'000'000);
        c.search.first = s.number("max_constraint", c.search.first, 1.0);
        c.search.last = s.number("min_constraint", c.search.last, 1.0);
        c.search.folder = s.value("res_dir", c.search.folder);
        c.search.dataset = s.value<std::string>("acc_dataset_path", "");
        c.search.predictor = s.value<std::string>("acc_predictor_checkpoint", "");
        s.finish();
    }
    if (root.has("collect_config")) {
        const auto s = root.section("collect_config");
        auto& o = c.collect;
        o.low = s.number("min_constraint", o.low, 0.0);
        o.high = s.number("max_constraint", o.high, 1.0);
        if (!(o.low < o.high)) s.refuse("min_constraint", "less than max_constraint", std::to_string(o.low));
        o.ranges = s.number("ranges", o.ranges, std::int64_t{1}, std::int64_t{100'000});
        o.samples = s.number("samples", o.samples, o.ranges);
        o.attempts = s.number("attempts", o.attempts, std::int64_t{1});
        o.patience = s.number("patience", o.patience, std::int64_t{0});
        o.save_every = s.number("save_every", o.save_every, std::int64_t{1});
        s.finish();
    }
    if (root.has("wandb")) {
        const auto s = root.section("wandb");
        static_cast<void>(s.value("use_wandb", false));
        static_cast<void>(s.value<std::string>("project_name", ""));
        s.finish();
    }
    root.finish();
    return c;
}

/// The same of a file. @throws file_error, input_error
[[nodiscard]] inline configuration read_configuration(const std::string& path, std::span<const std::string_view> models,
                                                      std::span<const std::string_view> datasets) {
    return parse_configuration(vd::io::read_file(path), path, models, datasets);
}

} // namespace moofa
