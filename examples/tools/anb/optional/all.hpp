// anb all
#pragma once

#include "../../terminal/paths.hpp"
#include "../../terminal/progress.hpp"
#include "../../terminal/stop.hpp"
#include "../../terminal/validators.hpp"
#include "../data.hpp"
#include "../fit.hpp"
#include "../models.hpp"
#include "collect.hpp"
#include "collect_data.hpp"
#include "collect_network.hpp"

#include <verdant/error.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/plot/point_groups.hpp>
#include <verdant/search/search.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/tabular/benchmark.hpp>
#include <verdant/tabular/device_metrics.hpp>
#include <verdant/tabular/record_json.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/tabular/target_model_files.hpp>
#include <verdant/text/number.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace anb {

/// The processor that a collection measures latencies on.
struct this_processor : vd::tabular::device<"cpu", vd::latency> {};

/// The whole way on this machine: collect, fit, ask, search, measure what was found, and say how far the predictions were off.
struct all_command {
    static constexpr const char* name = "all";
    static constexpr const char* about = "collects records, fits surrogates of accuracy and latency, searches by them in three ways, and measures "
                                         "the winners: predicted against measured";

    collect_command collecting;
    std::size_t evaluations = 2000, winners = 3;
    std::uint64_t seed = 1;

    void add_options(CLI::App& app) {
        collecting.add_options(app);
        app.add_option("--evaluations", evaluations, "networks that each search asks the surrogates about")
            ->check(terminal::whole<std::size_t>(10, 10'000'000))
            ->capture_default_str();
        app.add_option("--winners", winners, "networks of each search's front that are trained and measured")
            ->check(terminal::whole<std::size_t>(1, 1000))
            ->capture_default_str();
        app.add_option("--search_seed", seed, "of the searches")->capture_default_str();
    }

    [[nodiscard]] int run() const {
        if (collecting.measured.latency_images == 0) throw vd::input_error{"--latency_images", "", "at least 1, since latency is searched", "0"};
        if (const int status = collecting.run(); status != 0) return status;
        std::printf("\n");
        const auto accuracy = fitted("acc"), delay = fitted("latency_cpu");
        const bench b{vd::tabular::source_of<mnasnet>(accuracy), vd::tabular::source_of<mnasnet>(delay)};
        ask(b);
        auto found = search_all(b);
        measure(found);
        return report(found);
    }

private:
    using bench = vd::tabular::benchmark<mnasnet, this_processor, vd::top1, vd::latency>;

    /// A network that searches found, and what became of it.
    struct winner {
        vd::point<mnasnet> architecture{};
        std::string by{}; ///< the searches that found it
        double top1 = 0, top1_std = 0, latency = 0, latency_std = 0; ///< predicted: %, ms
        double measured_top1 = 0, measured_latency = 0;
    };

    [[nodiscard]] std::string path(const char* part) const { return (std::filesystem::path{collecting.out} / part).string(); }

    [[nodiscard]] vd::tabular::target_model fitted(const std::string& target) const {
        fit_command fit;
        fit.data.data = collecting.out;
        fit.target = target;
        fit.family = "ensemble";
        fit.out = path(("surrogate_" + target).c_str());
        static_cast<void>(fit.run());
        std::printf("\n");
        return vd::tabular::read_target_model(fit.out);
    }

    static void ask(const bench& b) {
        const auto q = b.query(vd::spaces::efficientnet_b0);
        std::printf("EfficientNet-B0, as wide as the networks of the records: top-1 %s +- %s %%, %s +- %s ms\n",
                    vd::rounded_text(vd::in<vd::percent>(q.mean.get<vd::top1>()), 4).c_str(),
                    vd::rounded_text(vd::in<vd::percent>(q.std.get<vd::top1>()), 2).c_str(),
                    vd::rounded_text(vd::in<vd::milliseconds>(q.mean.get<vd::latency>()), 4).c_str(),
                    vd::rounded_text(vd::in<vd::milliseconds>(q.std.get<vd::latency>()), 2).c_str());
    }

    template <class Policy>
    void search_by(const char* algorithm, const bench& b, std::vector<winner>& found) const {
        using study = vd::search<mnasnet, vd::maximize<vd::top1>, vd::minimize<vd::latency>, Policy>;
        const auto result = study{b}.run({.trials = evaluations, .seed = seed});
        std::vector<vd::point<mnasnet>> front;
        for (const auto& t : result.front()) front.push_back(t.point);
        std::sort(front.begin(), front.end(),
                  [&b](const vd::point<mnasnet>& x, const vd::point<mnasnet>& y) { return b(x).get<vd::latency>() < b(y).get<vd::latency>(); });
        std::printf("%-22s %zu networks asked about, %zu on the front\n", algorithm, result.trials().size(), front.size());
        // From the fastest to the most accurate, evenly along the front.
        std::set<std::size_t> chosen;
        for (std::size_t i = 0; i < winners; ++i) chosen.insert(winners == 1 ? front.size() - 1 : i * (front.size() - 1) / (winners - 1));
        for (const auto place : chosen) {
            const auto known = std::find_if(found.begin(), found.end(), [&](const winner& w) { return w.architecture == front[place]; });
            if (known != found.end()) {
                known->by += std::string{", "} + algorithm;
                continue;
            }
            const auto q = b.query(front[place]);
            found.push_back({front[place], algorithm, vd::in<vd::percent>(q.mean.get<vd::top1>()), vd::in<vd::percent>(q.std.get<vd::top1>()),
                             vd::in<vd::milliseconds>(q.mean.get<vd::latency>()), vd::in<vd::milliseconds>(q.std.get<vd::latency>())});
        }
    }

    [[nodiscard]] std::vector<winner> search_all(const bench& b) const {
        std::vector<winner> found;
        search_by<vd::random_search>("random", b, found);
        search_by<vd::regularized_evolution<>>("regularized evolution", b, found);
        search_by<vd::nsga2<>>("NSGA-II", b, found);
        return found;
    }

    /// Trains and measures the winners as the records were. Those of an earlier call are kept.
    void measure(std::vector<winner>& found) const {
        const auto folder = path("winners");
        terminal::make_folder(folder);
        const auto schema = vd::tabular::open_schema();
        auto known = vd::tabular::read_records<mnasnet>(folder, schema);
        auto recipe = collecting.recipe;
        if (recipe.validation_side == 0) recipe.validation_side = recipe.resolution.greatest;
        const nn::thread_scope one{1};
        const network_measurer measurer{collecting.measured, recipe, open_images(collecting.data, collecting.images, collecting.test)};
        std::uint64_t next = 0;
        for (const auto& r : known) next = std::max(next, r.id + 1);
        terminal::progress line{"measuring winners", static_cast<double>(found.size())};
        for (std::size_t i = 0; i < found.size(); ++i) {
            auto record = std::find_if(known.begin(), known.end(), [&](const auto& r) { return r.architecture == found[i].architecture; });
            if (record == known.end()) {
                const auto outcome = measurer(next, found[i].architecture, [](const nn::image_training_progress&) {
                    terminal::leave_if_asked("anb all", "the same command goes on");
                });
                const auto* const text = std::get_if<std::string>(&outcome);
                if (text == nullptr) throw vd::error{"a winner cannot be trained: " + std::get<vd::collection::left_out>(outcome).reason};
                known.push_back(
                    vd::tabular::record_from_json<mnasnet>(vd::io::parse_json<nlohmann::ordered_json>(*text, "record"), next, "record", schema));
                vd::tabular::write_record(folder, known.back(), schema);
                record = known.end() - 1;
                ++next;
            }
            found[i].measured_top1 = record->find("val_top1")->mean;
            found[i].measured_latency = record->find("latency_cpu")->mean;
            line.at(static_cast<double>(i + 1));
        }
    }

    [[nodiscard]] int report(const std::vector<winner>& found) const {
        std::printf("\n%12s %14s %12s %14s  %s\n", "top-1 (%)", "predicted", "latency (ms)", "predicted", "found by");
        std::vector<double> top1, predicted_top1, delay, predicted_delay;
        vd::plot::point_group agreement;
        agreement.name = "winners";
        std::vector<vd::plot::point_group> fronts(2);
        fronts[0].name = "predicted";
        fronts[1].name = "measured";
        const auto text = [](double value, int digits) { return vd::rounded_text(value, digits); };
        for (const auto& w : found) {
            std::printf("%12s %14s %12s %14s  %s\n", text(w.measured_top1, 4).c_str(), (text(w.top1, 4) + " +- " + text(w.top1_std, 2)).c_str(),
                        text(w.measured_latency, 3).c_str(), (text(w.latency, 3) + " +- " + text(w.latency_std, 2)).c_str(), w.by.c_str());
            top1.push_back(w.measured_top1);
            predicted_top1.push_back(w.top1);
            delay.push_back(w.measured_latency);
            predicted_delay.push_back(w.latency);
            agreement.points.push_back({w.measured_top1, w.top1, 0, w.top1_std, w.by});
            fronts[0].points.push_back({w.latency, w.top1, w.latency_std, w.top1_std, w.by});
            fronts[1].points.push_back({w.measured_latency, w.measured_top1, 0, 0, w.by});
        }
        if (found.size() > 1)
            std::printf("rank correlation of predicted and measured (Kendall's tau-b): top-1 %s, latency %s\n",
                        text(vd::surrogate::kendall_tau(predicted_top1, top1), 3).c_str(),
                        text(vd::surrogate::kendall_tau(predicted_delay, delay), 3).c_str());
        vd::plot::point_groups_options same;
        same.identity = true;
        vd::io::write_file(path("agreement.svg"), vd::plot::point_groups_svg("Accuracy of the networks that searches found", "measured top-1 [%]",
                                                                             "predicted top-1 [%]", std::vector{agreement}, same));
        vd::io::write_file(path("winners.svg"), vd::plot::point_groups_svg("Networks that searches found", "latency [ms]", "top-1 [%]", fronts, {}));
        std::printf("%s\n%s\n", path("agreement.svg").c_str(), path("winners.svg").c_str());
        return 0;
    }
};

} // namespace anb
