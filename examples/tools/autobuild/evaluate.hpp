// autobuild evaluate
#pragma once

#include "../terminal/kept_settings.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "data.hpp"
#include "reduce.hpp"
#include "results.hpp"
#include "search.hpp"

#include <verdant/error.hpp>
#include <verdant/spaces/reduced/ordered_results.hpp>
#include <verdant/spaces/reduced/random_order.hpp>
#include <verdant/spaces/reduced/reduced_space_json.hpp>
#include <verdant/spaces/reduced/score_order.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <type_traits>

namespace autobuild {

namespace detail {

/// What the results in a file depend on besides its space and order.
inline vd::run_facts settings_of(const evaluate_settings& s, const network_judge& judge, double width) {
    const auto named = [](const std::string& path) { return terminal::named_digest_of({path, vd::surrogate::graph_options_path(path)}); };
    const bool computed = std::find(computed_metrics.begin(), computed_metrics.end(), s.cost) != computed_metrics.end();
    return {{"--acc", named(s.accuracy)},
            {"--acc_target", judge.accuracy_target()},
            {"--metric", computed ? s.cost : named(s.cost)},
            {"--metric_target", computed ? "-" : judge.metric()},
            {"--width", computed ? vd::exact_text(width) : "-"},
            {"--resolution", std::to_string(s.resolution)}};
}

/// @throws input_error where a result in a file has no accuracy or is of another metric; file_error
template <class S>
void require_metric(const std::string& file, const std::string& metric) {
    for (const auto& [place, result] : vd::read_ordered_results<S>(file))
        for (const auto& name : {std::string{"accuracy"}, metric})
            if (!result.metrics.contains(name))
                throw vd::input_error{file, "entry '" + std::to_string(place) + '\'', "a result with " + name + ", or another --out",
                                      "none, but results of another --metric"};
}

/// @param order `score_order<S>` or `random_order<S>` @param suffix of the name of the file
template <class S, class Order>
int evaluate_in(const evaluate_settings& s, double width, Order order, const std::string& suffix) {
    const auto print = [&](std::uint64_t place, const vd::point<S>& p, const std::string& more) {
        std::printf("%8llu  %s%s\n", static_cast<unsigned long long>(place), more.c_str(),
                    vd::spaces::units_text(config_at(p, s.resolution).units).c_str());
    };
    const auto networks = order.space().cardinality().to_string();
    std::printf("%s networks in %s\n", networks.c_str(), s.seed ? "a random order" : "the order of falling sums of scores");
    if (s.list_only) {
        order.skip(s.start);
        for (std::size_t i = 0; i < s.count; ++i) {
            const auto next = order.next();
            if (!next) break;
            print(next->place, next->who, vd::rounded_text(next->score, 6) + "  ");
        }
        return 0;
    }
    const network_judge judge{s, vd::spaces::mbconv_family_of<S>, width};
    const auto file = folder_in(s.out, "evals") + '/' + stem_of(s.space) + suffix + "_evaluated.json";
    const auto settings_file = std::filesystem::path{file}.replace_extension("settings.txt");
    // Of a file without settings, all entries are asked before they are said to be of this metric.
    if (!std::filesystem::exists(settings_file)) require_metric<S>(file, judge.metric());
    const terminal::settings_in_use in_use{settings_file, file, settings_of(s, judge, width), "another --out"};
    require_metric<S>(file, judge.metric());
    terminal::progress line{"networks", static_cast<double>(s.count)};
    std::size_t done = 0;
    const auto found = vd::evaluate_in_order<S>(std::move(order), s.start, s.count, file, [&](const vd::point<S>& p) {
        terminal::leave_if_asked("autobuild evaluate", "the same command goes on with it");
        const auto [accuracy, price] = judge(std::array{config_at(p, s.resolution)}).front();
        line.at(static_cast<double>(++done));
        return std::map<std::string, double>{{"accuracy", accuracy}, {judge.metric(), price}};
    });
    line.finish();
    if (found.empty()) throw vd::input_error{"--start_idx", "", "a place below " + networks, std::to_string(s.start)};
    std::size_t shown = 0;
    for (const auto& [place, result] : found)
        if (shown++ < 5)
            print(place, result.who,
                  vd::rounded_text(result.metrics.at("accuracy"), 5) + "  " + judge.metric() + ' ' +
                      vd::rounded_text(result.metrics.at(judge.metric()), 6) + "  ");
    for (const auto& name : {std::string{"accuracy"}, judge.metric()}) {
        const auto all = vd::summary_of<S>(found, name);
        std::printf("%s of %zu networks: mean %s, deviation %s, from %s to %s\n", name.c_str(), all.count, vd::rounded_text(all.mean, 6).c_str(),
                    vd::rounded_text(all.deviation, 4).c_str(), vd::rounded_text(all.least, 6).c_str(), vd::rounded_text(all.greatest, 6).c_str());
    }
    std::printf("%s\n", file.c_str());
    return 0;
}

template <class S>
int evaluate_in(const evaluate_settings& s, double width) {
    const auto reduced = vd::read_reduced_space<S>(s.space).at("image_size", any_resolution);
    if (s.seed) return evaluate_in<S>(s, width, vd::random_order<S>{reduced, *s.seed}, "_s" + std::to_string(*s.seed));
    return evaluate_in<S>(s, width, vd::score_order<S>{reduced}, "");
}

} // namespace detail

inline int evaluate(const evaluate_settings& s) {
    const auto family = s.networks.family == "pn"     ? mbconv_family::pn
                        : s.networks.family == "mbv3" ? mbconv_family::mbv3
                                                      : family_of(read_predictor(s.accuracy), s.accuracy);
    return with_space(family, [&]<class S>(std::type_identity<S>) { return detail::evaluate_in<S>(s, width_of(s.networks, family)); });
}

} // namespace autobuild
