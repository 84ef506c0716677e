// The search of carbon_clip: a model, its accelerator, and what comes of both.
#pragma once

#include "../terminal/search_log.hpp"
#include "../terminal/stop.hpp"
#include "options.hpp"
#include "table.hpp"
#include "workbench.hpp"

#include <verdant/error.hpp>
#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/evaluators/clip_estimator.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/published.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/front_plot.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/search.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace carbon_clip {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

// [evaluator]
/// Accuracy of a point: prune, fine-tune briefly, measure. Finished runs are kept on disk.
class pruned_accuracy {
public:
    explicit pruned_accuracy(const workbench& b) : bench_{&b} {}
    template <class Space>
    vd::metrics<vd::accuracy> operator()(const vd::point<Space>& p) const {
        return {bench_->accuracy(model(p))};
    }
    template <class Space>
    nn::clip_model model(const vd::point<Space>& p) const {
        return bench_->fine_tune(vd::supernet::prune(bench_->model, bench_->importance, p));
    }

private:
    const workbench* bench_;
};
// [/evaluator]

/// The accelerator on which the unpruned model does best in what the mode minimises, within the limits of its search.
template <class Study>
candidate unpruned(const workbench& b, const vd::carbon::life& life, const std::string& metric) {
    const vd::accelerator_estimator estimate{b.config(), life};
    const auto found = vd::published::all_hw<vd::exhaustive_search>{estimate}.run({.trials = 3240});
    const vd::trial<vd::spaces::accelerator, typename vd::published::all_hw<vd::exhaustive_search>::goals_type>* best = nullptr;
    const auto cost = [&](const auto& t) {
        return metric == "latency"  ? vd::to_si(t.template get<vd::latency>())
               : metric == "energy" ? vd::to_si(t.template get<vd::lifetime_energy>())
                                    : vd::to_si(t.template get<vd::total_carbon>());
    };
    const bool in_time = Study::goals_type::template constrains<vd::latency>;
    for (const auto& t : found.trials()) {
        const bool late = in_time && vd::to_si(t.template get<vd::latency>()) > 0.05;
        if (t.feasible() && !late && (best == nullptr || cost(t) < cost(*best))) best = &t;
    }
    if (best == nullptr) throw vd::infeasible_error{"no accelerator of the space runs the unpruned model within the limits"};
    const auto chip = vd::spaces::accelerator_of(best->point);
    const auto tuned = b.fine_tune(b.model);
    // It is given what the pruned ones get: the same fine-tuning, where that helps.
    const auto before = b.accuracy(b.model), after = b.accuracy(tuned);
    const auto& kept = after > before ? tuned : b.model;
    return {"unpruned", b.config(), chip, std::max(before, after), b.test_accuracy ? b.test_accuracy(kept) : 0, estimate.estimate(chip)};
}

template <class Result, class Options>
void write_files(const settings& s, const workbench& b, const Result& found, const Options& options, const std::vector<vd::baseline>& baselines,
                 vd::result_folder& out) {
    auto json = vd::study_json(found, options);
    json["run"]["mode"] = s.metric;
    json["run"]["model"] = b.name;
    out.write(s.metric + "_trials.csv", vd::io::csv_text(vd::report_of(found.trials(), {.times = true})));
    out.write(s.metric + "_published.csv", vd::io::csv_text(vd::published::published_table(found.trials(), b.config())));
    out.write(s.metric + "_study.json", json.dump(1) + '\n');
    out.write(s.metric + "_front.svg", vd::front_svg(found, b.name + ", mode " + s.metric, {.baselines = baselines}));
}

template <class Result>
void print(const settings& s, const workbench& b, const Result& found, const std::vector<candidate>& table, const vd::report& report) {
    std::cout << b.name << ", mode " << s.metric << ", seed " << s.seed << ": " << found.trials().size() << " trials, " << found.size()
              << " on the front";
    if (found.reason() == vd::stop_reason::time_limit) std::cout << " when the time was up";
    if (const auto volume = found.hypervolume()) std::cout << ", hypervolume " << vd::rounded_text(*volume, 6);
    std::cout << "\naccuracy: " << b.measure << (b.test_accuracy ? "; test: the same on images that nothing was chosen by" : "") << "\n\n"
              << vd::table_text(report) << '\n';
    print_saving(table);
    std::cout << "\nin " << s.out << ": " << s.metric << ".db " << s.metric << "_{trials,front,published}.csv " << s.metric << "_study.json "
              << s.metric << "_front.svg\n";
}

template <template <class, vd::search_space> class Mode, class Space>
void search(const settings& s, const workbench& b, vd::result_folder& out) {
    vd::carbon::life life;
    life.grid = vd::carbon::parse_intensity(s.use_intensity);
    life.fab.intensity = vd::carbon::parse_intensity(s.fab_intensity);
    life.inferences = s.inferences;
    terminal::search_log log; // a line a minute where progress_line is silent
    // [search]
    using study = Mode<vd::bayes<>, Space>;
    const pruned_accuracy accuracy{b};
    const vd::clip_estimator hardware{b.config(), life};
    study search{accuracy, hardware};
    if (s.accuracy_threshold >= 0) search.template threshold<vd::accuracy>(s.accuracy_threshold);
    const typename study::options options{.trials = s.trials, .seed = s.seed, .threads = 1, .time_limit = s.time_limit * vd::seconds{}};
    vd::sqlite_storage kept{s.study()};
    vd::progress_line<study> progress{search.limits()};
    vd::interrupts stop;
    const auto found = search.run(options, kept, progress, log, stop);
    // [/search]
    const auto going_on =
        std::to_string(found.trials().size()) + " of " + std::to_string(s.trials) + " trials are kept, and the same command goes on";
    if (terminal::stop_asked()) {
        write_files(s, b, found, options, {}, out);
        // The pairs of the picture beside it; testing them may take long.
        std::vector<candidate> front;
        for (const auto& t : found.front()) {
            const auto model = vd::spaces::clip_of(t.point, b.config());
            const auto chip = vd::spaces::nested_accelerator_of(t.point);
            front.push_back({"trial " + std::to_string(t.number), model, chip, t.template get<vd::accuracy>(), 0, hardware.estimate(model, chip)});
        }
        out.write(s.metric + "_front.csv", vd::io::csv_text(table_of(front, false)));
        throw terminal::stopped("carbon_clip", going_on);
    }

    std::vector<candidate> table{unpruned<study>(b, life, s.metric)};
    write_files(s, b, found, options,
                {vd::baseline_of<typename study::goals_type>("unpruned", table[0].costs, vd::metrics<vd::accuracy>{table[0].accuracy})}, out);
    for (const auto& t : found.front()) {
        terminal::leave_if_asked("carbon_clip", going_on);
        const auto model = vd::spaces::clip_of(t.point, b.config());
        const auto chip = vd::spaces::nested_accelerator_of(t.point);
        table.push_back({"trial " + std::to_string(t.number), model, chip, t.template get<vd::accuracy>(),
                         b.test_accuracy ? b.test_accuracy(accuracy.model(t.point)) : 0, hardware.estimate(model, chip)});
    }
    const auto report = table_of(table, static_cast<bool>(b.test_accuracy));
    out.write(s.metric + "_front.csv", vd::io::csv_text(report));
    print(s, b, found, table, report);
}

template <class Space>
void search_mode(const settings& s, const workbench& b, vd::result_folder& out) {
    if (s.metric == "carbon") search<vd::published::carbon, Space>(s, b, out);
    else if (s.metric == "latency") search<vd::published::latency, Space>(s, b, out);
    else if (s.metric == "energy") search<vd::published::energy, Space>(s, b, out);
    else search<vd::published::all, Space>(s, b, out);
}

} // namespace carbon_clip
