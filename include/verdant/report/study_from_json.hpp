#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/report/detail/kept_front.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/units.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Studies read from JSON, without the types of the program that wrote them.
namespace verdant {

namespace detail {

class study_json_reader {
    using json = nlohmann::ordered_json;

public:
    explicit study_json_reader(std::string_view source) : source_{source} {}

    [[nodiscard]] stored_study read(const json& file) {
        object(file, "",
               {"format", "version", "library", "space", "goals", "run", "consumption", "hypervolume_unit", "hypervolume_si", "trials", "front"});
        if (text(member(file, "", "format"), "format") != "verdant study") fail("format", "'verdant study'", file["format"]);
        if (count(member(file, "", "version"), "version") != 1) fail("version", "1", file["version"]);
        auto& d = study_.description;
        d.library = text(member(file, "", "library"), "library");
        read_space(member(file, "", "space"));
        read_goals(member(file, "", "goals"));
        read_run(member(file, "", "run"));
        if (const auto one = file.find("consumption"); one != file.end()) read_consumption(*one);
        const auto columns = columns_of_study<>({.description = d}, source_);
        for (const auto& one : list(member(file, "", "trials"), "trials")) read_trial(one, columns);
        if (const auto made = file["run"].find("trials_made"); made != file["run"].end() && count(*made, "run.trials_made") != study_.trials.size())
            fail("run.trials_made", std::to_string(study_.trials.size()) + ", as many as there are trials", *made);
        std::set<std::uint64_t> front;
        for (const auto& one : list(member(file, "", "front"), "front")) {
            const auto number = count(one, "front");
            if (!feasible_.contains(number) || !front.insert(number).second) fail("front", "the number of a feasible trial, each once", one);
        }
        require_front(file, columns, front);
        restore_order();
        return std::move(study_);
    }

private:
    [[noreturn]] void fail(const std::string& place, const std::string& expected, const json& found) const {
        throw input_error{source_, place, expected,
                          found.is_structured() ? found.type_name() : found.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 60)};
    }
    void object(const json& value, const std::string& place, std::vector<std::string_view> known) const {
        if (!value.is_object()) fail(place, "an object", value);
        io::check_members(value, source_, place.empty() ? "" : place + '.', known);
    }
    [[nodiscard]] const json& member(const json& value, const std::string& place, const char* name) const {
        const auto at = value.find(name);
        if (at == value.end()) throw input_error{source_, place + (place.empty() ? "" : ".") + name, "a member", "none"};
        return *at;
    }
    [[nodiscard]] const json& list(const json& value, const std::string& place) const {
        if (!value.is_array()) fail(place, "an array", value);
        return value;
    }
    [[nodiscard]] std::string text(const json& value, const std::string& place) const {
        if (!value.is_string()) fail(place, "text", value);
        return value.get<std::string>();
    }
    [[nodiscard]] std::uint64_t count(const json& value, const std::string& place) const {
        if (!value.is_number_unsigned()) fail(place, "a whole number of 0 or more", value);
        return value.get<std::uint64_t>();
    }
    [[nodiscard]] double number(const json& value, const std::string& place) const {
        if (!value.is_number() || !std::isfinite(value.get<double>())) fail(place, "a number", value);
        return value.get<double>();
    }

    /// A number of a unit in SI units, where it may be too large or too small.
    [[nodiscard]] double in_si(const json& value, const std::string& place, double factor) const {
        const double read = number(value, place), si = read * factor;
        if (!std::isfinite(si) || (si == 0) != (read == 0)) fail(place, "a number that SI units have, too", value);
        return si;
    }

    /// The text of a value, as kept studies have it.
    [[nodiscard]] std::string value(const json& v, const std::string& kind, const std::string& place) const {
        if (kind == "integer" && v.is_number_integer())
            return v.is_number_unsigned() ? std::to_string(v.get<std::uint64_t>()) : std::to_string(v.get<std::int64_t>());
        if (kind == "real" && v.is_number()) return stored_number_text(number(v, place));
        if (kind == "boolean" && v.is_boolean()) return v.get<bool>() ? "true" : "false";
        if (kind == "text" && v.is_string()) return v.get<std::string>();
        fail(place, "a value of the kind " + kind, v);
    }

    void read_space(const json& space) {
        object(space, "space", {"parameters", "constraints"});
        for (const auto& one : list(member(space, "space", "parameters"), "space.parameters")) {
            const auto place = "space.parameters[" + std::to_string(domains_.size()) + ']';
            object(one, place, {"name", "kind", "values", "domain", "when"});
            stored_parameter p{.name = text(member(one, place, "name"), place + ".name"), .kind = text(member(one, place, "kind"), place + ".kind")};
            if (p.kind != "integer" && p.kind != "real" && p.kind != "boolean" && p.kind != "text")
                fail(place + ".kind", "integer, real, boolean or text", one["kind"]);
            for (const auto& other : study_.description.parameters)
                if (other.name == p.name) fail(place + ".name", "a name that no parameter before has", one["name"]);
            auto& values = domains_.emplace_back();
            for (const auto& v : list(member(one, place, "values"), place + ".values")) {
                auto word = value(v, p.kind, place + ".values");
                p.domain += (values.empty() ? "" : ", ") + quoted_where_needed(word);
                if (!values.insert(std::move(word)).second) fail(place + ".values", "each value once", v);
            }
            if (values.empty()) fail(place + ".values", "some values", one["values"]);
            if (one.contains("domain")) p.domain = text(one["domain"], place + ".domain");
            if (one.contains("when")) p.condition = text(one["when"], place + ".when");
            study_.description.parameters.push_back(std::move(p));
        }
        for (const auto& one : list(member(space, "space", "constraints"), "space.constraints"))
            study_.description.constraints.push_back(text(one, "space.constraints"));
    }

    /// A limit in SI units; NaN where it is null.
    [[nodiscard]] double limit(const json& goal, const std::string& place, const char* name, double factor, double none) const {
        const auto& value = member(goal, place, name);
        const auto exact = goal.find(std::string{name} + "_si");
        if (exact != goal.end()) return number(*exact, place + '.' + name + "_si");
        return value.is_null() ? none : in_si(value, place + '.' + name, factor);
    }

    void read_goals(const json& goals) {
        constexpr auto none = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
        auto& d = study_.description;
        for (const auto& one : list(goals, "goals")) {
            const auto place = "goals[" + std::to_string(d.goals.size()) + ']';
            object(one, place, {"goal", "metric", "unit", "factor", "threshold", "threshold_si", "at_least", "at_least_si", "at_most", "at_most_si"});
            stored_goal g{text(member(one, place, "goal"), place + ".goal"),
                          text(member(one, place, "metric"), place + ".metric"),
                          text(member(one, place, "unit"), place + ".unit"),
                          number(member(one, place, "factor"), place + ".factor"),
                          none,
                          none,
                          none};
            if (!(g.factor > 0)) fail(place + ".factor", "a number above 0", one["factor"]);
            if (g.kind == "maximize" || g.kind == "minimize") g.threshold = limit(one, place, "threshold", g.factor, none);
            else if (g.kind == "subject_to") {
                g.low = limit(one, place, "at_least", g.factor, -infinity);
                g.high = limit(one, place, "at_most", g.factor, infinity);
            } else if (g.kind != "track") fail(place + ".goal", "maximize, minimize, subject_to or track", one["goal"]);
            if (std::find(d.metrics.begin(), d.metrics.end(), g.metric) == d.metrics.end()) {
                d.metrics.push_back(g.metric);
                factors_.push_back(g.factor);
            }
            d.goals.push_back(std::move(g));
        }
    }

    /// The front and its hypervolume follow from the metrics, but for rounding.
    void require_front(const json& file, const study_columns& columns, const std::set<std::uint64_t>& front) const {
        if (columns.objectives.empty()) return;
        const auto rows = rows_of_front<>(columns, study_.trials, feasible_, front, source_);
        const auto said = file.find("hypervolume_si");
        if (said == file.end()) return;
        if (!said->is_null() && !(number(*said, "hypervolume_si") >= 0)) fail("hypervolume_si", "a number of 0 or more, or null", *said);
        const auto found = volume_of_front<>(columns, rows);
        if (!found) return; // too long to compute again
        const auto [volume, scale] = *found;
        const bool same =
            std::isfinite(volume) ? !said->is_null() && std::abs(said->get<double>() - volume) <= 1e-9 * (volume + scale) : said->is_null();
        if (!same) fail("hypervolume_si", (std::isfinite(volume) ? exact_text(volume) : "null") + ", as thresholds and metrics say", *said);
    }

    /// Beside what a search says of itself, a program may have put its own facts there.
    void read_run(const json& run) {
        if (!run.is_object()) fail("run", "an object", run);
        auto& d = study_.description;
        d.seed = count(member(run, "run", "seed"), "run.seed");
        d.batch = count(member(run, "run", "batch"), "run.batch");
        d.optimizer = text(member(run, "run", "optimizer"), "run.optimizer");
        if (const auto options = run.find("options"); options != run.end()) {
            if (!options->is_object()) fail("run.options", "an object", *options);
            for (const auto& [name, v] : options->items()) {
                if (v.is_structured() || v.is_null()) fail("run.options." + name, "a number, a truth value or text", v);
                d.options.push_back({name, v.is_string()         ? v.get<std::string>()
                                           : v.is_number_float() ? stored_number_text(v.get<double>())
                                                                 : v.dump()});
            }
        }
    }

    void read_consumption(const json& one) {
        object(one, "consumption", {"seconds", "joules", "kg_co2e", "runs", "method", "workers"});
        const auto amount = [&](const json& from, const std::string& place, const char* name) {
            const auto& v = member(from, place, name);
            if (number(v, place + '.' + name) < 0) fail(place + '.' + name, "0 or more", v);
            return v.get<double>();
        };
        search_consumption read;
        read.took = si::time::from_value(amount(one, "consumption", "seconds"));
        const auto energies = [&](const json& from, const std::string& place, auto& to) {
            const auto& joules_of = member(from, place, "joules");
            object(joules_of, place + ".joules", {"processors", "graphics", "memory"});
            to.processors = si::energy::from_value(amount(joules_of, place + ".joules", "processors"));
            to.graphics = si::energy::from_value(amount(joules_of, place + ".joules", "graphics"));
            to.memory = si::energy::from_value(amount(joules_of, place + ".joules", "memory"));
            to.emitted = si::mass::from_value(amount(from, place, "kg_co2e"));
        };
        energies(one, "consumption", read);
        read.runs = count(member(one, "consumption", "runs"), "consumption.runs");
        if (read.runs == 0) fail("consumption.runs", "1 or more", one["runs"]);
        read.method = text(member(one, "consumption", "method"), "consumption.method");
        if (const auto workers = one.find("workers"); workers != one.end())
            for (const auto& w : list(*workers, "consumption.workers")) {
                const auto place = "consumption.workers[" + std::to_string(read.workers.size()) + ']';
                object(w, place, {"worker", "joules", "kg_co2e"});
                consumption_share share{.worker = text(member(w, place, "worker"), place + ".worker")};
                if (!is_worker_name(share.worker)) fail(place + ".worker", "a name without \"; \"", w["worker"]);
                energies(w, place, share);
                const auto before = read.workers.size();
                read.workers.add(share);
                if (read.workers.size() == before) fail(place + ".worker", "each worker once", w["worker"]);
            }
        require_parts(read, one);
        study_.consumption.push_back(std::move(read));
    }

    /// Shares are parts of what all consumed: sums may exceed it by their rounding.
    void require_parts(const search_consumption& all, const json& one) const {
        consumption_share sum;
        for (const auto& w : all.workers) {
            sum.processors += w.processors;
            sum.graphics += w.graphics;
            sum.memory += w.memory;
            sum.emitted += w.emitted;
        }
        const auto require = [&](const std::string& name, double parts, double whole, const json& found) {
            if (parts > whole * (1 + 1e-9)) fail("consumption." + name, "at least the " + exact_text(parts) + " of its workers", found);
        };
        const auto& joules_of = member(one, "consumption", "joules");
        require("joules.processors", sum.processors.value(), all.processors.value(), member(joules_of, "consumption.joules", "processors"));
        require("joules.graphics", sum.graphics.value(), all.graphics.value(), member(joules_of, "consumption.joules", "graphics"));
        require("joules.memory", sum.memory.value(), all.memory.value(), member(joules_of, "consumption.joules", "memory"));
        require("kg_co2e", sum.emitted.value(), all.emitted.value(), member(one, "consumption", "kg_co2e"));
    }

    void read_trial(const json& one, const study_columns& columns) {
        const auto place = "trials[" + std::to_string(study_.trials.size()) + ']';
        object(one, place, {"trial", "status", "point", "metrics", "metrics_si", "violation", "message", "origin", "started", "ended", "seconds"});
        stored_trial t{.number = count(member(one, place, "trial"), place + ".trial")};
        if (!numbers_.insert(t.number).second) fail(place + ".trial", "a number that no trial before has", one["trial"]);
        t.told = study_.trials.size();
        const auto status = text(member(one, place, "status"), place + ".status");
        if (status != "feasible" && status != "infeasible" && status != "failed")
            fail(place + ".status", "feasible, infeasible or failed", one["status"]);
        t.completed = status != "failed";
        read_point(member(one, place, "point"), place + ".point", t);
        if (!points_.insert(t.parameters).second) fail(place + ".point", "a point that no trial before has", one["point"]);
        if (t.completed) {
            if (one.contains("message")) fail(place + ".message", "nothing, since the trial did not fail", one["message"]);
            read_metrics(one, place, t);
            require_outcome(one, place, t, columns);
        } else {
            t.message = text(member(one, place, "message"), place + ".message");
            for (const char* name : {"metrics", "metrics_si", "violation"})
                if (one.contains(name)) fail(place + '.' + name, "nothing, since the trial failed", one[name]);
        }
        if (one.contains("origin")) {
            if (text(one["origin"], place + ".origin") != trial_origin_text(trial_origin::start_point))
                fail(place + ".origin", "'start point'", one["origin"]);
            t.origin = trial_origin::start_point;
        }
        const auto instant = [&](const char* name) {
            if (!one.contains(name)) return trial_times{}.started;
            const auto seconds = utc_seconds(text(one[name], place + '.' + name));
            if (!seconds) fail(place + '.' + name, "a time like 2026-11-28T12:00:00.000000Z", one[name]);
            return *seconds;
        };
        t.times = {instant("started"), instant("ended")};
        if (t.times.ended < t.times.started) fail(place + ".ended", "a time not before that of started", one["ended"]);
        if (t.times.known() != one.contains("seconds") ||
            (t.times.known() && std::abs(number(one["seconds"], place + ".seconds") - t.times.duration().value()) > 1e-5))
            throw input_error{source_, place + ".seconds", "the seconds from started to ended", one.contains("seconds") ? "others" : "none"};
        if (status == "feasible") feasible_.insert(t.number);
        study_.trials.push_back(std::move(t));
    }

    /// Whether a trial is feasible follows from its metrics.
    void require_outcome(const json& one, const std::string& place, const stored_trial& t, const study_columns& columns) const {
        const bool feasible = one["status"] == "feasible";
        if (!detail::fits_outcome(columns, t.metrics, feasible))
            fail(place + ".status", feasible ? "infeasible, as the metrics say" : "feasible, as the metrics say", one["status"]);
        const auto said = one.find("violation");
        if (said == one.end()) return;
        double sum = 0;
        for (const auto& c : columns.constraints) sum += c.excess(t.metrics[c.metric]);
        for (const auto& o : columns.objectives)
            if (!std::isfinite(t.metrics[o.metric])) sum = std::numeric_limits<double>::infinity();
        const bool same = std::isfinite(sum) ? said->is_number() && std::abs(said->get<double>() - sum) <= 1e-9 * (1 + sum) : said->is_null();
        if (!same || (*said == 0) != feasible)
            fail(place + ".violation", (std::isfinite(sum) ? exact_text(sum) : "null") + ", as the metrics say", *said);
    }

    /// Trials stand in the order told. Where their numbers are in another one, they were told as they were completed.
    void restore_order() {
        auto& trials = study_.trials;
        bool by_number = true;
        for (std::size_t i = 0; i < trials.size(); ++i) by_number = by_number && trials[i].number == i;
        if (by_number) {
            for (auto& t : trials) t.told.reset();
            return;
        }
        study_.description.order = "as_completed";
        std::sort(trials.begin(), trials.end(), [](const stored_trial& a, const stored_trial& b) { return a.number < b.number; });
    }

    void read_point(const json& point, const std::string& place, stored_trial& t) const {
        std::vector<std::string_view> names;
        for (const auto& p : study_.description.parameters) names.push_back(p.name);
        object(point, place, names);
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto& p = study_.description.parameters[i];
            const auto& v = member(point, place, p.name.c_str());
            if (v.is_null() && !p.condition.empty()) t.parameters.emplace_back();
            else {
                t.parameters.push_back(value(v, p.kind, place + '.' + p.name));
                if (!domains_[i].contains(t.parameters.back())) fail(place + '.' + p.name, "one of " + p.domain, v);
            }
        }
    }

    void read_metrics(const json& one, const std::string& place, stored_trial& t) const {
        const auto& metrics = member(one, place, "metrics");
        const std::vector<std::string_view> names{study_.description.metrics.begin(), study_.description.metrics.end()};
        object(metrics, place + ".metrics", names);
        const auto exact = one.find("metrics_si");
        if (exact != one.end()) object(*exact, place + ".metrics_si", names);
        for (std::size_t m = 0; m < names.size(); ++m) {
            const auto name = std::string{names[m]};
            const auto& v = member(metrics, place + ".metrics", name.c_str());
            if (exact == one.end() || !exact->contains(name)) {
                t.metrics.push_back(in_si(v, place + ".metrics." + name, factors_[m]));
            } else if (const auto& e = (*exact)[name]; e.is_string() && (e == "inf" || e == "-inf") && v.is_null()) {
                t.metrics.push_back(e == "inf" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity());
            } else {
                t.metrics.push_back(number(e, place + ".metrics_si." + name));
                // Compared in the unit, as which it was written: a number of the doubles there, be it 0, may be none in SI units. One beyond them is
                // null.
                const double in_unit = t.metrics.back() / factors_[m];
                if (v.is_null() ? std::isfinite(in_unit)
                                : !(std::abs(in_unit - number(v, place + ".metrics." + name)) <= 1e-9 * std::abs(in_unit) + 1e-300))
                    fail(place + ".metrics_si." + name, "what metrics says, in SI units", e);
            }
        }
    }

    std::string source_;
    stored_study study_;
    std::vector<std::set<std::string>> domains_; ///< of the parameters
    std::vector<double> factors_; ///< of the metrics
    std::set<std::uint64_t> numbers_, feasible_; ///< of the trials, and of the feasible ones
    std::set<std::vector<std::string>> points_;
};

} // namespace detail

/// A study from what `study_json` wrote: names, columns and values, without the types of the program; `sqlite_storage::load` gives the same of a kept
/// study. Metrics are in SI units. Members of `run` that are a program's own are passed over.
/// @param source what errors call the text: a file's name
/// @throws input_error with the place of what is missing, unknown, of another kind, out of its domain or there twice
template <class = instantiated_when_used>
[[nodiscard]] stored_study study_from_json(std::string_view text, std::string_view source) {
    return detail::study_json_reader{source}.read(io::parse_json<nlohmann::ordered_json>(text, source));
}
VERDANT_DEFINED_ONCE(stored_study study_from_json<>(std::string_view, std::string_view));

} // namespace verdant
