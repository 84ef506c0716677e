// What the configuration files of MOOFA's scripts say, from which one file describes training, evaluation, collection and search (moofa, configs/*.yaml).
#pragma once

#include <verdant/error.hpp>
#include <verdant/supernet/shrinking_phase.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moofa {

namespace supernet = verdant::supernet;
namespace vd = verdant;

/// `args`. Keys that the original reads and does not use are checked and left out.
struct training_settings {
    std::string path; ///< folder of the supernet
    std::string teacher_path; ///< folder of the teacher
    std::string checkpoint; ///< weights that evaluation and search take
    std::string data_path; ///< folder of the data set; not in the original, which has paths in its code
    std::string model;
    std::string dataset;
    std::int64_t batch = 64, test_batch = 256; ///< `base_batch_size` of each process; `test_batch_size`, which the original fixes
    double norm_epsilon = 1e-5, norm_momentum = 0.1;
    bool continuous_size = false;
    std::string colours = "tf"; ///< `tf`, `torch` or `none`
    double dropout = 0.1;
    double distillation_ratio = 1; ///< `kd_ratio`
    std::string distillation_loss = "ce"; ///< `kd_type`: `ce` or `mse`
    double smoothing = 0.1; ///< `label_smoothing`
    std::uint64_t seed = 0; ///< `manual_seed`
    std::string initial = "he_fout"; ///< `model_init`: `he_fout` or `he_fin`
    double momentum = 0.9, weight_decay = 3e-5;
    bool nesterov = true; ///< not `no_nesterov`
    unsigned workers = 12; ///< `n_worker`: threads that prepare images
    int print_frequency = 10; ///< steps between lines of the log
    double smallest_crop = 0.08; ///< `resize_scale`
    std::int64_t held_out = 100; ///< `valid_size`: training images to validate with
    int validation_frequency = 1; ///< epochs
};

/// `args_per_task`: how one phase is trained.
struct phase_settings {
    int epochs = 0; ///< `n_epochs`, without those of the warm-up
    double learning_rate = 0; ///< `base_lr`, of one process
    int warmup_epochs = 0;
    double warmup_rate = 0; ///< `warmup_lr`; the base rate where it is not given or negative
    int subnets = 1; ///< `dynamic_batch_size`
};

/// `subnet_config`: what is evaluated. Empty lists stand for the largest values.
struct subnet_settings {
    bool random = false; ///< `random_sample`
    std::vector<int> ks;
    std::vector<double> e;
    std::vector<int> d;
    int image_size = 0; ///< 0 for the largest one of the space
    std::string folder = "results", name = "subnet"; ///< `res_dir`, `name`
    bool draw = true; ///< `draw_graphs`
};

/// `search_config`: constraints on the peak memory, in elements.
struct search_settings {
    int constraints = 10; ///< `N_constraint`, spread evenly
    double first = 800'000, last = 300'000; ///< `max_constraint`, `min_constraint`; either may be the larger one, as in the published files
    std::string folder = "searches"; ///< `res_dir`
    std::string dataset; ///< `acc_dataset_path`
    std::string predictor; ///< `acc_predictor_checkpoint`

    /// The limits from first to last.
    [[nodiscard]] std::vector<double> limits() const {
        std::vector<double> out;
        for (int i = 0; i < constraints; ++i) out.push_back(constraints == 1 ? first : first + i * (last - first) / (constraints - 1));
        return out;
    }
};

/// `collect_config`, which is options of a script in the original: see spaces::accuracy_collection_options.
struct collect_settings {
    double low = 250'000, high = 800'000;
    std::int64_t ranges = 15, samples = 2000, attempts = 1'000'000, patience = 1000, save_every = 10;
};

/// A whole file.
struct configuration {
    std::string source; ///< the file
    training_settings args;
    std::vector<supernet::shrinking_task> tasks; ///< in the order of training
    std::map<supernet::shrinking_task, int> phases; ///< of each task
    std::map<std::string, phase_settings> per_phase; ///< by `teacher`, `kernel_1`, `depth`, ...
    subnet_settings subnet;
    search_settings search;
    collect_settings collect;

    /// How `teacher`, or a phase such as `depth_2`, is trained: its own entry, else that of its task.
    /// @throws vd::input_error if there is neither
    [[nodiscard]] const phase_settings& settings_of(const std::string& phase) const {
        for (const auto& name : {phase, phase.substr(0, phase.find('_'))})
            if (const auto at = per_phase.find(name); at != per_phase.end()) return at->second;
        throw vd::input_error{source, "args_per_task",
                              "an entry " + phase + (phase.find('_') == phase.npos ? "" : " or " + phase.substr(0, phase.find('_'))), "none"};
    }
};

/// `kernel`, `depth`, `expand`, `width`.
[[nodiscard]] constexpr std::string_view name_of(supernet::shrinking_task task) {
    constexpr std::array<std::string_view, 4> names{"kernel", "depth", "expand", "width"};
    return names[static_cast<std::size_t>(task)];
}
/// Those of the supernets that files describe: all but `width`.
[[nodiscard]] constexpr std::optional<supernet::shrinking_task> task_named(std::string_view name) {
    for (const auto t : {supernet::shrinking_task::kernel, supernet::shrinking_task::depth, supernet::shrinking_task::expand})
        if (name_of(t) == name) return t;
    return std::nullopt;
}

/// `depth_2`.
[[nodiscard]] inline std::string name_of(const supernet::shrinking_phase& p) { return std::string{name_of(p.task)} + '_' + std::to_string(p.phase); }

/// One phase of a file. @param epochs multiplies their numbers, which are rounded, to at least one
/// @throws vd::input_error if the file has no such task or phase
[[nodiscard]] inline supernet::shrinking_phase phase_of(const configuration& c, supernet::shrinking_task task, int phase, double epochs = 1) {
    const std::string name{name_of(task)};
    const auto phases = c.phases.find(task);
    if (phases == c.phases.end() || std::find(c.tasks.begin(), c.tasks.end(), task) == c.tasks.end())
        throw vd::input_error{c.source, "tasks", "the task " + name, "none of that name"};
    if (phase < 1 || phase > phases->second)
        throw vd::input_error{c.source, "phase of " + name,
                              phases->second == 1 ? std::string{"1, the only one"} : "from 1 to " + std::to_string(phases->second),
                              std::to_string(phase)};
    supernet::shrinking_phase p{.task = task, .phase = phase, .phases = phases->second};
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

/// All phases in the order in which they are trained, without the teacher. @throws vd::input_error
[[nodiscard]] inline std::vector<supernet::shrinking_phase> phases_of(const configuration& c, double epochs = 1) {
    std::vector<supernet::shrinking_phase> out;
    for (const auto task : c.tasks)
        for (int p = 1; p <= c.phases.at(task); ++p) out.push_back(phase_of(c, task, p, epochs));
    return out;
}

} // namespace moofa
