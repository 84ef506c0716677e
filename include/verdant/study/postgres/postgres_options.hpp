#pragma once

#include <functional>
#include <string>

namespace verdant {

/// How programs deal with a database of PostgreSQL that does not answer. A database is named as libpq names it
/// (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING): `host=/run/postgresql dbname=studies`, or
/// `postgresql://user@host/studies?sslmode=verify-full`; what is not said comes from the usual variables and files, such as PGHOST and ~/.pgpass.
/// That is where passwords belong; errors and words never have them.
struct postgres_options {
    double patience = 60; ///< seconds to go on trying where the connection is lost, or where another program holds a lock
    double silence = 30; ///< seconds after which a statement without an answer counts as a lost connection
    /// Is told that a connection was lost, and that it is back; by default it writes a line to standard error.
    std::function<void(const std::string&)> notice{};
};

} // namespace verdant
