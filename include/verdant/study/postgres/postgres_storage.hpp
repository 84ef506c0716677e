#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/postgres/postgres_connection.hpp>
#include <verdant/study/postgres/postgres_lock.hpp>
#include <verdant/study/postgres/postgres_name.hpp>
#include <verdant/study/postgres/postgres_options.hpp>
#include <verdant/study/postgres/postgres_tables.hpp>
#include <verdant/study/study_keeper.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

/// Studies kept in a database of PostgreSQL.
namespace verdant {

/// A storage: a study in a database of PostgreSQL 11 or later, in a schema of its name, so that a database holds many. The tables are those of
/// `sqlite_storage` (see detail/study_tables.hpp), and any tool can read them while the search runs.
///
///     vd::postgres_storage kept{"postgresql://search@db.example/studies", "chip"};
///     const auto found = study{measure}.run({.trials = 600, .seed = 3}, kept);
///
/// What was kept survives as PostgreSQL's own settings say: with `synchronous_commit = on`, its default, a loss of power, too. Where the connection
/// is lost or the server restarts, it is made again, with a word, and nothing is kept twice. One object at a time, of all processes, uses a study;
/// workers are none.
///
/// Errors: file_error where the database cannot be reached, is read-only or full, or the study is in use; input_error where the schema of that name
/// holds no study, one that was tampered with, or one of another format.
template <class = instantiated_when_used>
class basic_postgres_storage {
public:
    using options = postgres_options;

    /// Opens the study, or prepares to make one where there is none of that name. Throws input_error for a name that no schema can have, too.
    /// @param conninfo as libpq takes it
    basic_postgres_storage(const std::string& conninfo, const std::string& called, const options& o = {});
    basic_postgres_storage(const basic_postgres_storage&) = delete;
    basic_postgres_storage& operator=(const basic_postgres_storage&) = delete;
    ~basic_postgres_storage();

    [[nodiscard]] std::string name() const { return name_; }

    [[nodiscard]] std::optional<stored_study> load();

    /// The schema appears with the whole description or not at all.
    void create(const study_description& description);

    /// A question is kept with what comes next, by one statement: nothing depends on it before a trial does, and a search that ends before asks it
    /// again.
    void begin(const stored_ask& ask, const stored_state& state);

    /// Is written with what comes next; where trials are told generation by generation, when it is looked for: such a search asks its last question
    /// again.
    void submit(const stored_pending& one);

    void add(const stored_trial& t);

    void replace(const stored_trial& t);

    void revise(const stored_trial& t, const stored_correction& one);

    void measure(const stored_evaluation& one);

    void consumed(std::uint64_t run, const search_consumption& one);

private:
    using id = detail::postgres::table_id;
    using rows = detail::postgres::statement_rows;

    /// Descriptions of large spaces have more values than a statement takes.
    class description_writer final : public detail::postgres::rows_writer {
    public:
        description_writer(detail::postgres::connection& db, const detail::postgres::study_tables& tables) : db_{db}, tables_{tables} {}
        detail::postgres::row_writer& row(id table) override {
            if (now_.values() > 1000 || last_ != table) flush();
            last_ = table;
            return now_.row(table);
        }
        void flush() {
            now_.run(db_);
            now_ = rows{tables_, false};
        }

    private:
        detail::postgres::connection& db_;
        const detail::postgres::study_tables& tables_;
        rows now_{tables_, false};
        id last_ = id::study;
    };

    void look_at_server();

    void keep_lock();

    /// Writes who has the study, so that whoever was cut off sees whether somebody else had it meanwhile.
    void hold();

    /// All as it was at one time.
    void read();

    /// Writes by one statement, which is kept whole or not.
    template <class Fill>
    void write(const char* operation, Fill fill) {
        found_.reset();
        db_.persistently(operation, [&](bool again) {
            keep_lock();
            rows to{*tables_, again};
            write_questions(to);
            fill(to);
            to.run(db_);
        });
        written();
    }
    template <class Act>
    void change(Act act) {
        found_.reset();
        db_.transaction("write", [&](bool again) {
            keep_lock();
            rows held{*tables_, again};
            write_questions(held);
            held.run(db_);
            act(again);
        });
        written();
    }
    [[nodiscard]] bool asks_while_pending() const { return description_.order == "as_completed"; }
    /// Questions that are held back, and where trials are told as they are completed, pending ones.
    void write_questions(rows& to) const;
    /// What was held is kept.
    void written();
    void put(const stored_trial& t, bool again);
    [[nodiscard]] std::uint64_t next_row(id table);
    void write_submitted(rows& to) const;

    std::string study_;
    detail::postgres::connection db_;
    std::string name_;
    detail::postgres::session_lock lock_{"verdant study " + study_};
    std::optional<stored_study> found_{}; ///< what was read to see whether it is a study; for `load`
    study_description description_{};
    std::optional<detail::postgres::study_tables> tables_{};
    std::vector<stored_pending> submitted_{}; ///< not written yet
    std::vector<stored_ask> asked_{}; ///< the same of questions, and the state before the last
    std::optional<stored_state> state_{}; ///< nothing until there is a question: what the database has stays
    bool state_changed_ = false; ///< or not written yet
    bool some_pending_ = false; ///< whether the table of pending trials may have rows
    std::string holder_{};
};

/// A study in a database of PostgreSQL, as programs name it.
using postgres_storage = basic_postgres_storage<>;

template <class Deferred>
basic_postgres_storage<Deferred>::basic_postgres_storage(const std::string& conninfo, const std::string& called, const options& o)
    : study_{detail::postgres::checked_name(called)}, db_{conninfo, detail::postgres::checked(o), detail::postgres::first_statements(study_)},
      name_{study_ + " in " + db_.name()} {
    db_.call(name_);
    const auto opened = [&](bool) {
        look_at_server();
        lock_.take(db_, name_, 2);
        if (detail::postgres::study_is_there(db_, study_, name_)) read();
    };
    db_.persistently("open", opened);
    if (found_) hold();
}

template <class Deferred>
std::optional<stored_study> basic_postgres_storage<Deferred>::load() {
    if (!tables_) return std::nullopt;
    if (!asked_.empty() || (asks_while_pending() && !submitted_.empty())) write("read", [](rows&) {});
    if (!submitted_.empty()) {
        write("read", [&](rows& to) { write_submitted(to); });
        some_pending_ = true;
        submitted_.clear();
    }
    if (found_) return std::exchange(found_, std::nullopt); // as it was when it was opened, and nobody else writes to it
    db_.persistently("read", [&](bool) {
        keep_lock();
        read();
    });
    return std::exchange(found_, std::nullopt);
}

template <class Deferred>
void basic_postgres_storage<Deferred>::create(const study_description& description) {
    const detail::postgres::study_tables tables{description};
    db_.transaction("create", [&](bool again) {
        keep_lock();
        if (detail::postgres::study_is_there(db_, study_, name_)) {
            if (again) return; // the first attempt succeeded, and nobody heard of it
            throw file_error{name_, "create", "there is one"};
        }
        db_.run_all("CREATE SCHEMA IF NOT EXISTS " + detail::postgres::quoted_name(study_));
        detail::postgres::create_tables(db_, tables);
        description_writer writer{db_, tables};
        detail::postgres::write_description(writer, description);
        writer.flush();
    });
    tables_.emplace(tables);
    description_ = description;
    hold();
}

template <class Deferred>
basic_postgres_storage<Deferred>::~basic_postgres_storage() {
    if (asked_.empty() || !db_.connected()) return;
    try { // without patience for a lost server: nothing depends on a question without a trial
        keep_lock();
        rows to{*tables_, true};
        write_questions(to);
        to.run(db_);
    } catch (...) {} // NOLINT(bugprone-empty-catch)
}

template <class Deferred>
void basic_postgres_storage<Deferred>::begin(const stored_ask& ask, const stored_state& state) {
    asked_.push_back(ask);
    if (state_ != state) {
        state_ = state;
        state_changed_ = true;
    }
    if (!asks_while_pending()) submitted_.clear();
    constexpr std::size_t most_values = 10'000; // a statement takes 65535
    if (5 * asked_.size() + (1 + description_.parameters.size()) * submitted_.size() > most_values) write("write", [](rows&) {});
}

template <class Deferred>
void basic_postgres_storage<Deferred>::submit(const stored_pending& one) {
    std::erase_if(submitted_, [&](const stored_pending& other) { return other.number == one.number; });
    submitted_.push_back(one);
}

template <class Deferred>
void basic_postgres_storage<Deferred>::add(const stored_trial& t) {
    std::erase_if(submitted_, [&](const stored_pending& one) { return one.number == t.number; });
    const bool drops_all = !asks_while_pending() && !asked_.empty(); // by its question: no row is changed twice
    write("write", [&](rows& to) {
        if (some_pending_ && !drops_all) to.also("DELETE FROM pending WHERE number = ?", static_cast<std::int64_t>(t.number));
        detail::postgres::write_trial(to.row(id::trials), description_, tables_->format(), t);
    });
}

template <class Deferred>
void basic_postgres_storage<Deferred>::replace(const stored_trial& t) {
    change([&](bool again) { put(t, again); });
}

template <class Deferred>
void basic_postgres_storage<Deferred>::revise(const stored_trial& t, const stored_correction& one) {
    const auto position = next_row(id::corrections);
    change([&](bool again) {
        rows to{*tables_, again};
        detail::postgres::write_correction(to.row(id::corrections), position, one);
        to.run(db_);
        put(t, again);
    });
}

template <class Deferred>
void basic_postgres_storage<Deferred>::measure(const stored_evaluation& one) {
    const auto position = next_row(id::evaluations);
    write("write", [&](rows& to) { detail::postgres::write_evaluation(to.row(id::evaluations), position, one); });
}

template <class Deferred>
void basic_postgres_storage<Deferred>::consumed(std::uint64_t run, const search_consumption& one) {
    write("write", [&](rows& to) { detail::postgres::write_consumption(to.row(id::consumption), run, one); });
}

template <class Deferred>
void basic_postgres_storage<Deferred>::look_at_server() {
    const auto said =
        db_.run_all("SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding'), "
                    "current_setting('transaction_read_only')");
    if (said.text(0, 0) < "110000" || said.text(0, 0).size() < 6)
        throw file_error{name_, "open", "PostgreSQL " + std::string{said.text(0, 1)} + "; a study needs 11 or later"};
    if (said.text(0, 2) != "UTF8")
        throw file_error{name_, "open", "the database has the encoding " + std::string{said.text(0, 2)} + "; a study needs UTF8"};
    if (said.text(0, 3) == "on") throw file_error{name_, "open", "the database is read-only, and a study is written to"};
}

template <class Deferred>
void basic_postgres_storage<Deferred>::keep_lock() {
    if (!lock_.keep(db_, name_) || holder_.empty()) return;
    if (db_.run("SELECT value FROM study WHERE name = 'holder'").text(0, 0) != holder_)
        throw file_error{name_, "write", "another program has gone on with it while the connection was lost"};
}

template <class Deferred>
void basic_postgres_storage<Deferred>::hold() {
    char host[256]{};
    ::gethostname(host, sizeof host - 1);
    holder_ = std::string{host} + " process " + std::to_string(::getpid()) + " since " + utc_text(detail::wall_seconds());
    db_.persistently("write", [&](bool) {
        lock_.keep(db_, name_);
        db_.run("INSERT INTO study VALUES('holder', $1::text) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                {detail::postgres::kept_text(holder_)});
    });
}

template <class Deferred>
void basic_postgres_storage<Deferred>::read() {
    db_.run_all("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    detail::postgres::table_reader source{db_};
    detail::postgres::study_reader reader{source, name_};
    found_ = reader.read();
    db_.run_all("COMMIT");
    if (reader.format() != detail::postgres::study_format)
        throw input_error{name_, "format", std::to_string(detail::postgres::study_format), std::to_string(reader.format())};
    description_ = found_->description;
    some_pending_ = !found_->pending.empty();
    tables_.emplace(description_);
}

template <class Deferred>
void basic_postgres_storage<Deferred>::put(const stored_trial& t, bool again) {
    db_.run("DELETE FROM trials WHERE number = $1::bigint", {std::to_string(t.number)});
    rows to{*tables_, again};
    detail::postgres::write_trial(to.row(id::trials), description_, tables_->format(), t);
    to.run(db_);
}

template <class Deferred>
std::uint64_t basic_postgres_storage<Deferred>::next_row(id table) {
    std::uint64_t next = 0;
    db_.persistently("read", [&](bool) {
        const auto found = db_.run("SELECT coalesce(max(position) + 1, 0) FROM " + std::string{(*tables_)[table].name});
        next = std::strtoull(std::string{found.text(0, 0)}.c_str(), nullptr, 10);
    });
    return next;
}

template <class Deferred>
void basic_postgres_storage<Deferred>::write_questions(rows& to) const {
    for (const auto& one : asked_) detail::postgres::write_ask(to.row(id::asks), tables_->format(), one);
    if (state_changed_) detail::postgres::write_state(to.row(id::state), *state_);
    if (asks_while_pending()) write_submitted(to);
    else if (some_pending_ && !asked_.empty()) to.also("DELETE FROM pending");
}

template <class Deferred>
void basic_postgres_storage<Deferred>::written() {
    if (asks_while_pending()) {
        some_pending_ = some_pending_ || !submitted_.empty();
        submitted_.clear();
    } else if (!asked_.empty()) some_pending_ = false;
    asked_.clear();
    state_changed_ = false;
}

template <class Deferred>
void basic_postgres_storage<Deferred>::write_submitted(rows& to) const {
    for (const auto& one : submitted_) detail::postgres::write_pending(to.row(id::pending), description_, one);
}
VERDANT_DEFINED_ONCE(class basic_postgres_storage<>);

} // namespace verdant
