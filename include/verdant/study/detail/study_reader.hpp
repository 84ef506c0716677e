#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/detail/study_tables.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Reads a study from rows of `study_tables`, whatever database they are in.
namespace verdant::detail::tables {

/// What a cell holds.
enum class cell_type : std::uint8_t { nothing, integer, real, text };

/// A row that is read. A column is asked for what it holds, and in a column of reals for whole numbers, too.
class stored_row {
public:
    [[nodiscard]] virtual cell_type type(std::size_t column) const = 0;
    [[nodiscard]] virtual std::int64_t integer(std::size_t column) const = 0;
    [[nodiscard]] virtual double real(std::size_t column) const = 0;
    /// Of any cell.
    [[nodiscard]] virtual std::string text(std::size_t column) const = 0;

protected:
    ~stored_row() = default;
};

/// Takes the rows of a table, one after the other.
class row_taker {
public:
    virtual void take(const stored_row& row) = 0;

protected:
    ~row_taker() = default;
};

/// Tables that are read.
class table_source {
public:
    /// Gives all rows, with all columns, in the order of the first one.
    virtual void read(const study_table& table, row_taker& to) = 0;

protected:
    ~table_source() = default;
};

/// Throws input_error for what is not as `write_description` and a search leave it.
template <class Deferred = instantiated_when_used>
class basic_study_reader {
public:
    /// @param source the file or database, for errors
    basic_study_reader(table_source& tables, std::string source) : tables_{tables}, source_{std::move(source)} {}

    /// @param told the format as the database says it elsewhere; nothing where it does not
    [[nodiscard]] stored_study read(std::optional<std::int64_t> told = std::nullopt) {
        stored_study study;
        auto& d = study.description;
        read_facts(d, told);
        rows(table_id::parameters, [&] { d.parameters.push_back({text(1), text(2), text(3), text(4)}); });
        rows(table_id::constraints, [&] { d.constraints.push_back(text(1)); });
        rows(table_id::goals, [&] { d.goals.push_back({text(1), text(2), text(3), real(4), real(5), real(6), real(7)}); });
        rows(table_id::metrics, [&] { d.metrics.push_back(text(1)); });
        rows(table_id::options, [&] { d.options.push_back({text(1), text(2)}); });
        if (format_ > 1) rows(table_id::start_points, [&] { d.start_points.push_back(text(1)); });
        if (const auto print = fingerprint(d); print != fact("fingerprint"))
            throw input_error{source_, "fingerprint", print + " as the stored space has", fact("fingerprint")};
        list_ = study_tables{d, format_};
        rows(table_id::asks, [&] {
            study.asks.push_back({natural(0), natural(1), natural(2), natural(3), natural(format_ > 2 ? 4 : 1)});
            if (study.asks.back().number != study.asks.size() - 1) fail("number " + std::to_string(study.asks.size() - 1), found(0));
        });
        read_state(study);
        read_trials(study);
        if (format_ > 1) read_corrections(study);
        if (format_ > 2) {
            rows(table_id::pending, [&] { study.pending.push_back({natural(0), parameters(d, 1)}); });
            read_evaluations(study);
            read_consumption(study);
        }
        return study;
    }

    /// The format of the study that was read.
    [[nodiscard]] int format() const noexcept { return format_; }

private:
    void read_facts(study_description& d, std::optional<std::int64_t> told) {
        rows(table_id::study, [&] { facts_.push_back({text(0), text(1)}); });
        const auto stored = static_cast<std::int64_t>(number(fact("format"), "format"));
        if (stored < oldest_study_format || stored > study_format)
            throw input_error{source_, "format", std::to_string(oldest_study_format) + " to " + std::to_string(study_format), std::to_string(stored)};
        if (told && *told != stored) throw input_error{source_, "format", std::to_string(*told) + " as the file says", std::to_string(stored)};
        format_ = static_cast<int>(stored);
        list_ = study_tables{d, format_};
        d.library = fact("library");
        d.optimizer = fact("optimizer");
        d.seed = number(fact("seed"), "seed");
        d.batch = number(fact("batch"), "batch");
        if (d.batch == 0) throw input_error{source_, "batch", "at least 1", "0"};
        if (format_ < 3) return;
        d.order = fact("order");
        if (d.order != "generations" && d.order != "as_completed")
            throw input_error{source_, "order", "'generations' or 'as_completed'", '\'' + d.order + '\''};
        d.fidelity = fact("fidelity");
    }

    void read_state(stored_study& study) {
        rows(table_id::state, [&] {
            study.state.random = words(text(1));
            study.state.repeated = natural(2);
            study.state.stale = natural(3);
            if (row_->type(4) != cell_type::nothing) study.state.optimizer = text(4);
        });
        if (study.asks.empty() != (count_ == 0) || count_ > 1)
            throw input_error{source_, "state", study.asks.empty() ? "no row, since nothing was asked" : "a row", std::to_string(count_) + " rows"};
    }

    [[nodiscard]] std::vector<std::string> parameters(const study_description& d, std::size_t first) const {
        std::vector<std::string> texts;
        texts.reserve(d.parameters.size());
        for (const auto& p : d.parameters) {
            const auto at = first++;
            if (!p.condition.empty() && row_->type(at) == cell_type::nothing) texts.emplace_back();
            else texts.push_back(p.kind == "integer" ? std::to_string(integer(at)) : p.kind == "real" ? stored_number_text(real(at)) : text(at));
        }
        return texts;
    }

    void read_trials(stored_study& study) {
        const auto& d = study.description;
        rows(table_id::trials, [&] {
            stored_trial t{.number = natural(0)};
            read_status(t, 1);
            if (format_ > 1) read_origin_and_times(t);
            if (format_ > 2) {
                if (row_->type(7) != cell_type::nothing) t.told = natural(7);
                t.times.worker = worker(8);
            }
            t.parameters = parameters(d, list_.before_parameters());
            auto at = list_.before_parameters() + d.parameters.size();
            if (t.completed) t.metrics.reserve(d.metrics.size());
            for (std::size_t m = 0; m < d.metrics.size() && t.completed; ++m) {
                t.metrics.push_back(real(at++));
                if (t.metrics.back() != t.metrics.back()) fail("a number as " + d.metrics[m], "none");
            }
            study.trials.push_back(std::move(t));
        });
    }

    /// Of the columns `status` and `message`.
    void read_status(stored_trial& t, std::size_t at) const {
        const auto status = text(at);
        if (status != "completed" && status != "failed") fail("status 'completed' or 'failed'", '\'' + status + '\'');
        t.completed = status == "completed";
        if (!t.completed) t.message = text(at + 1);
    }

    /// NaN where there is nothing.
    [[nodiscard]] double instant(std::size_t at) const {
        if (row_->type(at) == cell_type::nothing) return trial_times{}.started;
        const auto words = text(at);
        const auto seconds = utc_seconds(words);
        if (!seconds) fail("a time like 2026-11-28T12:00:00.000000Z", '\'' + words + '\'');
        return *seconds;
    }
    [[nodiscard]] std::uint32_t worker(std::size_t at) const {
        if (row_->type(at) == cell_type::nothing) return 0;
        const auto number = natural(at);
        if (number == 0 || number > std::numeric_limits<std::uint32_t>::max()) fail("the number of a worker, from 1", found(at));
        return static_cast<std::uint32_t>(number);
    }

    void read_origin_and_times(stored_trial& t) const {
        const auto origin = text(3);
        if (origin != trial_origin_text(trial_origin::optimizer) && origin != trial_origin_text(trial_origin::start_point))
            fail("origin 'optimizer' or 'start point'", '\'' + origin + '\'');
        if (origin == trial_origin_text(trial_origin::start_point)) t.origin = trial_origin::start_point;
        t.times = {instant(4), instant(5)};
        if (const auto seconds = real(6); t.times.known() != (seconds == seconds) || std::abs(seconds - t.times.duration().value()) > 1e-5)
            fail("the seconds from 'started' to 'ended'", found(6));
    }

    [[nodiscard]] std::vector<double> numbers(std::size_t column) const {
        std::vector<double> all;
        const auto whole = text(column);
        for (std::string_view words = whole; !words.empty();) {
            const auto word = words.substr(0, words.find(' '));
            words.remove_prefix(std::min(word.size() + 1, words.size()));
            double value = 0;
            const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
            if (read.ec != std::errc{} || read.ptr != word.data() + word.size() || value != value) fail("numbers", '\'' + std::string{word} + '\'');
            all.push_back(value);
        }
        return all;
    }

    void read_corrections(stored_study& study) {
        rows(table_id::corrections, [&] {
            stored_correction c{.ask = natural(1), .told = natural(2), .before = {.number = natural(3)}};
            const auto now = std::lower_bound(study.trials.begin(), study.trials.end(), c.before.number,
                                              [](const stored_trial& t, std::uint64_t n) { return t.number < n; });
            if (now == study.trials.end() || now->number != c.before.number) fail("the number of a trial", std::to_string(c.before.number));
            c.before.parameters = now->parameters;
            c.before.origin = now->origin;
            c.before.times = now->times;
            c.before.told = now->told;
            read_status(c.before, 4);
            c.before.metrics = numbers(6);
            study.corrections.push_back(std::move(c));
        });
    }

    void read_evaluations(stored_study& study) {
        constexpr std::array<std::string_view, 4> known{"reported", "completed", "failed", "stopped"};
        rows(table_id::evaluations, [&] {
            stored_evaluation e{.number = natural(1), .fidelity = real(2), .cost = real(3), .status = text(4)};
            if (!(e.fidelity >= 0)) fail("a fidelity of 0 or more", found(2));
            if (!(e.cost >= 0)) fail("a cost of 0 or more", found(3));
            if (std::find(known.begin(), known.end(), e.status) == known.end())
                fail("status 'reported', 'completed', 'failed' or 'stopped'", '\'' + e.status + '\'');
            if (row_->type(5) != cell_type::nothing) e.message = text(5);
            e.times = {instant(6), instant(7), worker(8)};
            e.metrics = numbers(9);
            study.evaluations.push_back(std::move(e));
        });
    }

    void read_consumption(stored_study& study) {
        rows(table_id::consumption, [&] {
            if (natural(0) != study.consumption.size()) fail("run " + std::to_string(study.consumption.size()), found(0));
            const auto amount = [&](std::size_t column) {
                const auto value = real(column);
                if (!(value >= 0 && std::isfinite(value))) fail_as("a number of 0 or more", column);
                return value;
            };
            const auto energy = [&](std::size_t column) { return si::energy::from_value(amount(column)); };
            study.consumption.push_back(
                {si::time::from_value(amount(1)), energy(2), energy(3), energy(4), si::mass::from_value(amount(5)), text(6), natural(7)});
        });
    }

    /// Calls `take` for each row.
    template <class Take>
    void rows(table_id table, Take take) {
        struct taker final : row_taker {
            taker(basic_study_reader& r, Take& t) : reader{r}, call{t} {}
            void take(const stored_row& row) override {
                reader.row_ = &row;
                call();
                ++reader.count_;
            }
            basic_study_reader& reader;
            Take& call;
        };
        table_ = &list_[table];
        count_ = 0;
        taker to{*this, take};
        tables_.read(*table_, to);
        row_ = nullptr;
    }

    [[noreturn]] void fail(const std::string& expected, const std::string& what) const {
        throw input_error{source_, "table " + std::string{table_->name} + ", row " + std::to_string(count_), expected, what};
    }
    [[noreturn]] void fail_as(const char* expected, std::size_t column) const {
        fail(expected + (" as " + table_->columns[column].name), found(column));
    }
    [[nodiscard]] std::string found(std::size_t column) const {
        return row_->type(column) == cell_type::nothing ? "nothing" : '\'' + row_->text(column) + '\'';
    }
    [[nodiscard]] std::string text(std::size_t column) const {
        if (row_->type(column) != cell_type::text) fail_as("text", column);
        return row_->text(column);
    }
    [[nodiscard]] std::int64_t integer(std::size_t column) const {
        if (row_->type(column) != cell_type::integer) fail_as("a whole number", column);
        return row_->integer(column);
    }
    [[nodiscard]] std::uint64_t natural(std::size_t column) const {
        if (row_->type(column) != cell_type::integer || row_->integer(column) < 0) fail_as("a whole number", column);
        return static_cast<std::uint64_t>(row_->integer(column));
    }
    /// NaN where there is nothing.
    [[nodiscard]] double real(std::size_t column) const {
        const auto type = row_->type(column);
        if (type == cell_type::nothing) return std::numeric_limits<double>::quiet_NaN();
        if (type == cell_type::text) fail_as("a number", column);
        return row_->real(column);
    }

    [[nodiscard]] const std::string& fact(std::string_view name) const {
        for (const auto& f : facts_)
            if (f[0] == name) return f[1];
        throw input_error{source_, "table study", "a row '" + std::string{name} + '\'', "none"};
    }
    [[nodiscard]] std::uint64_t number(std::string_view digits, const std::string& what) const {
        std::uint64_t value = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
            throw input_error{source_, what, "a whole number", '\'' + std::string{digits} + '\''};
        return value;
    }
    [[nodiscard]] std::array<std::uint64_t, 4> words(std::string_view text) const {
        std::array<std::uint64_t, 4> all{};
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto end = i + 1 < all.size() ? text.find(' ') : text.size();
            all[i] = number(text.substr(0, end), "random stream");
            text.remove_prefix(end == std::string_view::npos ? text.size() : std::min(end + 1, text.size()));
        }
        return all;
    }

    table_source& tables_;
    std::string source_;
    basic_study_tables<Deferred> list_{study_description{}, oldest_study_format};
    std::vector<std::array<std::string, 2>> facts_{};
    int format_ = study_format;
    const study_table* table_ = nullptr;
    const stored_row* row_ = nullptr;
    std::size_t count_ = 0;
};
using study_reader = basic_study_reader<>;

} // namespace verdant::detail::tables
