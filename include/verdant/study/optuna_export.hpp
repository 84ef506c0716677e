#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/kept_domain.hpp>
#include <verdant/study/optuna_study.hpp>
#include <verdant/study/sqlite_study.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/text/json_text.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/utc.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Kept studies as studies of Optuna.
namespace verdant {

namespace detail {

/// How a parameter lies in Optuna's tables.
struct optuna_parameter {
    std::string distribution{}; ///< JSON
    bool categorical = false;   ///< values are places among the choices, else the numbers themselves
};

/// Ends and step of numbers that are evenly spaced in decimal digits, and so in Optuna's arithmetic: of `10^digits` times the numbers.
struct decimal_steps {
    std::int64_t low = 0, high = 0, step = 1;
    double scale = 1;
};

/// @param count of all values, of which `numbers` may be some of the first and the last
[[nodiscard]] inline std::optional<decimal_steps> decimal_steps_of(const std::vector<double>& numbers, std::size_t count) {
    if (numbers.empty()) return std::nullopt;
    for (double scale = 1; scale <= 1e12; scale *= 10) {
        std::vector<std::int64_t> whole;
        for (const auto x : numbers) {
            const double scaled = x * scale;
            if (!(std::abs(scaled) < 1e15) || std::abs(scaled - std::round(scaled)) > 1e-9 * std::abs(scaled)) break;
            whole.push_back(static_cast<std::int64_t>(std::llround(scaled)));
        }
        if (whole.size() != numbers.size()) continue;
        decimal_steps out{whole.front(), whole.back(), whole.size() > 1 ? whole[1] - whole[0] : 1, scale};
        if (out.step < 1 || (out.high - out.low) != out.step * static_cast<std::int64_t>(count - 1)) return std::nullopt;
        for (std::size_t i = 1; i < whole.size() && (i + 1 < whole.size() || whole.size() == count); ++i)
            if (whole[i] - whole[i - 1] != out.step) return std::nullopt;
        return out;
    }
    return std::nullopt;
}

/// The numbers of a domain that is kept by its ends, and how many values it has: `2, 4, 6, 8, 10, ..., 9000 (4500 values)`.
[[nodiscard]] inline std::size_t ends_of(const stored_parameter& p, std::vector<double>& numbers) {
    auto words = domain_values<>(p.domain);
    std::size_t count = 0;
    const auto mark = words.back().find(" (");
    if (mark != std::string::npos) std::from_chars(words.back().data() + mark + 2, words.back().data() + words.back().size(), count);
    words.back().resize(std::min(mark, words.back().size()));
    for (const auto& w : words)
        if (const auto x = number_of(w)) numbers.push_back(*x);
    return count;
}

[[nodiscard]] inline optuna_parameter optuna_form(const stored_parameter& p, std::string_view source) {
    const kept_domain domain{p};
    std::vector<double> numbers;
    std::size_t count = domain.values().size();
    if (!domain.listed()) count = ends_of(p, numbers);
    else if (domain.numbers())
        for (const auto& v : domain.values()) numbers.push_back(number_of(v).value_or(0));
    if (domain.numbers()) {
        const auto steps = decimal_steps_of(numbers, count);
        const auto in = [&](std::int64_t v) { return steps->scale == 1 ? std::to_string(v) : exact_text(static_cast<double>(v) / steps->scale); };
        if (steps && (p.kind == "real" || steps->scale == 1))
            return {"{\"name\": \"" + std::string{p.kind == "real" ? "Float" : "Int"} +
                    "Distribution\", \"attributes\": {\"log\": false, \"step\": " + in(steps->step) + ", \"low\": " + in(steps->low) +
                    ", \"high\": " + in(steps->high) + "}}"};
    }
    if (!domain.listed()) throw input_error{source, "parameter " + p.name, "values that are listed or evenly spaced, as Optuna needs them", p.domain};
    std::string choices;
    for (const auto& v : domain.values()) choices += (choices.empty() ? "" : ", ") + (p.kind == "text" ? json_text(v) : v);
    return {"{\"name\": \"CategoricalDistribution\", \"attributes\": {\"choices\": [" + choices + "]}}", true};
}

/// A number of JSON; infinities as text.
[[nodiscard]] inline std::string json_number(double value) {
    return std::isfinite(value) ? exact_text(value) : std::isnan(value) ? "null" : value > 0 ? "\"inf\"" : "\"-inf\"";
}

/// Makes Optuna's tables, with their names, columns and keys (optuna/storages/_rdb/models.py of Optuna 3.1).
inline void create_optuna_tables(SQLite::Database& db) {
    const auto table = [&db](const std::string& name, const std::string& key, const std::string& columns) {
        db.exec("CREATE TABLE " + name + " (" + key + " INTEGER NOT NULL, " + columns + ", PRIMARY KEY (" + key + "))");
    };
    const auto attributes = [&table](const std::string& of, const std::string& kind) {
        table(of + '_' + kind + "_attributes", of + '_' + kind + "_attribute_id",
              of + "_id INTEGER REFERENCES " + (of == "study" ? "studies" : "trials") + " (" + of +
                  "_id), \"key\" VARCHAR(512), value_json TEXT, UNIQUE (" + of + "_id, \"key\")");
    };
    const std::string trial = "trial_id INTEGER NOT NULL REFERENCES trials (trial_id), ";
    table("studies", "study_id", "study_name VARCHAR(512) NOT NULL");
    db.exec("CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name)");
    table("version_info", "version_info_id", "schema_version INTEGER, library_version VARCHAR(256), CHECK (version_info_id = 1)");
    table("study_directions", "study_direction_id",
          "direction VARCHAR(8) NOT NULL, study_id INTEGER NOT NULL REFERENCES studies (study_id), objective INTEGER NOT NULL, UNIQUE (study_id, "
          "objective)");
    table("trials", "trial_id",
          "number INTEGER, study_id INTEGER REFERENCES studies (study_id), state VARCHAR(8) NOT NULL, datetime_start DATETIME, datetime_complete "
          "DATETIME");
    for (const auto* of : {"study", "trial"})
        for (const auto* kind : {"user", "system"}) attributes(of, kind);
    table("trial_params", "param_id",
          "trial_id INTEGER REFERENCES trials (trial_id), param_name VARCHAR(512), param_value FLOAT, distribution_json TEXT, UNIQUE (trial_id, "
          "param_name)");
    table("trial_values", "trial_value_id",
          trial + "objective INTEGER NOT NULL, value FLOAT, value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, objective)");
    table("trial_intermediate_values", "trial_intermediate_value_id",
          trial + "step INTEGER NOT NULL, intermediate_value FLOAT, intermediate_value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, step)");
    table("trial_heartbeats", "trial_heartbeat_id", trial + "heartbeat DATETIME NOT NULL, UNIQUE (trial_id)");
    db.exec("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, PRIMARY KEY (version_num))");
    db.exec("INSERT INTO alembic_version VALUES ('v3.0.0.d')");
    db.exec("INSERT INTO version_info VALUES (1, " + std::to_string(optuna_schema) + ", '3.1.0')");
}

template <class Deferred = instantiated_when_used>
class basic_optuna_writer {
public:
    basic_optuna_writer(SQLite::Database& db, const stored_study& study, const std::string& name, std::string_view source)
        : study_{study}, source_{source}, table_{columns_of_study<Deferred>(study, source)},
          trial_{db, "INSERT INTO trials VALUES (?, ?, 1, ?, ?, ?)"},
          parameter_{db, "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)"},
          value_{db, "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, ?)"},
          user_{db, "INSERT INTO trial_user_attributes (trial_id, \"key\", value_json) VALUES (?, ?, ?)"},
          system_{db, "INSERT INTO trial_system_attributes (trial_id, \"key\", value_json) VALUES (?, ?, ?)"} {
        if (table_.objectives.empty()) throw input_error{source, "goals", "an objective, which Optuna needs", "none"};
        for (const auto& p : study.description.parameters) {
            forms_.push_back(optuna_form(p, source));
            domains_.emplace_back(p);
        }
        describe(db, name);
    }

    void write_all() {
        for (std::size_t t = 0; t < study_.trials.size(); ++t) {
            const auto& one = study_.trials[t];
            begin_finished(one);
            put_parameters(one.parameters);
            if (one.completed) put_values(t);
            else run(user_, id_, std::string{"message"}, json_text(one.message));
            if (one.origin == trial_origin::start_point && !names_metric("origin"))
                run(user_, id_, std::string{"origin"}, json_text(trial_origin_text(one.origin)));
            if (one.times.worker != 0 && !names_metric("worker")) run(user_, id_, std::string{"worker"}, std::to_string(one.times.worker));
        }
        // When pending ones began is not kept: the last time that is known is next to it.
        double last = no_time;
        for (const auto& t : study_.trials)
            for (const auto when : {t.times.started, t.times.ended})
                if (!std::isnan(when) && !(when <= last && last != no_time)) last = when;
        for (const auto& p : study_.pending) {
            begin(p.number, "RUNNING", last, std::numeric_limits<double>::quiet_NaN());
            put_parameters(p.parameters);
            run(system_, id_, std::string{optuna_unknown_times}, std::string{"[\"started\"]"});
        }
    }

private:
    /// An attribute of that name is the metric's.
    [[nodiscard]] bool names_metric(std::string_view name) const {
        for (const auto& m : table_.metrics)
            if (m.name == name) return true;
        return false;
    }
    static void bind(SQLite::Statement& row, int at, std::int64_t value) { row.bind(at, value); }
    static void bind(SQLite::Statement& row, int at, const std::string& value) { row.bind(at, value); }
    static void bind(SQLite::Statement& row, int at, double value) {
        if (std::isfinite(value)) row.bind(at, value);
        else row.bind(at);
    }
    template <class... Values>
    static void run(SQLite::Statement& row, const Values&... values) {
        int at = 0;
        (bind(row, ++at, values), ...);
        row.exec();
        row.reset();
    }

    void describe(SQLite::Database& db, const std::string& name) {
        const auto& d = study_.description;
        SQLite::Statement study{db, "INSERT INTO studies VALUES (1, ?)"};
        run(study, name);
        SQLite::Statement direction{db, "INSERT INTO study_directions (direction, study_id, objective) VALUES (?, 1, ?)"};
        std::string names, units;
        for (std::size_t o = 0; o < table_.objectives.size(); ++o) {
            const auto& m = table_.metrics[table_.objectives[o].metric];
            run(direction, std::string{table_.objectives[o].maximized ? "MAXIMIZE" : "MINIMIZE"}, static_cast<std::int64_t>(o));
            names += (o == 0 ? "" : ", ") + json_text(m.name);
        }
        for (const auto& m : table_.metrics) units += (units.empty() ? "" : ", ") + json_text(m.name) + ": " + json_text(m.unit);
        SQLite::Statement fact{db, "INSERT INTO study_user_attributes (study_id, \"key\", value_json) VALUES (1, ?, ?)"};
        const auto add = [&fact](const std::string& key, const std::string& json) { run(fact, key, json); };
        add("objectives", '[' + names + ']');
        add("units", '{' + units + '}');
        add("optimizer", json_text(d.optimizer));
        add("seed", std::to_string(d.seed));
        add("library", json_text(d.library));
        add("fingerprint", json_text(fingerprint<Deferred>(d)));
        std::string all;
        for (const auto& c : d.constraints) all += (all.empty() ? "" : ", ") + json_text(c);
        add("space_constraints", '[' + all + ']');
    }

    /// Optuna 3.1 makes no trial, and so copies no study with one, that began at no time, or is finished and ended at none (`FrozenTrial._validate`).
    /// What is not known gets the other time of the trial, or that of 1970, and is named beside it.
    void begin_finished(const stored_trial& t) {
        const bool began = !std::isnan(t.times.started), ended = !std::isnan(t.times.ended);
        begin(t.number, t.completed ? "COMPLETE" : "FAIL",
              began   ? t.times.started
              : ended ? t.times.ended
                      : no_time,
              ended   ? t.times.ended
              : began ? t.times.started
                      : no_time);
        if (began && ended) return;
        run(system_, id_, std::string{optuna_unknown_times},
            std::string{began   ? "[\"ended\"]"
                        : ended ? "[\"started\"]"
                                : "[\"started\", \"ended\"]"});
    }
    void begin(std::uint64_t number, const std::string& state, double started, double ended) {
        ++id_;
        const auto instant = [](double seconds) {
            auto text = std::isnan(seconds) ? std::string{} : utc_text(seconds);
            if (text.empty()) return text;
            text[10] = ' ';
            text.pop_back();
            return text;
        };
        trial_.bind(1, id_);
        trial_.bind(2, static_cast<std::int64_t>(number));
        trial_.bind(3, state);
        for (int at = 4; at <= 5; ++at) {
            const auto text = instant(at == 4 ? started : ended);
            if (text.empty()) trial_.bind(at);
            else trial_.bind(at, text);
        }
        trial_.exec();
        trial_.reset();
    }

    void put_parameters(const std::vector<std::string>& values) {
        for (std::size_t p = 0; p < values.size(); ++p) {
            const auto& one = study_.description.parameters[p];
            if (values[p].empty() && !one.condition.empty()) continue;
            run(parameter_, id_, one.name,
                forms_[p].categorical ? static_cast<double>(domains_[p].find(values[p])) : number_of(values[p]).value_or(0), forms_[p].distribution);
        }
    }

    void put_values(std::size_t t) {
        for (std::size_t o = 0; o < table_.objectives.size(); ++o) {
            const auto& m = table_.metrics[table_.objectives[o].metric];
            const double v = m.values[t] / m.factor;
            if (std::isnan(v))
                throw input_error{source_, "trial " + std::to_string(study_.trials[t].number) + ", metric " + m.name, "a number", "NaN"};
            run(value_, id_, static_cast<std::int64_t>(o), v, std::string{std::isfinite(v) ? "FINITE" : v > 0 ? "INF_POS" : "INF_NEG"});
        }
        std::string exact;
        for (const auto& m : table_.metrics) {
            exact += (exact.empty() ? "" : ", ") + json_text(m.name) + ": " + json_number(m.values[t]);
            if (m.name != "metrics_si") run(user_, id_, m.name, json_number(m.values[t] / m.factor)); // of that name, only the exact value
        }
        run(user_, id_, std::string{"metrics_si"}, '{' + exact + '}');
        if (table_.constraints.empty()) return;
        std::string limits;
        const auto add = [&](double excess) {
            limits += (limits.empty() ? "" : ", ") + (std::isfinite(excess) ? exact_text(excess) : excess > 0 ? "1e308" : "-1e308");
        };
        for (const auto& c : table_.constraints) {
            const auto& m = table_.metrics[c.metric];
            if (std::isfinite(c.high)) add((m.values[t] - c.high) / m.factor);
            if (std::isfinite(c.low)) add((c.low - m.values[t]) / m.factor);
        }
        run(system_, id_, std::string{"constraints"}, '[' + limits + ']');
    }

    static constexpr double no_time = 0; ///< 1970-01-01 00:00:00

    const stored_study& study_;
    std::string source_;
    study_columns table_;
    SQLite::Statement trial_, parameter_, value_, user_, system_;
    std::vector<optuna_parameter> forms_{};
    std::vector<kept_domain> domains_{};
    std::int64_t id_ = 0;
};

} // namespace detail

/// Writes a study into a new file that Optuna 3 opens: `optuna.load_study(study_name=NAME, storage="sqlite:///PATH")`. Values are in the units of the
/// goals; limits on metrics are constraints (system attribute `constraints`, at most 0 where they hold); all metrics are user attributes of their
/// names, and exactly, in SI units, in `metrics_si` (a value beyond the doubles in its unit is infinite or 0 elsewhere); why trials failed is
/// `message`. Evenly spaced numbers are `IntDistribution` or `FloatDistribution` with a step, everything else `CategoricalDistribution`. Times are in
/// UTC; since Optuna takes no trial without them, those that are not known are the other time of the trial or 1970, and the system attribute
/// `verdant:unknown_times` names them. Pending trials are `RUNNING`. Constraints of the space have no place in Optuna's tables; their texts are a
/// user attribute of the study.
/// @param source what errors call the study
/// @throws file_error where something of that name is there or it cannot be written; input_error for a study without objectives, or with a domain
/// that Optuna cannot have
template <class Deferred = instantiated_when_used>
void write_optuna_study(const std::string& path, const stored_study& study, const std::string& name, std::string_view source) {
    detail::sqlite::write_database(path, [&](SQLite::Database& db) {
        detail::create_optuna_tables(db);
        detail::basic_optuna_writer<Deferred>{db, study, name, source}.write_all();
    });
}
VERDANT_DEFINED_ONCE(void write_optuna_study<>(const std::string&, const stored_study&, const std::string&, std::string_view));

} // namespace verdant
