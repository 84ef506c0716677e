#pragma once

#include <verdant/search/report.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/constraint_text.hpp>
#include <verdant/space/constraint_text.hpp>
#include <verdant/space/json.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

namespace verdant {

namespace detail {

using ordered_json = nlohmann::ordered_json;

/// JSON has no infinity and no NaN: such numbers become null.
[[nodiscard]] inline ordered_json number_json(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr); }

/// Messages of exceptions come from anywhere; what in them is no UTF-8 is replaced, since JSON is.
[[nodiscard]] inline ordered_json text_json(const std::string& text) {
    return ordered_json::parse(ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

[[nodiscard]] inline ordered_json space_json(const space_view& space) {
    ordered_json all{{"parameters", ordered_json::array()}, {"constraints", ordered_json::array()}};
    for (std::size_t p = 0; p < space.size(); ++p) {
        auto values = ordered_json::array();
        for (std::size_t i = 0; i < space.domain_size(p); ++i) values.push_back(parameter_json<ordered_json>(space, p, i));
        all["parameters"].push_back({{"name", space.name(p)}, {"values", std::move(values)}});
    }
    for (std::size_t c = 0; c < space.constraint_count(); ++c) all["constraints"].push_back(constraint_text(space, c));
    return all;
}

template <class Goals>
[[nodiscard]] ordered_json goals_json(const typename Goals::limits_type& limits) {
    auto all = ordered_json::array();
    std::size_t o = 0, c = 0;
    Goals::for_each([&]<class G>() {
        using metric = typename G::metric_type;
        ordered_json one{{"goal", "track"}, {"metric", metric::name()}, {"unit", metric::unit::symbol()}};
        if constexpr (objective<G>) {
            one["goal"] = G::maximized ? "maximize" : "minimize";
            one["threshold"] = number_json(limits.threshold[o++] / metric::unit::factor);
        } else if constexpr (constraint<G>) {
            one["goal"] = "subject_to";
            one["at_least"] = number_json(limits.low[c] / metric::unit::factor);
            one["at_most"] = number_json(limits.high[c++] / metric::unit::factor);
        }
        all.push_back(std::move(one));
    });
    return all;
}

template <class Record>
struct metrics_json;
template <class... M>
struct metrics_json<metrics<M...>> {
    [[nodiscard]] static ordered_json of(const metrics<M...>& values) {
        ordered_json all = ordered_json::object();
        ((all[std::string{M::name()}] = number_json(reported<M>(values))), ...);
        return all;
    }
};

} // namespace detail

/// A finished search as JSON: space, goals, how it ran, every trial, the front. Metrics are in the units that `goals` states; numbers that are
/// not finite are null.
/// @param options the options it ran with
template <class Space, class Goals, class OptimizerOptions>
[[nodiscard]] nlohmann::ordered_json study_json(const search_result<Space, Goals>& result, const search_options<OptimizerOptions>& options) {
    using detail::ordered_json;
    ordered_json study{{"format", "verdant study"}, {"version", 1}};
    study["space"] = detail::space_json(view_of<Space>);
    study["goals"] = detail::goals_json<Goals>(result.limits());
    study["run"] = {{"trials_asked", options.trials},
                    {"trials_made", result.trials().size()},
                    {"seed", options.seed},
                    {"stopped", result.reason() == stop_reason::trials ? "trials" : "exhausted"},
                    {"known_points_proposed", result.repeated()}};
    const auto volume = result.hypervolume();
    study["hypervolume_si"] = volume ? detail::number_json(*volume) : ordered_json(nullptr);
    auto trials = ordered_json::array();
    for (const auto& t : result.trials()) {
        ordered_json one{{"trial", t.number}, {"status", status_text(t)}, {"point", point_json(t.point)}};
        if (t.completed()) {
            one["metrics"] = detail::metrics_json<typename Goals::metrics_type>::of(t.values);
            one["violation"] = detail::number_json(t.violation);
        } else {
            one["message"] = detail::text_json(t.message);
        }
        trials.push_back(std::move(one));
    }
    study["trials"] = std::move(trials);
    auto front = ordered_json::array();
    for (const auto& t : result.front()) front.push_back(t.number);
    study["front"] = std::move(front);
    return study;
}

} // namespace verdant
