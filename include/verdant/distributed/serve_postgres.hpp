#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/distributed/detail/evaluating_study.hpp>
#include <verdant/distributed/detail/own_worker.hpp>
#include <verdant/distributed/detail/postgres_desk.hpp>
#include <verdant/distributed/job_messages.hpp>
#include <verdant/distributed/postgres_worker_options.hpp>

#include <cstddef>
#include <string>

namespace verdant {

/// What a worker has done.
struct served_jobs {
    std::size_t evaluated = 0; ///< jobs, of which the search has the results
    std::size_t dropped = 0;   ///< jobs that had been given to another worker before they were done
};

/// Evaluates for the searches of a study that share a database, as one of their workers: see `postgres_dispatcher`. Waits for a search where none is running, and
/// returns when that is done, or where none has been there for `options.idle`. A lost connection is made again; meanwhile it evaluates on.
/// Throws input_error where the search is that of another program, with what differs; file_error where the database cannot be reached.
/// @param s        the search, which has the evaluators
/// @param conninfo as libpq takes it
/// @param study    the name that the search has in the database
template <class Study>
served_jobs serve_postgres(const Study& s, const std::string& conninfo, const std::string& study, const postgres_worker_options& o = {}) {
    static_assert(detail::postgres_study_argument<Study>::value);
    using space = typename Study::space_type;
    using goals = typename Study::goals_type;
    detail::postgres::job_desk desk{conninfo, study, o, detail::identity_of_study<Study>(s)};
    served_jobs all;
    while (const auto leased = desk.next()) {
        const auto jobs = read_jobs<space>({leased->bytes.data(), leased->bytes.size()}, desk.name());
        const auto done = detail::evaluate_jobs<space, goals>({jobs.data(), jobs.size()}, s.evaluators());
        if (desk.hand_in(*leased, write_completed<goals>({done.data(), done.size()}))) ++all.evaluated;
        else ++all.dropped;
    }
    return all;
}

} // namespace verdant
