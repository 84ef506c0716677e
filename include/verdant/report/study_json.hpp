#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/hypervolume_unit.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/report/report.hpp>
#include <verdant/report/search_consumption_json.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/constraint_text.hpp>
#include <verdant/space/json.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/text/utc.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// A result as JSON.
namespace verdant {

namespace detail {

using ordered_json = nlohmann::ordered_json;

/// JSON has no infinity and no NaN: such numbers become null.
[[nodiscard]] inline ordered_json number_json(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr); }

/// A number of SI units in the unit that reports use, and where that does not say it exactly, the number itself, under `name_si`: as text where it is
/// infinite.
template <class = instantiated_when_used>
void put_number(ordered_json& object, const std::string& name, double si, double factor, ordered_json& exact, const std::string& exact_name) {
    object[name] = number_json(si / factor);
    if (std::isnan(si) || (std::isfinite(si) && si / factor * factor == si)) return;
    exact[exact_name] = std::isfinite(si) ? ordered_json(si) : ordered_json(si > 0 ? "inf" : "-inf");
}
VERDANT_DEFINED_ONCE(void put_number<>(ordered_json&, const std::string&, double, double, ordered_json&, const std::string&));

/// Messages of exceptions come from anywhere; what in them is no UTF-8 is replaced, since JSON is.
template <class = instantiated_when_used>
[[nodiscard]] ordered_json text_json(const std::string& text) {
    return ordered_json::parse(ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}
VERDANT_DEFINED_ONCE(ordered_json text_json<>(const std::string&));

template <class = instantiated_when_used>
[[nodiscard]] ordered_json space_json(const space_view& space) {
    ordered_json all{{"parameters", ordered_json::array()}, {"constraints", ordered_json::array()}};
    for (std::size_t p = 0; p < space.size(); ++p) {
        auto values = ordered_json::array();
        for (std::size_t i = 0; i < space.domain_size(p); ++i) values.push_back(parameter_json<ordered_json>(space, p, i));
        ordered_json one{{"name", space.name(p)}, {"kind", stored_kind(space.kind(p))}, {"values", std::move(values)}};
        if (space.domain_size(p) > 4096) one["domain"] = stored_domain(space, p);
        if (space.conditional(p)) one["when"] = expression_text{space}(space.guard(p));
        all["parameters"].push_back(std::move(one));
    }
    for (std::size_t c = 0; c < space.constraint_count(); ++c) all["constraints"].push_back(constraint_text(space, c));
    return all;
}
VERDANT_DEFINED_ONCE(ordered_json space_json<>(const space_view&));

template <class Goals>
[[nodiscard]] ordered_json goals_json(const typename Goals::limits_type& limits) {
    auto all = ordered_json::array();
    std::size_t o = 0, c = 0;
    Goals::for_each([&]<class G>() {
        using metric = typename G::metric_type;
        ordered_json one{{"goal", "track"}, {"metric", metric::name()}, {"unit", metric::unit::symbol()}, {"factor", metric::unit::factor}};
        if constexpr (objective<G>) {
            one["goal"] = G::maximized ? "maximize" : "minimize";
            put_number(one, "threshold", limits.threshold[o++], metric::unit::factor, one, "threshold_si");
        } else if constexpr (constraint<G>) {
            one["goal"] = "subject_to";
            const double low = limits.low[c], high = limits.high[c];
            one["at_least"] = number_json(low / metric::unit::factor);
            one["at_most"] = number_json(high / metric::unit::factor);
            if (std::isfinite(low)) put_number(one, "at_least", low, metric::unit::factor, one, "at_least_si");
            if (std::isfinite(high)) put_number(one, "at_most", high, metric::unit::factor, one, "at_most_si");
            ++c;
        }
        all.push_back(std::move(one));
    });
    return all;
}

/// Writes the options that studies record into a JSON object, under the names that kept studies give them.
class options_json {
public:
    explicit options_json(ordered_json& all) : all_{all} {}
    void type(const std::string& name, std::string_view text) const { all_[name] = text; }
    template <class T>
    void value(const std::string& name, const T& value) const {
        // What JSON has no number for is a text, as storages keep it; null could not be read back.
        if constexpr (std::is_floating_point_v<T>) all_[name] = std::isfinite(value) ? ordered_json(value) : ordered_json(stored_number_text(value));
        else if constexpr (std::is_enum_v<T>) all_[name] = static_cast<std::int64_t>(value);
        else all_[name] = value;
    }
    template <class T>
    void unrecorded(const std::string&, const T&) const {}

private:
    ordered_json& all_;
};

template <class Record>
struct metrics_json;
template <class... M>
struct metrics_json<metrics<M...>> {
    static void put(const metrics<M...>& values, ordered_json& trial) {
        ordered_json all = ordered_json::object(), exact = ordered_json::object();
        (put_number(all, std::string{M::name()}, to_si(values.template get<M>()), M::unit::factor, exact, std::string{M::name()}), ...);
        trial["metrics"] = std::move(all);
        if (!exact.empty()) trial["metrics_si"] = std::move(exact);
    }
};

/// A trial as studies and logs have it.
template <class Space, class Goals>
[[nodiscard]] ordered_json trial_json(const trial<Space, Goals>& t) {
    ordered_json one{{"trial", t.number}, {"status", status_text(t)}, {"point", point_json(t.point)}};
    if (t.completed()) {
        metrics_json<typename Goals::metrics_type>::put(t.values, one);
        one["violation"] = number_json(t.violation);
    } else {
        one["message"] = text_json(t.message);
    }
    if (t.origin == trial_origin::start_point) one["origin"] = trial_origin_text(t.origin);
    if (!std::isnan(t.times.started)) one["started"] = utc_text(t.times.started);
    if (!std::isnan(t.times.ended)) one["ended"] = utc_text(t.times.ended);
    if (t.times.known()) one["seconds"] = t.times.duration().value();
    return one;
}

} // namespace detail

/// A finished search as JSON: space, goals, how it ran, every trial, the front. Metrics are in the units that `goals` states; numbers that are
/// not finite are null. Where such a number times the factor of its unit is not exactly what was measured in SI units, `metrics_si` has that, `"inf"`
/// and `"-inf"` as texts. `study_from_json` (report/study_from_json.hpp) reads it. `run.options` holds what the optimizer's options say of themselves
/// (`described`, meta/members.hpp). `consumption` is there where the search was metered.
/// @param options the options it ran with
template <class Space, class Goals, class OptimizerOptions>
[[nodiscard]] nlohmann::ordered_json study_json(const search_result<Space, Goals>& result, const search_options<OptimizerOptions>& options) {
    using detail::ordered_json;
    ordered_json study{{"format", "verdant study"}, {"version", 1}, {"library", detail::library_text()}};
    study["space"] = detail::space_json(view_of<Space>);
    study["goals"] = detail::goals_json<Goals>(result.limits());
    if (result.seed() && *result.seed() != options.seed)
        throw input_error{"study_json", "seed", "that of the search, " + std::to_string(*result.seed()), std::to_string(options.seed)};
    if (result.trials_asked() != 0 && result.trials_asked() != options.trials)
        throw input_error{"study_json", "trials", "as many as the search was asked for, " + std::to_string(result.trials_asked()),
                          std::to_string(options.trials)};
    study["run"] = {{"trials_asked", options.trials},
                    {"trials_made", result.trials().size()},
                    {"seed", options.seed},
                    {"stopped", stop_reason_text(result.reason())},
                    {"known_points_proposed", result.repeated()},
                    {"optimizer", result.optimizer()},
                    {"batch", options.batch}};
    if constexpr (described_struct<OptimizerOptions>) {
        auto described = ordered_json::object();
        for_each_option(options.optimizer, detail::options_json{described});
        if (!described.empty()) study["run"]["options"] = std::move(described);
    }
    if (result.consumption()) study["consumption"] = search_consumption_json(*result.consumption());
    const auto volume = result.hypervolume();
    study["hypervolume_unit"] = hypervolume_unit<Goals>();
    study["hypervolume_si"] = volume ? detail::number_json(*volume) : ordered_json(nullptr);
    auto trials = ordered_json::array();
    for (const auto& t : result.trials()) { trials.push_back(detail::trial_json(t)); }
    study["trials"] = std::move(trials);
    auto front = ordered_json::array();
    for (const auto& t : result.front()) front.push_back(t.number);
    study["front"] = std::move(front);
    return study;
}

/// Refused: options in braces have no type here.
template <class Space, class Goals>
nlohmann::ordered_json study_json(const search_result<Space, Goals>&, const detail::misspelt_options&) {
    constexpr bool has_type = sizeof(Space) == 0;
    static_assert(has_type, "verdant: study_json takes the options that the search was run with, by name; write study_json(found, options) with the "
                            "const study::options options{...} that run had, or study::options{} where it had none");
    return {};
}

} // namespace verdant
