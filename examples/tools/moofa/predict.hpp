// `moofa collect` and `moofa fit-predictor`: accuracies of sub-networks, and a network that predicts them.
#pragma once

#include "../terminal/kept_settings.hpp"
#include "../terminal/paths.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "data.hpp"
#include "job.hpp"
#include "measure.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/predictor/accuracy_collection.hpp>
#include <verdant/predictor/accuracy_encoding.hpp>
#include <verdant/predictor/accuracy_table.hpp>
#include <verdant/predictor/training/accuracy_training.hpp>
#include <verdant/predictor/training/encoded_samples.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace moofa {

/// The table of accuracies. The original keeps a pickle; ours is a CSV file of the same name.
inline std::string table_path(const job& j) {
    if (!j.o.table.empty()) return j.o.table;
    fs::path path{j.needed(j.c.search.dataset, "search_config.acc_dataset_path")};
    if (path.extension() == ".pkl") path.replace_extension(".csv");
    return path.string();
}
inline std::string predictor_path(const job& j) {
    return j.o.predictor.empty() ? j.needed(j.c.search.predictor, "search_config.acc_predictor_checkpoint") : j.o.predictor;
}

/// What the accuracies of a table depend on.
inline vd::run_facts collection_settings(const job& j, const image_sets& images, const spaces::accuracy_collection_options& how) {
    const auto& a = j.c.args;
    return {{"args.model", a.model},
            {"args.checkpoint", a.checkpoint},
            {"weights", terminal::named_digest_of({a.checkpoint})}, // others may be trained into the same file
            {"--weights-key", j.o.weights_key.empty() ? "-" : j.o.weights_key},
            {"args.dataset", a.dataset},
            {"training-images", std::to_string(images.train.size())},
            {"data-set", images.digest()},
            {"args.distort_color", a.colours}, // of the images that norms are calibrated with
            {"args.resize_scale", vd::exact_text(a.smallest_crop)},
            {"--seed", std::to_string(how.seed)},
            {"--calibration", std::to_string(j.o.calibration)},
            {"--images", std::to_string(j.o.images)},
            {"args.test_batch_size", std::to_string(a.test_batch)},
            {"args.bn_eps", vd::exact_text(a.norm_epsilon)},
            {"collect_config.min_constraint", vd::exact_text(how.low)},
            {"collect_config.max_constraint", vd::exact_text(how.high)},
            {"ranges", std::to_string(how.ranges)}};
}

template <class Space>
int collect(const job& j, const processes&) {
    const auto& c = j.c.collect;
    const spaces::accuracy_collection_options how{.low = c.low,
                                                  .high = c.high,
                                                  .ranges = static_cast<std::size_t>(c.ranges),
                                                  .samples = static_cast<std::size_t>(j.o.samples > 0 ? j.o.samples : c.samples),
                                                  .attempts = static_cast<std::uint64_t>(j.o.attempts > 0 ? j.o.attempts : c.attempts),
                                                  .patience = static_cast<std::uint64_t>(c.patience),
                                                  .save_every = static_cast<std::size_t>(c.save_every),
                                                  .seed = j.seed()};
    const auto peaks = spaces::reachable_peaks<Space>();
    if (peaks.empty() || static_cast<double>(peaks.front().peak) >= how.high || static_cast<double>(peaks.back().peak) < how.low)
        throw vd::input_error{j.c.source, "collect_config",
                              "an interval of peak memory that networks of " + j.c.args.model + " have, from " + std::to_string(peaks.front().peak) +
                                  " to " + std::to_string(peaks.back().peak),
                              vd::rounded_text(how.low, 10) + " to " + vd::rounded_text(how.high, 10)};
    const auto table = table_path(j);
    const auto images = open_images(j);
    const judging_batches batches{images, j};
    const auto net = trained_supernet<Space>(j, images.classes);
    if (const auto folder = fs::path{table}.parent_path(); !folder.empty()) terminal::make_folder(folder);
    const std::size_t all = how.samples / how.ranges * how.ranges;
    const auto settings = collection_settings(j, images, how);
    const fs::path settings_file = fs::path{table}.replace_extension("settings.txt");
    const terminal::settings_in_use in_use{
        settings_file,
        table,
        settings,
        "another --table",
        {.unsaid = {"weights", "data-set", "args.distort_color", "args.resize_scale"}, .instead = {{"args.checkpoint", "weights"}}}};
    if (fs::exists(table)) {
        if (const auto have = spaces::read_accuracy_table<Space>(table).size(); have > all)
            throw vd::input_error{"--samples", "", "at least " + std::to_string(have) + ", as many as " + table + " has",
                                  std::to_string(how.samples)};
    }
    if (all != how.samples && all > 0) std::printf("%zu samples of %zu: as many in each of %zu ranges\n", all, how.samples, how.ranges);
    terminal::progress line{"collecting", static_cast<double>(all)};
    std::optional<std::size_t> begun; // samples that were there already
    const auto found = spaces::collect_accuracies<Space>(
        table,
        [&](const typename Space::arch_type& a) {
            return measure(supernet::calibrated(net, a, batches.calibration), a.image_size, batches).accuracy;
        },
        how,
        [&](const spaces::accuracy_record<Space>& r, std::size_t n) {
            if (!begun) line.skip(static_cast<double>(*(begun = n - 1)));
            line.at(static_cast<double>(n - *begun), "sample " + std::to_string(n) + ", accuracy " + vd::rounded_text(r.accuracy, 4));
            if (n < all) terminal::leave_if_asked("moofa", std::to_string(n) + " samples are in " + table + ", and the same command goes on");
        });
    line.hide();
    const double width = (how.high - how.low) / static_cast<double>(how.ranges);
    std::printf("peak memory        samples\n");
    for (std::size_t r = 0; r < found.counts.size(); ++r)
        std::printf("%8.0f to %8.0f  %zu\n", how.low + width * static_cast<double>(r), how.low + width * static_cast<double>(r + 1), found.counts[r]);
    std::printf("%zu samples in %s%s\n", found.records.size(), table.c_str(), found.complete ? "" : "; some ranges are not full");
    return 0;
}

/// Predictions over what was measured. The axis of the predictions covers them too: those of a predictor that was trained for too short a time lie
/// outside of all measurements, which is what the picture has to show.
inline std::string prediction_svg(std::span<const float> predicted, std::span<const float> measured, const std::string& title) {
    const auto extent = [](std::span<const float> values, std::pair<double, double> range) {
        for (const float value : values)
            if (std::isfinite(value)) range = {std::min<double>(range.first, value), std::max<double>(range.second, value)};
        return range;
    };
    constexpr double far = std::numeric_limits<double>::max();
    const auto of_measured = extent(measured, {far, -far});
    vd::plot::svg_plot plot{title, "measured accuracy", of_measured, "predicted accuracy", extent(predicted, of_measured)};
    std::size_t outside = 0;
    for (std::size_t i = 0; i < measured.size(); ++i) {
        const auto x = static_cast<double>(measured[i]), y = static_cast<double>(predicted[i]);
        if (plot.holds(x, y)) plot.circle(plot.at(x, y), 3, {.fill = "#0b4f6c"});
        else ++outside;
    }
    plot.count_outside(outside);
    return std::move(plot).finished();
}

template <class Space>
int fit_predictor(const job& j, const processes&) {
    using encoding = spaces::moofa_encoding<Space>;
    const auto table = table_path(j), path = predictor_path(j);
    terminal::require_another_file("--output", path, {table}, "the table of accuracies");
    terminal::require_another_file("--plot", j.o.plot, {table}, "the table of accuracies");
    terminal::require_another_file("--plot", j.o.plot, {path}, "the predictor");
    const auto samples = vd::predictor::encoded_samples<encoding>(spaces::read_accuracy_table<Space>(table));
    if (samples.size() < 2) throw vd::input_error{table, "", "at least two samples", std::to_string(samples.size())};
    const auto split = vd::predictor::published_split(samples.size());
    auto how = j.o.published ? vd::predictor::published_recipe() : vd::predictor::accuracy_training_options{};
    how.seed = j.seed();
    how.epochs = j.o.fit_epochs;
    if (j.o.attempts > 0) how.attempts = j.o.attempts;
    terminal::progress line{"fitting", static_cast<double>(how.epochs)};
    terminal::curves curves{j.o.tensorboard, "predictor", 1, how.epochs};
    const auto fitted = vd::predictor::train_accuracy_predictor(samples, split, how, [&](const vd::predictor::accuracy_training_progress& p) {
        line.at(static_cast<double>(p.epoch + 1),
                "attempt " + std::to_string(p.attempt + 1) + ", validation loss " + vd::rounded_text(p.validation_loss, 4));
        curves.add("validation/loss", p.validation_loss, p.epoch + 1);
    });
    line.hide();
    if (const auto folder = fs::path{path}.parent_path(); !folder.empty()) terminal::make_folder(folder);
    vd::io::write_torch(path, fitted.state);
    std::printf("%zu samples, %zu of them for validation\nvalidation: RMSE %.5f, correlation %.4f\ntraining:   RMSE %.5f, correlation %.4f\nin %s\n",
                samples.size(), split.validation.size(), fitted.validation.rmse, fitted.validation.pearson, fitted.training.rmse,
                fitted.training.pearson, path.c_str());
    if (!std::isfinite(fitted.validation.pearson) || !std::isfinite(fitted.training.pearson))
        std::fprintf(stderr, "moofa: a correlation is no number, since all accuracies or all predictions are the same: %s predicts nothing\n",
                     path.c_str());
    if (!j.o.plot.empty()) {
        const auto network = vd::surrogate::mlp::from(fitted.state);
        std::vector<float> predicted, measured, row(encoding::width);
        vd::surrogate::mlp::workspace w;
        for (const auto i : split.validation) {
            const auto at = static_cast<std::size_t>(i);
            float y = 0;
            network.predict(std::span{samples.features}.subspan(at * encoding::width, encoding::width), {&y, 1}, w);
            predicted.push_back(y);
            measured.push_back(samples.accuracies[at]);
        }
        vd::io::write_file(j.o.plot, prediction_svg(predicted, measured,
                                                    "validation: RMSE " + vd::rounded_text(fitted.validation.rmse, 3) + ", correlation " +
                                                        vd::rounded_text(fitted.validation.pearson, 3)));
    }
    return 0;
}

} // namespace moofa
