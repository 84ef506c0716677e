// Configuration files: what they say, and every mistake in them by line and key.

#include <verdant/error.hpp>
#include <verdant/supernet/shrinking_phase.hpp>

#include "catch.hpp"
#include "moofa/config.hpp"
#include "moofa/config_file.hpp"
#include "tools/moofa/whole_config.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace supernet = verdant::supernet;
using Catch::Contains;
using supernet::shrinking_task;

namespace {

constexpr std::array<std::string_view, 5> models{"OFA", "CompOFA", "MOOFA_V1", "MOOFA_V2", "MOOFA_V3"};
constexpr std::array<std::string_view, 2> datasets{"imagenet", "imagenette"};

const std::string least = "args: {model: OFA, dataset: imagenet}\n";

moofa::configuration parse(const std::string& text) { return moofa::parse_configuration(text, "a.yaml", models, datasets); }

/// The text with one passage replaced.
std::string with(const std::string& from, const std::string& to) {
    auto text = whole_config;
    const auto at = text.find(from);
    REQUIRE(at != text.npos);
    return text.replace(at, from.size(), to);
}

void rejected(const std::string& text, const std::string& place, const std::string& said) {
    INFO(text.substr(0, 400));
    CHECK_THROWS_WITH(parse(text), Contains("a.yaml, " + place) && Contains(said));
    CHECK_THROWS_AS(parse(text), verdant::input_error);
}

} // namespace

TEST_CASE("a whole configuration file") {
    const auto c = parse(whole_config);
    const auto& a = c.args;
    CHECK(a.path == "models/a/");
    CHECK(a.teacher_path == "models/a/teacher/");
    CHECK(a.checkpoint == "models/a/checkpoint/checkpoint-expand_2.pth.tar");
    CHECK(a.model == "MOOFA_V3");
    CHECK(a.batch == 32);
    CHECK(a.test_batch == 256);
    CHECK(a.norm_epsilon == 1e-4);
    CHECK(a.norm_momentum == 0.2);
    CHECK(a.continuous_size);
    CHECK(a.colours == "torch");
    CHECK(a.dropout == 0.3);
    CHECK(a.distillation_ratio == 0.5);
    CHECK(a.distillation_loss == "mse");
    CHECK(a.smoothing == 0.2);
    CHECK(a.seed == 7);
    CHECK(a.initial == "he_fin");
    CHECK(a.momentum == 0.8);
    CHECK(a.workers == 3);
    CHECK_FALSE(a.nesterov);
    CHECK(a.print_frequency == 5);
    CHECK(a.smallest_crop == 0.1);
    CHECK(a.held_out == 50);
    CHECK(a.validation_frequency == 2);
    CHECK(a.weight_decay == 1e-4);
    CHECK(c.subnet.random);
    CHECK(c.subnet.ks == std::vector{7, 5, 3});
    CHECK(c.subnet.e == std::vector{1.0, 1.5, 2.0});
    CHECK(c.subnet.d == std::vector{4});
    CHECK(c.subnet.image_size == 160);
    CHECK(c.subnet.folder == "results/a/");
    CHECK(c.subnet.name == "one");
    CHECK_FALSE(c.subnet.draw);
    CHECK(c.search.limits() == std::vector{300'000.0, 550'000.0, 800'000.0});
    CHECK(c.search.dataset == "a/dataset.pkl");
    CHECK(c.search.predictor == "a/predictor.pth.tar");
    CHECK(c.collect.low == 1000);
    CHECK(c.collect.samples == 40);
    CHECK(c.collect.save_every == 5);
}

TEST_CASE("phases of a configuration file") {
    const auto c = parse(whole_config);
    const auto all = moofa::phases_of(c);
    REQUIRE(all.size() == 5);
    CHECK(all[0] == supernet::shrinking_phase{shrinking_task::kernel, 1, 1, 120, 3e-3, 5, 3e-3, 1}); // a negative warm-up rate is the base rate
    CHECK(all[1] == supernet::shrinking_phase{shrinking_task::depth, 1, 2, 25, 2.5e-4, 0, 2.5e-4, 2});
    CHECK(all[2] == supernet::shrinking_phase{shrinking_task::depth, 2, 2, 120, 7.5e-4, 5, 7.5e-5, 2});
    CHECK(moofa::name_of(all[4]) == "expand_2");
    CHECK(c.settings_of("teacher").epochs == 180);
    const auto scaled = moofa::phases_of(c, 0.1);
    CHECK(scaled[0].epochs == 12);
    CHECK(scaled[0].warmup_epochs == 1);
    CHECK(scaled[1].epochs == 3);
    CHECK(moofa::phases_of(c, 1e-6)[0].epochs == 1);
    CHECK(moofa::phases_of(c, 1e-6)[0].warmup_epochs == 0);
    CHECK_THROWS_WITH(moofa::phase_of(c, shrinking_task::depth, 3), Contains("a.yaml, phase of depth: expected from 1 to 2, found 3"));
    CHECK_THROWS_WITH(moofa::phase_of(c, shrinking_task::kernel, 0), Contains("phase of kernel: expected 1, the only one, found 0"));
    CHECK_THROWS_WITH(moofa::phase_of(parse(least), shrinking_task::depth, 1), Contains("a.yaml, tasks") && Contains("depth"));
    const auto lacking = parse(with("  expand: {n_epochs: 25", "  expand_1: {n_epochs: 25"));
    CHECK_THROWS_WITH(moofa::phases_of(lacking), Contains("a.yaml, args_per_task: expected an entry expand_2 or expand, found none"));
    CHECK_THROWS_WITH(parse(least).settings_of("teacher"), Contains("an entry teacher, found none"));
}

TEST_CASE("defaults of configuration files are the published ones") {
    const auto c = parse(least);
    CHECK(c.args.batch == 64);
    CHECK(c.args.norm_epsilon == 1e-5);
    CHECK(c.args.norm_momentum == 0.1);
    CHECK(c.args.dropout == 0.1);
    CHECK(c.args.distillation_ratio == 1);
    CHECK(c.args.distillation_loss == "ce");
    CHECK(c.args.smoothing == 0.1);
    CHECK(c.args.initial == "he_fout");
    CHECK(c.args.momentum == 0.9);
    CHECK(c.args.nesterov);
    CHECK(c.args.smallest_crop == 0.08);
    CHECK(c.args.held_out == 100);
    CHECK(c.args.weight_decay == 3e-5);
    CHECK(c.args.colours == "tf");
    CHECK(c.tasks.empty());
    CHECK(c.subnet.ks.empty());
    CHECK(c.search.limits().size() == 10);
    CHECK(parse(least + "search_config: {N_constraint: 1, max_constraint: 5}\n").search.limits() == std::vector{5.0});
}

TEST_CASE("names in configuration files that are wrong") {
    rejected(with("\"MOOFA_V3\"", "\"MOOVA_V3\""), "line 5, args.model", "found 'MOOVA_V3'; did you mean 'MOOFA_V3'?");
    rejected(with("\"MOOFA_V3\"", "\"resnet\""), "line 5, args.model", "one of OFA, CompOFA, MOOFA_V1, MOOFA_V2, MOOFA_V3, found 'resnet'");
    rejected(with("\"imagenet\"", "\"imagenete\""), "line 6, args.dataset", "did you mean");
    rejected("args: {dataset: imagenet}\n", "line 1, args.model", "found nothing");
    rejected("args: {model: OFA}\n", "line 1, args.dataset", "found nothing");
    rejected(with("kd_type: \"mse\"", "kd_type: \"hinton\""), "line 18, args.kd_type", "one of ce, mse");
    rejected(with("\"cosine\"", "\"step\""), "line 20, args.lr_schedule_type", "cosine");
    rejected(with("opt_type: \"sgd\"", "opt_type: \"adam\""), "line 28, args.opt_type", "sgd");
    rejected(with("\"he_fin\"", "\"zero\""), "line 22, args.model_init", "he_fout, he_fin");
    rejected(with("\"torch\"", "\"loud\""), "line 12, args.distort_color", "tf, torch, none");
    rejected(with("bn#bias", "bn"), "line 25, args.no_decay_keys", "bn#bias");
    rejected(with("[\"kernel\", \"depth\"", "[\"kernel\", \"dept\""), "line 34, tasks[1]", "did you mean 'depth'?");
    rejected(with("[\"kernel\", \"depth\"", "[\"depth\", \"depth\""), "line 34, tasks[1]", "each task once");
    rejected(with("[\"kernel\", \"depth\"", "[\"depth\", \"kernel\""), "line 34, tasks[1]", "kernel before depth");
}

TEST_CASE("keys of configuration files that are unknown, missing or double") {
    rejected(with("base_batch_size", "batch_size"), "line 7, args.batch_size", "did you mean 'base_batch_size'?");
    rejected(with("wandb:", "wadnb:"), "line", "did you mean 'wandb'?");
    rejected(with("  name: \"one\"", "  nmae: \"one\""), "line", "subnet_config.nmae");
    rejected(with("N_constraint", "n_constraint"), "line", "did you mean 'N_constraint'?");
    rejected(with("  expand: 2\n", ""), "line 35, tasks_phases", "the number of phases of expand");
    rejected(with("  expand: 2\n", "  expnad: 2\n"), "line 38, tasks_phases.expnad", "did you mean 'expand'?");
    rejected(with("depth_1: {", "depth_3: {"), "line", "args_per_task.depth_3");
    rejected(with("    n_epochs: 180\n", ""), "line", "args_per_task.teacher.n_epochs: expected a value, found nothing");
    rejected(with("  dropout: 0.3\n", "  dropout: 0.3\n  dropout: 0.2\n"), "line 14, args.dropout", "each key once");
    rejected("tasks: [kernel]\n", "line 1, args", "found nothing");
    rejected("args: 3\n", "line 1, args", "a map");
    rejected("- 1\n", "line 1: expected a map", "something else");
    CHECK_THROWS_WITH(parse("args: {model: OFA\n"), Contains("a.yaml, line ") && Contains("expected YAML"));
    CHECK_THROWS_WITH(parse(""), Contains("a.yaml") && Contains("a map of keys and values, found nothing"));
}

TEST_CASE("values of configuration files of another type or out of range") {
    rejected(with("base_batch_size: 32", "base_batch_size: many"), "line 7, args.base_batch_size", "a whole number, found 'many'");
    rejected(with("base_batch_size: 32", "base_batch_size: 3.5"), "line 7, args.base_batch_size", "a whole number, found '3.5'");
    rejected(with("base_batch_size: 32", "base_batch_size: 0"), "line 7, args.base_batch_size", "from 1 to 1073741824, found 0");
    rejected(with("base_batch_size: 32", "base_batch_size: [32]"), "line 7, args.base_batch_size", "found a list");
    rejected(with("dropout: 0.3", "dropout: 1.5"), "line 13, args.dropout", "from 0 to 0.999, found 1.5");
    rejected(with("dropout: 0.3", "dropout: .nan"), "line 13, args.dropout", "a number, found '.nan'");
    rejected(with("no_nesterov: true", "no_nesterov: maybe"), "line 26, args.no_nesterov", "true or false, found 'maybe'");
    rejected(with("fp16_allreduce: false", "fp16_allreduce: true"), "line 15, args.fp16_allreduce", "32 bits");
    rejected(with("independent_distributed_sampling: false", "independent_distributed_sampling: true"), "line 16", "same sub-networks");
    rejected(with("dy_conv_scaling_mode: 1", "dy_conv_scaling_mode: -1"), "line 14, args.dy_conv_scaling_mode", "1, kernels");
    rejected(with("manual_seed: 7", "manual_seed: -1"), "line 21, args.manual_seed", "at least 0");
    rejected(with("  ks: [7, 5, 3]", "  ks: [7, five, 3]"), "line", "subnet_config.ks[1]: expected a whole number, found 'five'");
    rejected(with("n_epochs: 180", "n_epochs: 0"), "line", "args_per_task.teacher.n_epochs: expected from 1 to 1000000");
    rejected(with("base_lr: 3.0e-2", "base_lr: 0"), "line", "args_per_task.teacher.base_lr");
    rejected(with("  kernel: 1\n", "  kernel: [1]\n"), "line 36, tasks_phases.kernel", "a whole number, found a list");
    rejected(with("N_constraint: 3", "N_constraint: 0"), "line", "search_config.N_constraint");
    rejected(with("min_constraint: 1000", "min_constraint: 9000"), "line", "collect_config.min_constraint: expected less than max_constraint");
    rejected(with("samples: 40", "samples: 3"), "line", "collect_config.samples: expected at least 4");
}

TEST_CASE("configuration files are read from the disk") {
    const auto path = (std::filesystem::temp_directory_path() / "verdant_moofa_config.yaml").string();
    std::ofstream{path} << least;
    CHECK(moofa::read_configuration(path, models, datasets).args.model == "OFA");
    std::filesystem::remove(path);
    CHECK_THROWS_AS(moofa::read_configuration(path, models, datasets), verdant::file_error);
}
