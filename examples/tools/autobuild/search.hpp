// autobuild search
#pragma once

#include "../terminal/stop.hpp"
#include "data.hpp"
#include "reduce.hpp"
#include "results.hpp"

#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/report/overlap_plot.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/part.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/layer_variation.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/spaces/reduced/reduced_space_json.hpp>
#include <verdant/spaces/reduced/unit_variation.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace autobuild {

/// What a network costs, by the metric that was asked for.
struct cost : vd::metric<"cost"> {};

/// One output of a predictor.
struct asked_output {
    std::shared_ptr<const vd::surrogate::graph_predictor> predictor;
    std::size_t output = 0;

    [[nodiscard]] const std::string& target() const { return predictor->options().targets[output]; }
    /// What it says of each network, whose graph has the edges that the predictor was trained with.
    [[nodiscard]] std::vector<double> operator()(std::span<const mbconv_config> configs) const {
        std::vector<vd::graph::featured_graph> graphs;
        for (const auto& c : configs) graphs.push_back(vd::spaces::custom_graph(c, {.undirected = predictor->options().undirected}));
        const auto all = (*predictor)(vd::graph::graph_batch{graphs});
        std::vector<double> out;
        for (std::size_t i = 0; i < configs.size(); ++i) out.push_back(all[i * predictor->outputs() + output]);
        return out;
    }
};

/// Throws input_error where a text that is not one of the names of an option is no file either: a name that was misspelt, most likely.
/// @param choices the names, and what a file would hold
inline void require_file(const std::string& option, const std::string& choices, const std::string& text) {
    if (!std::filesystem::exists(text)) throw vd::input_error{option, "", choices, '\'' + text + "', which is neither such a name nor a file"};
}

/// Accuracy, as a predictor has it, and one cost of networks.
class network_judge {
public:
    /// @throws file_error; input_error for a predictor of another family, a target that it does not have, one whose outputs do not tell which is asked for, and one of the same
    ///         metric twice
    network_judge(const judge_settings& s, mbconv_family family, double width)
        : accuracy_{output_of("--acc", s.accuracy, s.accuracy_target, family, true)}, metric_{s.cost}, width_{width} {
        if (std::find(computed_metrics.begin(), computed_metrics.end(), s.cost) != computed_metrics.end()) {
            if (!s.cost_target.empty()) throw vd::input_error{"--metric_target", "", "a predictor as --metric", s.cost};
            return;
        }
        require_file("--metric", "macs, n_params, peak_memory, or a file of a predictor", s.cost);
        cost_ = output_of("--metric", s.cost, s.cost_target, family, false);
        metric_ = cost_->target();
        if (metric_ == accuracy_.target() || is_accuracy(metric_))
            throw vd::input_error{"--metric", "", "a cost, not what --acc predicts", s.cost + ", which predicts " + metric_};
    }

    [[nodiscard]] const std::string& metric() const noexcept { return metric_; }
    [[nodiscard]] const std::string& accuracy_target() const { return accuracy_.target(); }

    /// Accuracy and cost of each.
    [[nodiscard]] std::vector<std::pair<double, double>> operator()(std::span<const mbconv_config> configs) const {
        const auto accuracies = accuracy_(configs);
        const auto costs = cost_ ? (*cost_)(configs) : std::vector<double>{};
        std::vector<std::pair<double, double>> out;
        for (std::size_t i = 0; i < configs.size(); ++i)
            out.emplace_back(accuracies[i], cost_ ? costs[i] : computed_metric(metric_, configs[i], width_));
        return out;
    }

private:
    [[nodiscard]] static bool is_accuracy(const std::string& target) { return target == "acc" || target == "accuracy"; }

    /// The output of a predictor that is asked for by its target; else its only one, or the only one of several that is, or is not, an accuracy.
    [[nodiscard]] static asked_output output_of(const std::string& option, const std::string& path, const std::string& target, mbconv_family family,
                                                bool accuracy) {
        asked_output out{std::make_shared<const vd::surrogate::graph_predictor>(read_predictor(path))};
        require_family(*out.predictor, path, family);
        const auto& targets = out.predictor->options().targets;
        if (targets.size() == 1 && target.empty()) return out;
        std::size_t fitting = 0;
        std::string names;
        for (std::size_t k = 0; k < targets.size(); ++k) {
            names += (k == 0 ? "" : ", ") + targets[k];
            if (target.empty() ? is_accuracy(targets[k]) != accuracy : targets[k] != target) continue;
            ++fitting;
            out.output = k;
        }
        if (fitting == 1) return out;
        if (!target.empty()) throw vd::input_error{option + "_target", "", "one of " + names + ", which " + path + " predicts", target};
        throw vd::input_error{option, "",
                              (accuracy ? "a predictor of one target, or of acc among others" : "a predictor of one target, or of one beside acc") +
                                  std::string{"; else " + option + "_target, the one that is meant"},
                              path + ", which predicts " + names};
    }

    asked_output accuracy_;
    std::optional<asked_output> cost_{};
    std::string metric_;
    double width_;
};

namespace detail {

/// The network of a point, at another resolution.
template <class S>
[[nodiscard]] mbconv_config config_at(const vd::point<S>& p, int resolution) {
    auto c = vd::spaces::config_of(p);
    c.resolution = resolution;
    return c;
}

template <class S>
class evaluator {
public:
    evaluator(const network_judge& judge, int resolution) : judge_{judge}, resolution_{resolution} {}
    std::vector<vd::metrics<vd::accuracy, cost>> operator()(std::span<const vd::point<S>> points) const {
        std::vector<mbconv_config> configs;
        for (const auto& p : points) configs.push_back(config_at(p, resolution_));
        std::vector<vd::metrics<vd::accuracy, cost>> out;
        for (const auto& [accuracy, price] : judge_(configs)) out.emplace_back(accuracy, price);
        return out;
    }

private:
    network_judge judge_;
    int resolution_;
};

/// Whole units are exchanged, or blocks one by one.
struct network_variation {
    bool by_layers = false;
    vd::unit_variation units{};
    vd::spaces::layer_variation layers{};
    using described =
        vd::members<vd::member<"by_layers", &network_variation::by_layers>, vd::member<"units", &network_variation::units, vd::member_role::policy>,
                    vd::member<"layers", &network_variation::layers, vd::member_role::policy>>;

    template <class S>
    [[nodiscard]] vd::point<S> initial(vd::random_stream& random) const {
        return by_layers ? layers.initial<S>(random) : units.initial<S>(random);
    }
    template <class S>
    [[nodiscard]] vd::point<S> mutate(const vd::point<S>& p, vd::random_stream& random) const {
        return by_layers ? layers.mutate(p, random) : units.mutate(p, random);
    }
};

template <class S>
using study_of =
    vd::search<S, vd::maximize<vd::accuracy>, vd::minimize<cost>, vd::within<vd::space_part<S>, vd::archive_evolution<network_variation>>>;
template <class S>
using result_of = decltype(std::declval<study_of<S>&>().run({}));

/// The resolution that stands for the one that is searched: predictors may know others than the space has.
inline constexpr const char* any_resolution = "224";

/// The whole space at one resolution.
template <class S>
[[nodiscard]] vd::space_part<S> at_one_resolution() {
    const auto p = vd::view_of<S>.find("image_size");
    vd::allowed_combinations<S> only{{static_cast<std::uint32_t>(p)}, {vd::point<S>{}}};
    only.combinations.front()[p] = static_cast<typename vd::point<S>::index_type>(vd::find_value(vd::view_of<S>, p, any_resolution));
    return vd::space_part<S>{std::array{only}};
}

/// A search by name, seed after seed.
template <class S>
struct series {
    std::string name;
    std::vector<result_of<S>> runs;
};

template <class S>
[[nodiscard]] result_of<S> run_one(const search_settings& s, const vd::space_part<S>& part, const network_variation& variation,
                                   const network_judge& judge, std::uint64_t seed) {
    using study = study_of<S>;
    typename study::options o{.trials = s.evaluations, .seed = seed};
    o.optimizer.region = part;
    o.optimizer.optimizer = {.initial = s.initial, .budget = s.initial, .generations = 0, .variation = variation};
    return study{evaluator<S>{judge, s.resolution}}.run(o, vd::interrupts{});
}

/// What points dominate within a reference: accuracy from `least` on, cost up to `most`.
template <class Trials>
[[nodiscard]] double hypervolume(const Trials& trials, std::size_t count, double least, double most) {
    std::vector<double> rows;
    for (std::size_t i = 0; i < std::min(count, trials.size()); ++i)
        rows.insert(rows.end(), {-trials[i].template get<vd::accuracy>(), trials[i].template get<cost>()});
    const std::array reference{-least, most};
    return vd::pareto::hypervolume({rows, 2}, reference);
}

[[nodiscard]] inline std::pair<double, double> mean_and_deviation(const std::vector<double>& x) {
    double mean = 0, square = 0;
    for (const double v : x) mean += v / static_cast<double>(x.size());
    for (const double v : x) square += (v - mean) * (v - mean) / static_cast<double>(x.size());
    return {mean, std::sqrt(square)};
}

template <class S>
int search_in(const search_settings& s, double width) {
    const network_judge judge{s, vd::spaces::mbconv_family_of<S>, width};
    const auto whole = at_one_resolution<S>();
    std::vector<series<S>> all;
    const auto add = [&](const std::string& name, const vd::space_part<S>& part, const network_variation& variation) {
        auto& one = all.emplace_back(series<S>{name, {}});
        for (std::size_t i = 0; i < s.seeds; ++i) {
            if (terminal::stop_asked()) throw terminal::stopped("autobuild search", "it keeps nothing of an unfinished comparison");
            one.runs.push_back(run_one<S>(s, part, variation, judge, s.seed + i));
        }
    };
    const network_variation by_units{.units = {.probability = s.unit_probability}};
    std::vector<vd::reduced_space<S>> reduced;
    for (const auto& space : s.spaces) {
        if (space == "stage_full") add(space, whole, by_units);
        else if (space == "layerwise") {
            auto profile = vd::spaces::block_profile::whole(vd::spaces::mbconv_family_of<S>);
            std::fill(profile.probabilities.begin(), profile.probabilities.end(), s.unit_probability);
            add(space, whole, {.by_layers = true, .layers = {profile}});
        } else reduced.push_back(vd::read_reduced_space<S>(space));
    }
    if (!reduced.empty()) {
        const auto joined = vd::reduced_space<S>::joined(reduced).at("image_size", any_resolution);
        add(reduced.size() == 1 ? "reduced" : "reduced (" + std::to_string(reduced.size()) + ')', joined.part(), by_units);
    }

    // The same reference for all: the least accuracy and the greatest cost on any front.
    double least = 1e300, most = -1e300;
    for (const auto& one : all)
        for (const auto& r : one.runs)
            for (const auto& t : r.front()) least = std::min(least, t.template get<vd::accuracy>()), most = std::max(most, t.template get<cost>());
    if (!s.reference.empty()) least = s.reference[0], most = s.reference[1];
    std::printf("%zu evaluations, %zu seeds; hypervolume from accuracy %s and %s %s\n", s.evaluations, s.seeds, vd::rounded_text(least, 4).c_str(),
                judge.metric().c_str(), vd::rounded_text(most, 6).c_str());
    std::printf("%-14s %10s %26s %26s\n", "search", "networks", ("hypervolume after " + std::to_string(s.initial)).c_str(), "at the end");
    vd::io::csv_table table;
    table.columns = {"search", "seed", "resolution", "arch", "accuracy", judge.metric()};
    std::vector<std::pair<std::string, result_of<S>>> shown;
    for (const auto& one : all) {
        std::vector<double> early, late;
        for (std::size_t i = 0; i < one.runs.size(); ++i) {
            early.push_back(hypervolume(one.runs[i].trials(), s.initial, least, most));
            late.push_back(hypervolume(one.runs[i].trials(), one.runs[i].trials().size(), least, most));
            for (const auto& t : one.runs[i].front()) {
                const auto c = config_at(t.point, s.resolution);
                table.rows.push_back({one.name, std::to_string(s.seed + i), std::to_string(c.resolution), vd::spaces::units_text(c.units),
                                      vd::exact_text(t.template get<vd::accuracy>()), vd::exact_text(t.template get<cost>())});
            }
        }
        const auto [e, de] = mean_and_deviation(early);
        const auto [l, dl] = mean_and_deviation(late);
        const auto text = [](double mean, double deviation) { return vd::rounded_text(mean, 5) + " +- " + vd::rounded_text(deviation, 2); };
        std::printf("%-14s %10zu %26s %26s\n", one.name.c_str(), one.runs.front().trials().size(), text(e, de).c_str(), text(l, dl).c_str());
        shown.emplace_back(one.name, one.runs.front());
    }
    const auto stem = std::string{vd::spaces::name_of(vd::spaces::mbconv_family_of<S>)} + "_pareto_" + vd::predictor::format_target(judge.metric()) +
                      "_s" + std::to_string(s.seed);
    const auto file = folder_in(s.out, "evals") + '/' + stem + ".csv", picture = folder_in(s.out, "plots") + '/' + stem + ".svg";
    vd::io::write_file(file, vd::io::csv_text(table));
    vd::io::write_file(picture,
                       vd::overlap_svg(shown, "Fronts after " + std::to_string(s.evaluations) + " evaluations each; cost: " + judge.metric()));
    std::printf("%s\n%s\n", file.c_str(), picture.c_str());
    return 0;
}

} // namespace detail

inline int search(const search_settings& s) {
    if (s.initial > s.evaluations)
        throw vd::input_error{"--initial", "", "at most --evaluations, " + std::to_string(s.evaluations), std::to_string(s.initial)};
    for (auto space = s.spaces.begin(); space != s.spaces.end(); ++space) {
        if (std::find(s.spaces.begin(), space, *space) != space) throw vd::input_error{"--unit_corpus", "", "each once", *space + " twice"};
        if (*space != "stage_full" && *space != "layerwise")
            require_file("--unit_corpus", "stage_full, layerwise, or a file of a reduced space", *space);
    }
    const auto family = s.networks.family == "pn"     ? mbconv_family::pn
                        : s.networks.family == "mbv3" ? mbconv_family::mbv3
                                                      : family_of(read_predictor(s.accuracy), s.accuracy);
    return with_space(family, [&]<class S>(std::type_identity<S>) { return detail::search_in<S>(s, width_of(s.networks, family)); });
}

} // namespace autobuild
