#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/distributed/detail/evaluating_study.hpp>
#include <verdant/distributed/detail/evaluation_meter.hpp>
#include <verdant/distributed/detail/job_desk.hpp>
#include <verdant/distributed/detail/postgres_desk.hpp>
#include <verdant/distributed/postgres_worker_options.hpp>
#include <verdant/distributed/served_jobs.hpp>
#include <verdant/search/search_consumption.hpp>

#include <string>

namespace verdant {

/// Evaluates for the searches of a study that share a database, as one of their workers: see `postgres_dispatcher`. Waits for a search where none is
/// running, and returns when that is done, or where none has been there for `options.idle`. A lost connection is made again; meanwhile it evaluates
/// on. Throws input_error where the search is that of another program, with what differs; file_error where the database cannot be reached.
/// @param s        the search, which has the evaluators
/// @param conninfo as libpq takes it
/// @param study    the name that the search has in the database
template <class Study>
served_jobs serve_postgres(const Study& s, const std::string& conninfo, const std::string& study, const postgres_worker_options& o = {}) {
    detail::postgres::job_desk desk{conninfo, study, o, detail::identity_of_study<Study>(s)};
    detail::no_meter none;
    return detail::serve_at(desk, s, none);
}

/// The same, and says with each result what it consumed while it evaluated, which the search counts where it is metered itself.
/// @param meter of this process, such as `carbon::consumption_meter`
template <class Study, detail::meters Meter>
served_jobs serve_postgres(const Study& s, const std::string& conninfo, const std::string& study, Meter& meter,
                           const postgres_worker_options& o = {}) {
    detail::postgres::job_desk desk{conninfo, study, o, detail::identity_of_study<Study>(s)};
    return detail::serve_at(desk, s, meter);
}

} // namespace verdant
