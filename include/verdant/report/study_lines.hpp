#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/trial_origin.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/kept_domain.hpp>
#include <verdant/study/stored_constraint.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/study/study_csv.hpp>
#include <verdant/text/json_text.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/utc.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Trials of kept studies as lines of JSON, and back.
namespace verdant {

namespace detail {

/// A number of SI units: infinite ones as text.
[[nodiscard]] inline std::string line_number(double value) {
    return std::isfinite(value) ? exact_text(value) : std::isnan(value) ? "null" : value > 0 ? "\"inf\"" : "\"-inf\"";
}

template <class Deferred = instantiated_when_used>
class basic_line_reader {
    using json = nlohmann::ordered_json;

public:
    basic_line_reader(const study_description& ours, std::string_view source)
        : ours_{ours}, source_{source}, rules_{ours}, table_{columns_of_study<Deferred>({.description = ours}, source)} {
        for (const auto& p : ours.parameters) domains_.emplace_back(p);
    }

    [[nodiscard]] stored_trial read(std::string_view line, std::size_t number) {
        place_ = "line " + std::to_string(number);
        const json one = io::parse_json<json>(line, source_ + ", " + place_);
        names(one, "", {"trial", "status", "point", "metrics", "metrics_si", "message", "origin", "started", "ended", "worker"});
        stored_trial t{.number = natural(member(one, "trial"), "trial", std::numeric_limits<std::int64_t>::max())};
        const auto status = text(member(one, "status"), "status");
        if (status != "feasible" && status != "infeasible" && status != "failed") fail("status", "feasible, infeasible or failed", one["status"]);
        t.completed = status != "failed";
        read_point(member(one, "point"), t);
        if (t.completed) {
            if (one.contains("message")) fail("message", "nothing, since the trial did not fail", one["message"]);
            read_metrics(one, t);
            if (!detail::fits_outcome(table_, t.metrics, status == "feasible"))
                fail("status", status == "feasible" ? "infeasible, as the metrics say" : "feasible, as the metrics say", one["status"]);
        } else {
            t.message = text(member(one, "message"), "message");
            for (const auto* name : {"metrics", "metrics_si"})
                if (one.contains(name)) fail(name, "nothing, since the trial failed", one[name]);
        }
        if (one.contains("origin")) {
            if (text(one["origin"], "origin") != trial_origin_text(trial_origin::start_point)) fail("origin", "'start point'", one["origin"]);
            t.origin = trial_origin::start_point;
        }
        for (const auto* name : {"started", "ended"}) {
            if (!one.contains(name)) continue;
            const auto seconds = utc_seconds(text(one[name], name));
            if (!seconds) fail(name, "a time like 2026-11-28T12:00:00.000000Z", one[name]);
            (name[0] == 's' ? t.times.started : t.times.ended) = *seconds;
        }
        if (t.times.ended < t.times.started) fail("ended", "a time not before that of started", one["ended"]);
        if (one.contains("worker"))
            t.times.worker = static_cast<std::uint32_t>(natural(one["worker"], "worker", std::numeric_limits<std::uint32_t>::max()));
        return t;
    }

private:
    [[noreturn]] void fail(const std::string& where, const std::string& expected, const json& found) const {
        throw input_error{source_, place_ + (where.empty() ? "" : ", ") + where, expected,
                          found.is_structured() ? found.type_name() : found.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 60)};
    }
    [[nodiscard]] const json& member(const json& of, const char* name) const {
        const auto at = of.find(name);
        if (at == of.end()) throw input_error{source_, place_ + ", " + name, "a member", "none"};
        return *at;
    }
    [[nodiscard]] std::string text(const json& value, const std::string& where) const {
        if (!value.is_string()) fail(where, "text", value);
        return value.get<std::string>();
    }
    [[nodiscard]] std::uint64_t natural(const json& value, const std::string& where, std::uint64_t most) const {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) fail(where, "a whole number of 0 or more", value);
        return value.get<std::uint64_t>();
    }
    void names(const json& object, const std::string& where, const std::vector<std::string_view>& all) const {
        if (!object.is_object()) fail(where, "an object", object);
        io::check_members(object, source_, place_ + ", " + where + (where.empty() ? "" : "."), all);
    }

    void read_point(const json& point, stored_trial& t) {
        std::vector<std::string_view> all;
        for (const auto& p : ours_.parameters) all.push_back(p.name);
        names(point, "point", all);
        for (std::size_t p = 0; p < all.size(); ++p) {
            const auto& one = ours_.parameters[p];
            const json& v = member(point, one.name.c_str());
            if (v.is_null() && !one.condition.empty()) {
                t.parameters.emplace_back();
                continue;
            }
            const auto code = v.is_structured() || v.is_null() ? kept_domain::none
                                                               : domains_[p].find(v.is_string()         ? v.get<std::string>()
                                                                                  : v.is_number_float() ? exact_text(v.get<double>())
                                                                                                        : v.dump());
            if (code == kept_domain::none) fail("point." + one.name, "a value of its domain", v);
            t.parameters.push_back(domains_[p].values()[code]);
        }
        if (const auto wrong = rules_(t.parameters))
            throw input_error{source_, place_ + ", point" + (wrong->parameter.empty() ? "" : '.' + wrong->parameter), wrong->expected, wrong->found};
    }
    [[nodiscard]] double metric(const json& v, const std::string& where) const {
        if (v == "inf" || v == "-inf") return (v == "inf" ? 1 : -1) * std::numeric_limits<double>::infinity();
        if (!v.is_number() || !std::isfinite(v.get<double>())) fail(where, "a number, or 'inf' or '-inf'", v);
        return v.get<double>();
    }
    /// From `metrics_si`, and from `metrics` where a line does not have these; of both, each says the same.
    void read_metrics(const json& one, stored_trial& t) const {
        const bool exact = one.contains("metrics_si"), shown = one.contains("metrics");
        const json& metrics = exact ? one["metrics_si"] : member(one, "metrics");
        for (const auto* name : {"metrics", "metrics_si"})
            if (one.contains(name)) names(one[name], name, {ours_.metrics.begin(), ours_.metrics.end()});
        for (std::size_t m = 0; m < table_.metrics.size(); ++m) {
            const auto& [name, factor] = std::pair{table_.metrics[m].name, table_.metrics[m].factor};
            const auto value = metric(member(metrics, name.c_str()), (exact ? "metrics_si." : "metrics.") + name);
            const auto si = exact ? value : value * factor;
            if (std::isfinite(value) && (!std::isfinite(si) || (si == 0) != (value == 0)))
                fail("metrics." + name, "a number that SI units have, too", metrics[name]);
            if (exact && shown && one["metrics"].contains(name)) {
                const json& v = one["metrics"][name];
                const auto in_unit = si / factor; // null where that is not a number
                const bool same = std::isfinite(in_unit) ? v.is_number() && std::abs(v.get<double>() - in_unit) <= 1e-9 * std::abs(in_unit)
                                                         : v.is_null() || (std::isinf(si) && v == (si > 0 ? "inf" : "-inf"));
                if (!same) fail("metrics." + name, (std::isfinite(in_unit) ? exact_text(in_unit) : "null") + ", as metrics_si has it", v);
            }
            t.metrics.push_back(si);
        }
    }

    const study_description& ours_;
    std::string source_, place_{};
    std::vector<kept_domain> domains_{};
    basic_point_rules<Deferred> rules_;
    study_columns table_;
};

} // namespace detail

/// The trials of a study, a JSON object a line: `trial`, `status`, `point`, `metrics` in the units of the goals, `metrics_si` exactly, and where they
/// are known `message`, `origin`, `started`, `ended`, `worker`.
/// @param source what errors call the study
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::string study_lines(const stored_study& study, std::string_view source) {
    const auto table = columns_of_study<Deferred>(study, source);
    std::string out;
    for (std::size_t t = 0; t < table.trials(); ++t) {
        const auto& one = study.trials[t];
        std::string point, metrics, exact;
        for (std::size_t p = 0; p < table.parameters.size(); ++p) {
            const auto& column = table.parameters[p];
            point += (p == 0 ? "" : ",") + json_text(column.name) + ':' +
                     (column.codes[t] == study_columns::absent ? "null"
                      : column.kind == "text"                  ? json_text(one.parameters[p])
                                                               : one.parameters[p]);
        }
        for (const auto& m : table.metrics) {
            const auto in_unit = m.values[t] / m.factor; // which may be beyond the doubles where the value is not
            metrics += (metrics.empty() ? "" : ",") + json_text(m.name) + ':' + (std::isfinite(in_unit) ? exact_text(in_unit) : "null");
            exact += (exact.empty() ? "" : ",") + json_text(m.name) + ':' + detail::line_number(m.values[t]);
        }
        out +=
            "{\"trial\":" + std::to_string(one.number) + ",\"status\":\"" + detail::outcome_text(table.outcomes[t]) + "\",\"point\":{" + point + '}';
        if (one.completed) out += ",\"metrics\":{" + metrics + "},\"metrics_si\":{" + exact + '}';
        else out += ",\"message\":" + json_text(one.message);
        if (one.origin == trial_origin::start_point) out += ",\"origin\":\"start point\"";
        if (!std::isnan(one.times.started)) out += ",\"started\":\"" + utc_text(one.times.started) + '"';
        if (!std::isnan(one.times.ended)) out += ",\"ended\":\"" + utc_text(one.times.ended) + '"';
        if (one.times.worker != 0) out += ",\"worker\":" + std::to_string(one.times.worker);
        out += "}\n";
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::string study_lines<>(const stored_study&, std::string_view));

/// A study of the space, goals and metrics of another one with the trials of such lines; numbers come back as they were, of a line without
/// `metrics_si` to within rounding of their units. What `status`, `metrics` and `metrics_si` of a line say of each other is checked. Points are there
/// once, within the constraints as far as their texts say.
/// @throws input_error that names the line and member of what is missing, unknown or does not fit
template <class Deferred = instantiated_when_used>
[[nodiscard]] stored_study study_from_lines(std::string_view text, const study_description& ours, std::string_view source) {
    stored_study out{.description = ours};
    out.description.optimizer = "imported: " + ours.optimizer;
    detail::basic_line_reader<Deferred> reader{ours, source};
    std::map<std::vector<std::string>, std::uint64_t> points;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const auto end = text.find('\n');
        const auto words = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (words.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        auto t = reader.read(words, line);
        if (!out.trials.empty() && t.number <= out.trials.back().number)
            throw input_error{source, "line " + std::to_string(line), "a number above " + std::to_string(out.trials.back().number),
                              std::to_string(t.number)};
        if (const auto [before, fresh] = points.emplace(t.parameters, t.number); !fresh)
            throw input_error{source, "line " + std::to_string(line), "a point that no trial before has",
                              "that of trial " + std::to_string(before->second)};
        out.trials.push_back(std::move(t));
    }
    return out;
}
VERDANT_DEFINED_ONCE(stored_study study_from_lines<>(std::string_view, const study_description&, std::string_view));

} // namespace verdant
