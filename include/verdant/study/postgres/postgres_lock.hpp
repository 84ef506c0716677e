#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/error.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/study/postgres/postgres_connection.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace verdant::detail::postgres {

/// What one session of the server has at a time. It ends with the session, and so with the process.
template <class Deferred = instantiated_when_used>
class basic_session_lock {
public:
    /// @param of what is locked
    explicit basic_session_lock(const std::string& of) : key_{std::to_string(static_cast<std::int64_t>(fnv1a::of(of)))} {}

    /// Takes it. Where a session of ours had it that was cut off, and the server has not noticed, that is ended. Throws file_error where another one has it.
    /// @param patience seconds to wait
    void take(basic_connection<Deferred>& db, const std::string& name, double patience) {
        for (const auto until = steady_seconds() + patience;; basic_connection<Deferred>::sleep(0.1)) {
            if (db.run("SELECT pg_try_advisory_lock($1::bigint)", {key_}).text(0, 0) == "t") break;
            if (by_ != 0)
                db.run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid = $1::int", {std::to_string(by_)});
            if (steady_seconds() > until) throw file_error{name, "open", "another program has it open"};
        }
        by_ = db.server_process();
    }
    /// The same where the connection is a new one. @return whether it is
    bool keep(basic_connection<Deferred>& db, const std::string& name) {
        if (by_ == db.server_process()) return false;
        take(db, name, db.options().patience);
        return true;
    }
    [[nodiscard]] const std::string& key() const noexcept { return key_; }

private:
    std::string key_;
    int by_ = 0; ///< the server's process for the session that has it
};
using session_lock = basic_session_lock<>;

} // namespace verdant::detail::postgres
