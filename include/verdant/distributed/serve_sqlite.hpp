#pragma once

#include <verdant/meta/component/sqlite.hpp>

#include <verdant/distributed/detail/evaluating_study.hpp>
#include <verdant/distributed/detail/evaluation_meter.hpp>
#include <verdant/distributed/detail/job_desk.hpp>
#include <verdant/distributed/detail/sqlite_desk.hpp>
#include <verdant/distributed/served_jobs.hpp>
#include <verdant/distributed/sqlite_worker_options.hpp>
#include <verdant/search/search_consumption.hpp>

#include <string>

namespace verdant {

/// Evaluates for the searches of a study that share a file, as one of their workers: see `sqlite_dispatcher`. Waits for a search where none is
/// running, and returns when that is done, or where none has been there for `options.idle`.
/// Throws input_error where the search is that of another program, with what differs, and where the file is none of jobs; file_error where it cannot
/// be read or written.
/// @param s    the search, which has the evaluators
/// @param file the file of the study, which `sqlite_dispatcher` was given
template <class Study>
served_jobs serve_sqlite(const Study& s, const std::string& file, const sqlite_worker_options& o = {}) {
    detail::sqlite::job_desk desk{file, o, detail::identity_of_study<Study>(s)};
    detail::no_meter none;
    return detail::serve_at(desk, s, none);
}

/// The same, and says with each result what it consumed while it evaluated, which the search counts where it is metered itself.
/// @param meter of this process, such as `carbon::consumption_meter`
template <class Study, detail::meters Meter>
served_jobs serve_sqlite(const Study& s, const std::string& file, Meter& meter, const sqlite_worker_options& o = {}) {
    detail::sqlite::job_desk desk{file, o, detail::identity_of_study<Study>(s)};
    return detail::serve_at(desk, s, meter);
}

} // namespace verdant
