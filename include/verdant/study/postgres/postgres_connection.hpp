#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/error.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/study/postgres/postgres_options.hpp>

#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h> // where the compiler was not told of its folder
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poll.h>

/// A connection to PostgreSQL that comes back when it was lost.
namespace verdant::detail::postgres {

/// Values of a statement: texts, or NULL.
using parameters = std::vector<std::optional<std::string>>;

/// What a statement has given.
class answer {
public:
    answer() = default;
    explicit answer(PGresult* result) : result_{result} {}
    [[nodiscard]] int rows() const { return PQntuples(result_.get()); }
    [[nodiscard]] bool null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
    [[nodiscard]] std::string_view text(int row, int column) const {
        return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
    }
    /// How many rows a statement has changed.
    [[nodiscard]] std::uint64_t changed() const { return std::strtoull(PQcmdTuples(result_.get()), nullptr, 10); }
    [[nodiscard]] PGresult* get() const { return result_.get(); }

private:
    struct release {
        void operator()(PGresult* r) const { PQclear(r); }
    };
    std::unique_ptr<PGresult, release> result_{};
};

/// The connection is lost: what it did last may have been done or not.
struct lost_connection {
    std::string reason{};
};

/// The database has refused a statement.
struct refused_statement {
    std::string state{}; ///< the five letters of SQLSTATE
    std::string message{};
};

/// What a connection string says, without its password: `studies at db.example:5432`. Throws input_error for a text that is not one.
template <class = instantiated_when_used>
[[nodiscard]] std::string database_name(const std::string& conninfo) {
    char* mistake = nullptr;
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> all{PQconninfoParse(conninfo.c_str(), &mistake), PQconninfoFree};
    const std::unique_ptr<char, void (*)(void*)> said{mistake, PQfreemem};
    // What libpq says of it may repeat it, with its password.
    if (!all) throw input_error{"postgres", "connection string", "one of libpq, such as postgresql://user@host/database", "another text"};
    std::map<std::string, std::string> found;
    for (const auto* o = all.get(); o->keyword != nullptr; ++o)
        if (o->val != nullptr) found[o->keyword] = o->val;
    const auto or_else = [&](const char* name, const char* otherwise) {
        const auto at = found.find(name);
        return at == found.end() ? std::string{otherwise} : at->second;
    };
    auto host = or_else("host", or_else("hostaddr", "").c_str());
    if (const auto port = or_else("port", ""); !port.empty() && !host.starts_with('/')) host += ':' + port;
    return or_else("dbname", "the default database") + (host.empty() ? "" : " at " + host);
}
VERDANT_DEFINED_ONCE(std::string database_name<>(const std::string&));

/// A connection. Not for several threads at once.
template <class Deferred = instantiated_when_used>
class basic_connection {
public:
    /// Does not connect yet. @param at_start statements for each new connection
    basic_connection(std::string conninfo, postgres_options o, std::vector<std::string> at_start)
        : conninfo_{std::move(conninfo)}, name_{database_name(conninfo_)}, options_{std::move(o)}, at_start_{std::move(at_start)} {}

    /// What errors call it.
    void call(const std::string& name) { name_ = name; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const postgres_options& options() const noexcept { return options_; }

    /// Runs a statement; it is prepared once for a connection. Throws lost_connection, refused_statement.
    answer run(const std::string& sql, const parameters& values = {});
    /// Runs statements without values, as they are. @return what the last of them gave
    answer run_all(const std::string& sql);

    /// Waits until the database has something to say, at most so many seconds. @return whether there was a notification
    bool wait(double seconds);

    /// Calls `act` until the connection holds, for as long as the patience lasts; the first argument says whether it is a further attempt, so that
    /// what it did before may be done. Throws file_error and input_error for what the database refuses, and where it cannot be reached.
    /// @param operation for errors
    template <class Act>
    auto persistently(const char* operation, Act act) {
        const auto until = steady_seconds() + options_.patience;
        double rest = 0.05;
        bool told = false;
        for (bool again = false;; again = true) {
            try {
                if (!connected()) connect();
                if (std::exchange(told, false)) notice(name_ + ": the connection is back");
                return act(again);
            } catch (const lost_connection& e) {
                disconnect();
                // Where nothing was there from the first, a name is wrong, or nobody lets us in.
                if (!was_connected_ || steady_seconds() + rest > until) throw file_error{name_, operation, "no connection: " + e.reason};
                if (!std::exchange(told, true)) notice(name_ + ": the connection is lost, trying again: " + e.reason);
                sleep(rest);
                rest = std::min(2 * rest, 5.0);
            } catch (const refused_statement& e) {
                undo();
                if (e.state == "55P03" && steady_seconds() + rest < until) { // a lock that was not to be had
                    sleep(rest);
                    continue;
                }
                refuse(operation, e);
            } catch (...) {
                undo();
                throw;
            }
        }
    }

    /// Both or neither: `act` within a transaction.
    template <class Act>
    auto transaction(const char* operation, Act act) {
        persistently(operation, [&](bool again) {
            run("BEGIN");
            act(again);
            run("COMMIT");
        });
    }

    void disconnect();
    [[nodiscard]] bool connected() const { return connection_ && PQstatus(connection_.get()) == CONNECTION_OK; }
    /// The number of the server's process for this connection; 0 without one. A server that was started anew gives numbers again.
    [[nodiscard]] int server_process() const { return connection_ ? PQbackendPID(connection_.get()) : 0; }
    /// Which connection this is, from 1; 0 before the first.
    [[nodiscard]] std::uint64_t session() const noexcept { return session_; }

    void notice(const std::string& words) const;
    static void sleep(double seconds);

private:
    struct finish {
        void operator()(PGconn* c) const { PQfinish(c); }
    };

    void require_connected() const;

    /// Throws lost_connection; refused_statement where the database does not let us in.
    void connect();

    void readable(double seconds) const;

    [[noreturn]] void lose();
    void sent(int done);

    /// The last result of what was sent, for which it waits. A server that is gone without a word, such as behind a cut cable, says nothing for ever.
    [[nodiscard]] answer result();

    void undo();

    [[noreturn]] void refuse(const char* operation, const refused_statement& e) const;

    [[nodiscard]] static std::string first_line(std::string_view text);

    std::string conninfo_, name_;
    postgres_options options_;
    std::vector<std::string> at_start_;
    std::unique_ptr<PGconn, finish> connection_{};
    std::map<std::string, std::string> prepared_{}; ///< names of statements
    bool was_connected_ = false;
    std::uint64_t session_ = 0;
};
using connection = basic_connection<>;

template <class Deferred>
answer basic_connection<Deferred>::run(const std::string& sql, const parameters& values) {
    require_connected();
    const auto [at, is_new] = prepared_.try_emplace(sql, "s" + std::to_string(prepared_.size()));
    if (is_new) {
        try {
            sent(PQsendPrepare(connection_.get(), at->second.c_str(), sql.c_str(), 0, nullptr));
            static_cast<void>(result());
        } catch (...) {
            prepared_.erase(at);
            throw;
        }
    }
    std::vector<const char*> texts;
    for (const auto& v : values) texts.push_back(v ? v->c_str() : nullptr);
    sent(PQsendQueryPrepared(connection_.get(), at->second.c_str(), static_cast<int>(texts.size()), texts.data(), nullptr, nullptr, 0));
    return result();
}

template <class Deferred>
answer basic_connection<Deferred>::run_all(const std::string& sql) {
    require_connected();
    sent(PQsendQuery(connection_.get(), sql.c_str()));
    return result();
}

template <class Deferred>
bool basic_connection<Deferred>::wait(double seconds) {
    require_connected();
    const auto take = [&] {
        bool some = false;
        while (auto* n = PQnotifies(connection_.get())) {
            PQfreemem(n);
            some = true;
        }
        return some;
    };
    if (take()) return true;
    readable(seconds);
    if (PQconsumeInput(connection_.get()) == 0) lose();
    return take();
}

template <class Deferred>
void basic_connection<Deferred>::disconnect() {
    connection_.reset();
    prepared_.clear();
}

template <class Deferred>
void basic_connection<Deferred>::notice(const std::string& words) const {
    if (options_.notice) options_.notice(words);
    else std::fputs(("verdant: " + words + '\n').c_str(), stderr);
}

template <class Deferred>
void basic_connection<Deferred>::sleep(double seconds) {
    timespec t{};
    t.tv_sec = static_cast<time_t>(seconds);
    t.tv_nsec = static_cast<long>(1e9 * (seconds - static_cast<double>(t.tv_sec)));
    nanosleep(&t, nullptr);
}

template <class Deferred>
void basic_connection<Deferred>::require_connected() const {
    if (!connected()) throw lost_connection{"not connected"};
}

template <class Deferred>
void basic_connection<Deferred>::connect() {
    disconnect();
    ++session_;
    // Later words count: what the connection string says comes behind ours, but for the encoding, which texts rely on.
    const std::array<const char*, 6> names{"connect_timeout", "tcp_user_timeout", "fallback_application_name", "dbname", "client_encoding", nullptr};
    const std::array<const char*, 6> values{"10", "20000", "verdant", conninfo_.c_str(), "UTF8", nullptr};
    connection_.reset(PQconnectdbParams(names.data(), values.data(), 1));
    if (PQstatus(connection_.get()) != CONNECTION_OK) lose();
    PQsetNoticeReceiver(connection_.get(), [](void*, const PGresult*) {}, nullptr);
    for (const auto& sql : at_start_) run_all(sql);
    was_connected_ = true;
}

template <class Deferred>
void basic_connection<Deferred>::readable(double seconds) const {
    pollfd one{PQsocket(connection_.get()), POLLIN, 0};
    ::poll(&one, 1, static_cast<int>(std::min(1000 * std::max(seconds, 0.0), 2e9)));
}

template <class Deferred>
void basic_connection<Deferred>::lose() {
    auto reason = connection_ ? first_line(PQerrorMessage(connection_.get())) : std::string{};
    throw lost_connection{reason.empty() ? "the server does not answer" : std::move(reason)};
}

template <class Deferred>
void basic_connection<Deferred>::sent(int done) {
    if (done != 1) lose();
}

template <class Deferred>
answer basic_connection<Deferred>::result() {
    answer last;
    std::optional<refused_statement> refused;
    const auto until = steady_seconds() + options_.silence;
    for (;;) {
        while (PQisBusy(connection_.get()) != 0) {
            const auto left = until - steady_seconds();
            if (left <= 0) throw lost_connection{"no answer for " + std::to_string(static_cast<int>(options_.silence)) + " seconds"};
            readable(left);
            if (PQconsumeInput(connection_.get()) == 0) lose();
        }
        auto* next = PQgetResult(connection_.get());
        if (next == nullptr) break;
        last = answer{next};
        if (PQresultStatus(next) != PGRES_FATAL_ERROR) continue;
        const auto* state = PQresultErrorField(next, PG_DIAG_SQLSTATE);
        const auto* text = PQresultErrorField(next, PG_DIAG_MESSAGE_PRIMARY);
        if (state == nullptr || PQstatus(connection_.get()) != CONNECTION_OK) lose();
        refused = refused_statement{state, text == nullptr ? "" : text};
    }
    if (!refused) return last;
    if (refused->state.starts_with("08") || refused->state.starts_with("57P")) throw lost_connection{refused->message}; // it shuts down, or starts
    throw *std::move(refused);
}

template <class Deferred>
void basic_connection<Deferred>::undo() {
    if (connection_ && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) return;
    try {
        run_all("ROLLBACK");
    } catch (...) { disconnect(); }
}

template <class Deferred>
void basic_connection<Deferred>::refuse(const char* operation, const refused_statement& e) const {
    const std::string_view state = e.state;
    if (state == "25006") throw file_error{name_, operation, "the database is read-only"};
    if (state.starts_with("53")) throw file_error{name_, operation, "the server has no room: " + e.message}; // disk, memory, connections
    if (state == "55P03" || state == "40P01" || state == "57014") throw file_error{name_, operation, "another program holds a lock on it"};
    if (state == "42P01" || state == "42703" || state == "3F000") throw input_error{name_, "", "the tables of a study", e.message};
    throw file_error{name_, operation, e.message};
}

template <class Deferred>
std::string basic_connection<Deferred>::first_line(std::string_view text) {
    const auto end = text.find('\n');
    return std::string{text.substr(0, end)};
}
VERDANT_DEFINED_ONCE(class basic_connection<>);

} // namespace verdant::detail::postgres
