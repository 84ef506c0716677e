#pragma once

#include <verdant/error.hpp>
#include <verdant/io/closest_name.hpp>
#include <verdant/io/yaml_section.hpp>
#include <verdant/supernet/shrinking_phase.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The configuration files of MOOFA's scripts (moofa.md, section 11), from which one file describes training, evaluation, collection and search.
namespace verdant::supernet {

/// `args`. Keys that the original reads and does not use are checked and left out.
struct moofa_settings {
    std::string path;         ///< folder of the supernet
    std::string teacher_path; ///< folder of the teacher
    std::string checkpoint;   ///< weights that evaluation and search take
    std::string data_path;    ///< folder of the data set; not in the original, which has paths in its code
    std::string model;
    std::string dataset;
    std::int64_t batch = 64, test_batch = 256; ///< `base_batch_size` of each process; `test_batch_size`, which the original fixes
    double norm_epsilon = 1e-5, norm_momentum = 0.1;
    bool continuous_size = false;
    std::string colours = "tf"; ///< `tf`, `torch` or `none`
    double dropout = 0.1;
    double teaching_ratio = 1;       ///< `kd_ratio`
    std::string teaching = "ce";     ///< `kd_type`: `ce` or `mse`
    double smoothing = 0.1;          ///< `label_smoothing`
    std::uint64_t seed = 0;          ///< `manual_seed`
    std::string initial = "he_fout"; ///< `model_init`: `he_fout` or `he_fin`
    double momentum = 0.9, weight_decay = 3e-5;
    bool nesterov = true;    ///< not `no_nesterov`
    unsigned workers = 12;   ///< `n_worker`: threads that prepare images
    int print_frequency = 10; ///< steps between lines of the log
    double smallest_crop = 0.08;    ///< `resize_scale`
    std::int64_t held_out = 100;    ///< `valid_size`: training images to validate with
    int validation_frequency = 1;   ///< epochs
};

/// `args_per_task`: how one phase is trained.
struct moofa_phase_settings {
    int epochs = 0;             ///< `n_epochs`, without those of the warm-up
    double learning_rate = 0;   ///< `base_lr`, of one process
    int warmup_epochs = 0;
    double warmup_rate = 0;     ///< `warmup_lr`; the base rate where it is not given or negative
    int subnets = 1;            ///< `dynamic_batch_size`
};

/// `subnet_config`: what is evaluated. Empty lists stand for the largest values.
struct moofa_subnet_settings {
    bool random = false; ///< `random_sample`
    std::vector<int> ks;
    std::vector<double> e;
    std::vector<int> d;
    int image_size = 0;  ///< 0 for the largest one of the space
    std::string folder = "results", name = "subnet"; ///< `res_dir`, `name`
    bool draw = true;    ///< `draw_graphs`
};

/// `search_config`: constraints on the peak memory, in elements.
struct moofa_search_settings {
    int constraints = 10; ///< `N_constraint`, spread evenly
    double first = 800'000, last = 300'000; ///< `max_constraint`, `min_constraint`; either may be the larger one, as in the published files
    std::string folder = "searches"; ///< `res_dir`
    std::string dataset;             ///< `acc_dataset_path`
    std::string predictor;           ///< `acc_predictor_checkpoint`

    /// The limits from first to last.
    [[nodiscard]] std::vector<double> limits() const {
        std::vector<double> out;
        for (int i = 0; i < constraints; ++i) out.push_back(constraints == 1 ? first : first + i * (last - first) / (constraints - 1));
        return out;
    }
};

/// `collect_config`, which is options of a script in the original: see spaces::accuracy_collection_options.
struct moofa_collect_settings {
    double low = 250'000, high = 800'000;
    std::int64_t ranges = 15, samples = 2000, attempts = 1'000'000, patience = 1000, save_every = 10;
};

/// A whole file.
struct moofa_config {
    std::string source; ///< the file
    moofa_settings args;
    std::vector<shrinking_task> tasks; ///< in the order of training
    std::map<shrinking_task, int> phases; ///< of each task
    std::map<std::string, moofa_phase_settings> per_phase; ///< by `teacher`, `kernel_1`, `depth`, ...
    moofa_subnet_settings subnet;
    moofa_search_settings search;
    moofa_collect_settings collect;

    /// How `teacher`, or a phase such as `depth_2`, is trained: its own entry, else that of its task.
    /// @throws input_error if there is neither
    [[nodiscard]] const moofa_phase_settings& settings_of(const std::string& phase) const {
        for (const auto& name : {phase, phase.substr(0, phase.find('_'))})
            if (const auto at = per_phase.find(name); at != per_phase.end()) return at->second;
        throw input_error{source, "args_per_task",
                          "an entry " + phase + (phase.find('_') == phase.npos ? "" : " or " + phase.substr(0, phase.find('_'))), "none"};
    }
};

/// `kernel`, `depth`, `expand`, `width`.
[[nodiscard]] constexpr std::string_view name_of(shrinking_task task) {
    constexpr std::array<std::string_view, 4> names{"kernel", "depth", "expand", "width"};
    return names[static_cast<std::size_t>(task)];
}
/// Those of the supernets that files describe: all but `width`.
[[nodiscard]] constexpr std::optional<shrinking_task> task_named(std::string_view name) {
    for (const auto t : {shrinking_task::kernel, shrinking_task::depth, shrinking_task::expand})
        if (name_of(t) == name) return t;
    return std::nullopt;
}

/// `depth_2`.
[[nodiscard]] inline std::string name_of(const shrinking_phase& p) { return std::string{name_of(p.task)} + '_' + std::to_string(p.phase); }

/// One phase of a file. @param epochs multiplies their numbers, which are rounded, to at least one
/// @throws input_error if the file has no such task or phase
[[nodiscard]] inline shrinking_phase phase_of(const moofa_config& c, shrinking_task task, int phase, double epochs = 1) {
    const std::string name{name_of(task)};
    const auto phases = c.phases.find(task);
    if (phases == c.phases.end() || std::find(c.tasks.begin(), c.tasks.end(), task) == c.tasks.end())
        throw input_error{c.source, "tasks", "the task " + name, "none of that name"};
    if (phase < 1 || phase > phases->second)
        throw input_error{c.source, "phase of " + name,
                          phases->second == 1 ? std::string{"1, the only one"} : "from 1 to " + std::to_string(phases->second),
                          std::to_string(phase)};
    shrinking_phase p{.task = task, .phase = phase, .phases = phases->second};
    const auto& s = c.settings_of(name_of(p));
    const auto scaled = [epochs](int n) { return n == 0 ? 0 : std::max(1, static_cast<int>(n * epochs + 0.5)); };
    p.epochs = scaled(s.epochs);
    p.learning_rate = s.learning_rate;
    // A warm-up of less than half an epoch is none.
    p.warmup_epochs = static_cast<int>(s.warmup_epochs * epochs + 0.5);
    p.warmup_rate = s.warmup_rate;
    p.subnets = s.subnets;
    return p;
}

/// All phases in the order in which they are trained, without the teacher. @throws input_error
[[nodiscard]] inline std::vector<shrinking_phase> phases_of(const moofa_config& c, double epochs = 1) {
    std::vector<shrinking_phase> out;
    for (const auto task : c.tasks)
        for (int p = 1; p <= c.phases.at(task); ++p) out.push_back(phase_of(c, task, p, epochs));
    return out;
}

} // namespace verdant::supernet

namespace verdant::detail {

// Templates over the kind of section, so that programs that only include this do not instantiate them.
template <class Section>
[[nodiscard]] supernet::moofa_settings read_moofa_args(const Section& args, std::span<const std::string_view> models,
                                                       std::span<const std::string_view> datasets) {
    using names = std::vector<std::string_view>;
    supernet::moofa_settings s;
    const auto only = [&args](const char* key, const names& known) { return args.one_of(key, known); };
    const auto never = [&args](const char* key, const char* why) {
        if (args.value(key, false)) args.refuse(key, std::string{"false, "} + why, "true");
    };
    if (!args.has("model")) args.refuse("model", "one of " + io::name_list(models), "nothing");
    s.model = args.one_of("model", models);
    if (!args.has("dataset")) args.refuse("dataset", "one of " + io::name_list(datasets), "nothing");
    s.dataset = args.one_of("dataset", datasets);
    s.path = args.template value<std::string>("path", "");
    s.teacher_path = args.template value<std::string>("teacher_path", "");
    s.checkpoint = args.template value<std::string>("checkpoint", "");
    s.data_path = args.template value<std::string>("data_path", "");
    s.batch = args.number("base_batch_size", s.batch, std::int64_t{1});
    s.test_batch = args.number("test_batch_size", s.test_batch, std::int64_t{1});
    static_cast<void>(args.template value<std::string>("base_stage_width", "")); // the original ignores it
    s.norm_epsilon = args.number("bn_eps", s.norm_epsilon, std::numeric_limits<double>::min());
    s.norm_momentum = args.number("bn_momentum", s.norm_momentum, 0.0, 1.0);
    s.continuous_size = args.value("continuous_size", s.continuous_size);
    s.colours = only("distort_color", {"tf", "torch", "none"});
    s.dropout = args.number("dropout", s.dropout, 0.0, 0.999);
    if (args.number("dy_conv_scaling_mode", 1, -1, 1) != 1)
        args.refuse("dy_conv_scaling_mode", "1, kernels of smaller sizes by matrices", "another mode");
    never("fp16_allreduce", "since gradients are averaged in 32 bits");
    never("independent_distributed_sampling", "since all processes train the same sub-networks");
    s.teaching_ratio = args.number("kd_ratio", s.teaching_ratio, 0.0);
    s.teaching = only("kd_type", {"ce", "mse"});
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

template <class Section>
[[nodiscard]] supernet::moofa_phase_settings read_moofa_phase(const Section& from) {
    supernet::moofa_phase_settings p;
    p.epochs = from.number_within("n_epochs", 1);
    p.learning_rate = from.number_within("base_lr", std::numeric_limits<double>::min());
    p.warmup_epochs = from.number("warmup_epochs", 0, 0);
    p.warmup_rate = from.value("warmup_lr", p.learning_rate);
    if (p.warmup_rate < 0) p.warmup_rate = p.learning_rate;
    p.subnets = from.number("dynamic_batch_size", 1, 1);
    from.finish();
    return p;
}

/// `tasks`, `tasks_phases` and `args_per_task`, which files that are only for evaluation do not have.
template <class Section>
void read_moofa_tasks(const Section& root, supernet::moofa_config& c) {
    using supernet::shrinking_task;
    constexpr std::array<std::string_view, 3> known{"kernel", "depth", "expand"};
    const auto listed = root.template list<std::string>("tasks");
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto key = "tasks[" + std::to_string(i) + ']';
        const auto task = supernet::task_named(listed[i]);
        if (!task) root.refuse(key, "one of " + io::name_list(known), '\'' + listed[i] + '\'' + io::did_you_mean(listed[i], known));
        if (std::find(c.tasks.begin(), c.tasks.end(), *task) != c.tasks.end()) root.refuse(key, "each task once", listed[i] + " twice");
        if (!c.tasks.empty() && *task < c.tasks.back()) root.refuse(key, "kernel before depth before expand", listed[i]);
        c.tasks.push_back(*task);
    }
    if (root.has("tasks_phases")) {
        const auto phases = root.section("tasks_phases");
        for (const auto name : known) {
            const std::string key{name};
            if (phases.has(key)) c.phases[*supernet::task_named(name)] = phases.number_within(key, 1, 99);
        }
        phases.finish();
    }
    for (const auto task : c.tasks)
        if (!c.phases.contains(task)) root.refuse("tasks_phases", "the number of phases of " + std::string{supernet::name_of(task)}, "none");
    if (!root.has("args_per_task")) return;
    const auto per_task = root.section("args_per_task");
    std::vector<std::string> names{"teacher"};
    for (const auto& [task, phases] : c.phases) {
        names.emplace_back(supernet::name_of(task));
        for (int p = 1; p <= phases; ++p) names.push_back(std::string{supernet::name_of(task)} + '_' + std::to_string(p));
    }
    for (const auto& name : names)
        if (per_task.has(name)) c.per_phase[name] = read_moofa_phase(per_task.section(name));
    per_task.finish();
}

} // namespace verdant::detail

namespace verdant::supernet {

/// A configuration from text. The keys of `wandb` are checked; no such service is called.
/// @param source   what errors call the text
/// @param models   names that `args.model` may have
/// @param datasets names that `args.dataset` may have
/// @throws input_error that names file, line and key: for unknown keys, values of another type or out of range, unknown names
template <class Section = io::yaml_section>
[[nodiscard]] moofa_config parse_moofa_config(const std::string& text, const std::string& source, std::span<const std::string_view> models,
                                              std::span<const std::string_view> datasets) {
    const auto root = Section::parse(text, source);
    moofa_config c;
    c.source = source;
    c.args = verdant::detail::read_moofa_args(root.section("args"), models, datasets);
    verdant::detail::read_moofa_tasks(root, c);
    if (root.has("subnet_config")) {
        const auto s = root.section("subnet_config");
        c.subnet.random = s.value("random_sample", false);
        c.subnet.ks = s.template list<int>("ks");
        c.subnet.e = s.template list<double>("e");
        c.subnet.d = s.template list<int>("d");
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
        c.search.dataset = s.template value<std::string>("acc_dataset_path", "");
        c.search.predictor = s.template value<std::string>("acc_predictor_checkpoint", "");
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
        static_cast<void>(s.template value<std::string>("project_name", ""));
        s.finish();
    }
    root.finish();
    return c;
}

/// The same of a file. @throws file_error, input_error
template <class Section = io::yaml_section>
[[nodiscard]] moofa_config read_moofa_config(const std::string& path, std::span<const std::string_view> models,
                                             std::span<const std::string_view> datasets) {
    return parse_moofa_config<Section>(io::read_file(path), path, models, datasets);
}

} // namespace verdant::supernet
