// `moofa search`: the best sub-network below each limit of memory.
#pragma once

#include "../terminal/paths.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "data.hpp"
#include "job.hpp"
#include "measure.hpp"
#include "predict.hpp"

#include <verdant/evaluators/network_costs.hpp>
#include <verdant/goal.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/published/published_evolution.hpp>
#include <verdant/random/numpy.hpp>
#include <verdant/random/python.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/search.hpp>
#include <verdant/spaces/once_for_all/elastic_mutation.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moofa {

/// What was found below one limit.
template <class Space>
struct found {
    double limit;
    typename Space::arch_type arch;
    double predicted;
    supernet::run_record record{};
    std::string folder{};
};

template <class Space>
found<Space> best_within(double limit, const vd::surrogate::mlp& network, const job& j) {
    using encoding = spaces::moofa_encoding<Space>;
    const auto population = static_cast<std::size_t>(j.o.population), generations = static_cast<std::size_t>(j.o.generations);
    if (j.o.published) {
        const spaces::accuracy_predictor<encoding> predictor{network};
        typename spaces::accuracy_predictor<encoding>::workspace w;
        vd::reference::python_random python{j.seed()};
        vd::reference::numpy_random numpy{static_cast<std::uint32_t>(j.seed())};
        const auto best = spaces::reference::published_evolution<Space>(
            limit, [&](auto archs, auto out) { predictor.predict(archs, out, w); },
            [](const auto& a) { return vd::workload::peak_memory(spaces::net_of(Space::family, a)); }, python, numpy,
            {.population = population, .iterations = generations, .rejections = 10'000'000});
        return {limit, best.arch, best.accuracy};
    }
    using study = vd::search<Space, vd::maximize<spaces::predicted_accuracy>, vd::subject_to<vd::peak_memory, vd::at_most<800'000>>,
                             vd::evolution<vd::network_costs, spaces::elastic_mutation>>;
    study limited{vd::network_costs{}, spaces::predict_accuracy<Space>{network}};
    const auto result = limited.template at_most<vd::peak_memory>(limit).run(
        {.trials = population * (generations + 1), .seed = j.seed(), .optimizer = {.population = population}});
    const auto& best = result.front().front();
    return {limit, spaces::arch_of(best.point), best.template get<spaces::predicted_accuracy>()};
}

/// `300000`, `355555.55555555556`: the shortest text without an exponent that reads back as the same number.
inline std::string plain_text(double x) {
    char digits[400];
    return {digits, std::to_chars(digits, digits + sizeof digits, x, std::chars_format::fixed).ptr};
}

/// `300000.0`, as Python writes such a number.
inline std::string python_text(double x) {
    const auto text = plain_text(x);
    return text.find('.') == text.npos ? text + ".0" : text;
}

template <class Space>
std::string summary_svg(const std::vector<found<Space>>& all, const std::string& model) {
    double low = std::numeric_limits<double>::infinity(), high = -low, left = low, right = -low;
    const auto see = [&](double x, double y) {
        left = std::min(left, x), right = std::max(right, x);
        low = std::min(low, y), high = std::max(high, y);
    };
    for (const auto& f : all) {
        see(static_cast<double>(f.record.peak_memory), f.predicted);
        if (f.record.real_accuracy) see(static_cast<double>(f.record.peak_memory), *f.record.real_accuracy);
    }
    const bool some_measured = !all.empty() && all.front().record.real_accuracy;
    std::vector<vd::plot::key_entry> key{{.words = "predicted", .filled = {.fill = "none", .stroke = "#0072b2", .width = 1.5}}};
    if (some_measured) key.push_back({.words = "measured", .marker = vd::plot::marker::diamond, .filled = {.fill = "#d55e00"}});
    vd::plot::svg_plot plot{model + ": accuracy and memory", "peak memory, elements", {left, right}, "accuracy", {low, high}, 660};
    const auto mark = [&](const vd::plot::key_entry& e, const found<Space>& f, double accuracy) {
        const auto memory = static_cast<double>(f.record.peak_memory);
        vd::plot::draw_marker(plot, e.marker, plot.at(memory, accuracy), 4, e.filled,
                              "within " + plain_text(f.limit) + ": " + e.words + ' ' + vd::rounded_text(accuracy, 4) + ", " + plain_text(memory) +
                                  " elements");
    };
    for (const auto& f : all) {
        mark(key[0], f, f.predicted);
        if (some_measured && f.record.real_accuracy) mark(key[1], f, *f.record.real_accuracy);
    }
    vd::plot::draw_key_beside(plot, key, 24);
    return std::move(plot).finished();
}

template <class Space>
void write_summary(const fs::path& folder, const std::vector<found<Space>>& all, const std::string& model) {
    vd::io::csv_table table;
    table.columns = {"constraint", "peak_memory", "flops", "predicted_accuracy", "real_accuracy", "avg_forward_time", "folder"};
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    const auto text = [](const std::optional<double>& x) { return x ? vd::exact_text(*x) : std::string{}; };
    for (const auto& f : all) {
        const auto& r = f.record;
        table.rows.push_back({plain_text(f.limit), std::to_string(r.peak_memory), vd::exact_text(r.flops), vd::exact_text(f.predicted),
                              text(r.real_accuracy), text(r.avg_forward_time), f.folder});
        auto entry = supernet::to_json(r);
        entry.erase("memory_history");
        entry["folder"] = f.folder;
        list.push_back(std::move(entry));
    }
    vd::io::write_file((folder / "summary.csv").string(), vd::io::csv_text(table));
    vd::io::write_json((folder / "summary.json").string(), list, 4);
    vd::io::write_file((folder / "summary.svg").string(), summary_svg(all, model));
}

/// What networks are measured with.
template <class Space>
struct measuring {
    image_sets images;
    judging_batches batches;
    supernet::supernet<Space> net;
};

/// With a trained supernet and data, networks are measured too.
template <class Space>
std::optional<measuring<Space>> measuring_of(const job& j) {
    const auto folder = data_folder(j);
    const bool asked = !j.o.data.empty() || !j.c.args.data_path.empty();
    if (!asked && (j.c.args.checkpoint.empty() || folder.empty() || !fs::exists(folder))) return std::nullopt;
    auto images = open_images(j);
    judging_batches batches{images, j};
    auto net = trained_supernet<Space>(j, images.classes);
    return measuring<Space>{std::move(images), std::move(batches), std::move(net)};
}

/// Everything of one limit, also written to a folder of its own.
/// @param i number of the limit
template <class Space>
found<Space> search_within(double limit, std::size_t i, const vd::surrogate::mlp& network, const std::optional<measuring<Space>>& with,
                           const job& j) {
    auto f = best_within<Space>(limit, network, j);
    const auto shape = described<Space>(f.arch, j, with ? with->images.classes : Space::family.classes);
    auto& r = f.record;
    r.constraint = f.limit;
    r.predicted_accuracy = f.predicted;
    r.config = supernet::arch_json(f.arch);
    add_costs(r, shape);
    if (with) {
        const auto m = measure(supernet::calibrated(with->net, f.arch, with->batches.calibration), f.arch.image_size, with->batches);
        r.real_accuracy = m.accuracy;
        r.avg_forward_time = m.seconds;
    }
    // The original draws this number from an unseeded stream; here a search that is repeated writes to the same places.
    f.folder = "constraint_" + python_text(f.limit) + "_search_" + std::to_string(vd::random_stream::derive(j.seed(), i).below(1001));
    write_run(fs::path{j.c.search.folder} / f.folder, r, shape, j.c.args.model + " within " + plain_text(f.limit));
    return f;
}

template <class Space>
void print(const std::vector<found<Space>>& all, bool measured) {
    std::printf("     limit        peak   M MACs  predicted%s\n", measured ? "  measured  s a batch" : "");
    for (const auto& f : all) {
        std::printf("%10.0f  %10lld %8.1f     %.4f", f.limit, static_cast<long long>(f.record.peak_memory), f.record.flops, f.predicted);
        if (measured) std::printf("    %.4f     %.4f", *f.record.real_accuracy, *f.record.avg_forward_time);
        std::printf("\n");
    }
}

template <class Space>
int search(const job& j, const processes&) {
    const auto limits = j.c.search.limits();
    if (constexpr auto most = std::numeric_limits<std::uint32_t>::max(); j.o.published && j.seed() > most)
        throw vd::input_error{j.o.seed >= 0 ? "--seed" : j.c.source, j.o.seed >= 0 ? "" : "args.manual_seed",
                              "at most " + std::to_string(most) + " with --published, the largest seed that NumPy takes", std::to_string(j.seed())};
    const auto least = spaces::least_peak<Space>();
    for (const double limit : limits)
        if (limit < static_cast<double>(least.peak))
            throw vd::input_error{j.c.source, "search_config",
                                  "constraints of at least " + std::to_string(least.peak) + " elements, the least peak memory that a network of " +
                                      j.c.args.model + " has",
                                  plain_text(limit)};
    const auto network = vd::surrogate::mlp::from(vd::io::read_tensors(predictor_path(j)));
    static_cast<void>(spaces::accuracy_predictor<spaces::moofa_encoding<Space>>{network}); // a network of other inputs is refused now
    const auto with = measuring_of<Space>(j);
    const fs::path folder{j.c.search.folder};
    terminal::make_folder(folder);
    std::vector<found<Space>> all;
    terminal::progress line{"limits", static_cast<double>(limits.size())};
    for (std::size_t i = 0; i < limits.size(); ++i) {
        if (terminal::stop_asked()) {
            if (!all.empty()) write_summary(folder, all, j.c.args.model);
            throw terminal::stopped("moofa", std::to_string(i) + " of " + std::to_string(limits.size()) + " limits are in " + folder.string() +
                                                 ", and the same command finds the same there before it goes on");
        }
        all.push_back(search_within<Space>(limits[i], i, network, with, j));
        line.at(static_cast<double>(all.size()));
    }
    line.hide();
    write_summary(folder, all, j.c.args.model);
    print(all, with.has_value());
    std::printf("in %s: summary.csv, summary.json, summary.svg\n", folder.c_str());
    if (!with) std::printf("accuracies were not measured, since no data set or no checkpoint is given\n");
    return 0;
}

} // namespace moofa
