#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/detail/study_tables.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/units.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Writes what is kept of a study as rows of `study_tables`, whatever database they are in.
namespace verdant::detail::tables {

/// Takes the values of one row, in the order of the columns.
class row_writer {
public:
    virtual void nothing() = 0;
    virtual void integer(std::int64_t value) = 0;
    virtual void real(double value) = 0;
    virtual void text(std::string_view value) = 0;
    /// Writes the row.
    virtual void end() = 0;

    void natural(std::uint64_t value) { integer(static_cast<std::int64_t>(value)); }
    /// NULL where it is no number.
    void real_or_nothing(double value) {
        if (value != value) nothing();
        else real(value);
    }

protected:
    ~row_writer() = default;
};

/// Opens rows. The caller has a transaction open.
class rows_writer {
public:
    /// The next row of a table that the format of the study has.
    virtual row_writer& row(table_id table) = 0;

protected:
    ~rows_writer() = default;
};

/// Metrics as one text, exactly: `0.5 inf`.
[[nodiscard]] inline std::string metrics_text(const std::vector<double>& values) {
    std::string text;
    for (const auto v : values) text += (text.empty() ? "" : " ") + stored_number_text(v);
    return text;
}

[[nodiscard]] inline std::string_view status_text(bool completed) { return completed ? "completed" : "failed"; }

/// The value of a parameter by its text.
inline void write_value(row_writer& row, const stored_parameter& parameter, const std::string& text) {
    // Where there is no text for the value of a conditional parameter, there is no value.
    if (text.empty() && !parameter.condition.empty()) return row.nothing();
    const auto read = [&](auto value) {
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    };
    if (parameter.kind == "integer") row.integer(read(std::int64_t{0}));
    else if (parameter.kind == "real") row.real(read(0.0));
    else row.text(text);
}

/// A time as text; NULL where it is not known, or in no year that has four digits. @return whether there was one
inline bool write_instant(row_writer& row, double seconds) {
    const auto text = seconds == seconds ? utc_text(seconds) : std::string{};
    if (text.empty()) row.nothing();
    else row.text(text);
    return !text.empty();
}

inline void write_trial(row_writer& row, const study_description& study, int format, const stored_trial& t) {
    row.natural(t.number);
    row.text(status_text(t.completed));
    if (t.completed) row.nothing();
    else row.text(t.message);
    if (format > 1) {
        row.text(trial_origin_text(t.origin));
        const bool began = write_instant(row, t.times.started), ended = write_instant(row, t.times.ended);
        if (began && ended) row.real(t.times.duration().value());
        else row.nothing();
    }
    if (format > 2) {
        if (t.told) row.natural(*t.told);
        else row.nothing();
        if (t.times.worker != 0) row.natural(t.times.worker);
        else row.nothing();
    }
    for (std::size_t p = 0; p < t.parameters.size(); ++p) write_value(row, study.parameters[p], t.parameters[p]);
    for (std::size_t m = 0; m < study.metrics.size(); ++m) {
        if (m < t.metrics.size()) row.real(t.metrics[m]);
        else row.nothing();
    }
    row.end();
}

inline void write_pending(row_writer& row, const study_description& study, const stored_pending& one) {
    row.natural(one.number);
    for (std::size_t p = 0; p < one.parameters.size(); ++p) write_value(row, study.parameters[p], one.parameters[p]);
    row.end();
}

inline void write_ask(row_writer& row, int format, const stored_ask& ask) {
    row.natural(ask.number);
    row.natural(ask.first_trial);
    row.natural(ask.points);
    row.natural(ask.wanted);
    if (format > 2) row.natural(ask.first_number);
    row.end();
}

inline void write_state(row_writer& row, const stored_state& state) {
    row.integer(1);
    std::string words;
    for (const auto w : state.random) words += (words.empty() ? "" : " ") + std::to_string(w);
    row.text(words);
    row.natural(state.repeated);
    row.natural(state.stale);
    if (state.optimizer) row.text(*state.optimizer);
    else row.nothing();
    row.end();
}

inline void write_correction(row_writer& row, std::uint64_t position, const stored_correction& one) {
    row.natural(position);
    row.natural(one.ask);
    row.natural(one.told);
    row.natural(one.before.number);
    row.text(status_text(one.before.completed));
    row.text(one.before.message);
    row.text(metrics_text(one.before.metrics));
    row.end();
}

inline void write_evaluation(row_writer& row, std::uint64_t position, const stored_evaluation& one) {
    row.natural(position);
    row.natural(one.number);
    row.real(one.fidelity);
    row.real(one.cost);
    row.text(one.status);
    if (one.message.empty()) row.nothing();
    else row.text(one.message);
    write_instant(row, one.times.started);
    write_instant(row, one.times.ended);
    if (one.times.worker != 0) row.natural(one.times.worker);
    else row.nothing();
    row.text(metrics_text(one.metrics));
    row.end();
}

inline void write_consumption(row_writer& row, std::uint64_t run, const search_consumption& one) {
    row.natural(run);
    row.real(to_si(one.took));
    for (const auto& energy : {one.processors, one.graphics, one.memory}) row.real(to_si(energy));
    row.real(to_si(one.emitted));
    row.text(one.method);
    row.natural(one.runs);
    row.end();
}

/// Fills the tables of a new study.
template <class = instantiated_when_used>
void write_description(rows_writer& tables, const study_description& study, int format = study_format) {
    const auto texts = [&](table_id table, auto... values) {
        auto& row = tables.row(table);
        (row.text(values), ...);
        row.end();
    };
    texts(table_id::study, std::string_view{"format"}, std::to_string(format));
    texts(table_id::study, std::string_view{"library"}, study.library);
    texts(table_id::study, std::string_view{"fingerprint"}, fingerprint(study));
    texts(table_id::study, std::string_view{"optimizer"}, study.optimizer);
    texts(table_id::study, std::string_view{"seed"}, std::to_string(study.seed));
    texts(table_id::study, std::string_view{"batch"}, std::to_string(study.batch));
    if (format > 2) {
        texts(table_id::study, std::string_view{"order"}, study.order);
        texts(table_id::study, std::string_view{"fidelity"}, study.fidelity);
    }
    const auto list = [&](table_id table, const auto& values, auto write) {
        std::uint64_t position = 0;
        for (const auto& v : values) {
            auto& row = tables.row(table);
            row.natural(position++);
            write(row, v);
            row.end();
        }
    };
    const auto one_text = [](row_writer& row, const std::string& text) { row.text(text); };
    list(table_id::parameters, study.parameters, [](row_writer& row, const stored_parameter& p) {
        for (const auto* text : {&p.name, &p.kind, &p.domain, &p.condition}) row.text(*text);
    });
    list(table_id::constraints, study.constraints, one_text);
    list(table_id::goals, study.goals, [](row_writer& row, const stored_goal& g) {
        for (const auto* text : {&g.kind, &g.metric, &g.unit}) row.text(*text);
        for (const auto number : {g.factor, g.threshold, g.low, g.high}) row.real_or_nothing(number);
    });
    list(table_id::metrics, study.metrics, one_text);
    list(table_id::options, study.options, [](row_writer& row, const std::array<std::string, 2>& o) {
        row.text(o[0]);
        row.text(o[1]);
    });
    if (format > 1) list(table_id::start_points, study.start_points, one_text);
}

/// Fills the tables of a whole study, in the newest format.
template <class = instantiated_when_used>
void write_study(rows_writer& tables, const stored_study& study) {
    const auto& d = study.description;
    write_description(tables, d);
    for (const auto& a : study.asks) write_ask(tables.row(table_id::asks), study_format, a);
    if (!study.asks.empty()) write_state(tables.row(table_id::state), study.state);
    for (const auto& t : study.trials) write_trial(tables.row(table_id::trials), d, study_format, t);
    for (const auto& one : study.pending) write_pending(tables.row(table_id::pending), d, one);
    std::uint64_t position = 0;
    for (const auto& c : study.corrections) write_correction(tables.row(table_id::corrections), position++, c);
    position = 0;
    for (const auto& e : study.evaluations) write_evaluation(tables.row(table_id::evaluations), position++, e);
    position = 0;
    for (const auto& c : study.consumption)
        for (const auto& row : verdant::detail::consumption_rows(c)) write_consumption(tables.row(table_id::consumption), position++, row);
}

} // namespace verdant::detail::tables
