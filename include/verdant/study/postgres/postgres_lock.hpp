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

    /// Takes it. Where a session of ours had it that was cut off, and the server has not noticed, that is ended. Throws file_error where another one
    /// has it.
    /// @param patience seconds to wait
    void take(basic_connection<Deferred>& db, const std::string& name, double patience) {
        for (const auto until = steady_seconds() + patience;; basic_connection<Deferred>::sleep(0.1)) {
            if (db.run("SELECT pg_try_advisory_lock($1::bigint)", {key_}).text(0, 0) == "t") break;
            // Its number may be that of another session by now, with other locks.
            if (by_ != 0)
                db.run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid = $1::int AND granted AND objsubid = 1 "
                       "AND classid = (($2::bigint >> 32) & 4294967295)::oid AND objid = ($2::bigint & 4294967295)::oid "
                       "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                       {std::to_string(by_), key_});
            if (steady_seconds() > until) throw file_error{name, "open", "another program has it open"};
        }
        by_ = db.server_process();
        session_ = db.session();
    }
    /// The same where the connection is another one than that which has it. @return whether it is
    bool keep(basic_connection<Deferred>& db, const std::string& name) {
        if (session_ == db.session()) return false;
        take(db, name, db.options().patience);
        return true;
    }
    [[nodiscard]] const std::string& key() const noexcept { return key_; }

private:
    std::string key_;
    int by_ = 0; ///< the server's process for the session that has it, to end that; it does not tell sessions apart
    std::uint64_t session_ = 0; ///< of the connection
};
using session_lock = basic_session_lock<>;

} // namespace verdant::detail::postgres
