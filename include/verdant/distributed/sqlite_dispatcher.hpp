#pragma once

#include <verdant/meta/component/sqlite.hpp>

#include <verdant/distributed/detail/board_dispatcher.hpp>
#include <verdant/distributed/detail/evaluating_study.hpp>
#include <verdant/distributed/detail/sqlite_board.hpp>
#include <verdant/distributed/sqlite_worker_options.hpp>

#include <string>
#include <utility>

/// Searches that evaluate in worker processes on the same machine, which share a file.
namespace verdant {

/// The dispatcher for worker processes of one machine that join and leave while the search runs. They are `serve_sqlite` of the same program:
///
///     if (argc == 3) { serve_sqlite(s, "study.db"); return 0; } // ./my_search --worker study.db
///     sqlite_storage kept{"study.db"};
///     sqlite_dispatcher workers{"study.db", s};
///     const auto found = s.run({.trials = 1000}, kept, workers);
///
/// Jobs lie in a file of SQLite beside that of the study, `study.db-jobs`, which stays when the search is done; the study may be kept elsewhere, or
/// not at all. Whoever is idle takes the next job. A worker that is silent past its lease has its job given to another, and what it says later is
/// dropped; a job that has cost `tries` workers fails its trial. A search that died and is run again takes up what its workers go on with. Trials
/// have the number of their worker in the table `workers` as `times.worker`. Workers wait for the search, and the search for workers. They leave when
/// this object is destroyed, unless by an exception: then they wait for the next run.
///
/// Where evaluators take batches, a worker gives them one point at a time. Locks of SQLite do not hold on network file systems: for several machines
/// there is `postgres_dispatcher`.
///
/// Errors: file_error where another search has the jobs, or the file cannot be read or written; input_error where it is of another program, or
/// damaged.
template <class Space, class Goals>
class sqlite_dispatcher : public detail::board_dispatcher<Space, Goals, detail::sqlite::job_board> {
public:
    /// @param file the file of the study, whether it is there or not @param s the search, for what program it is
    template <class Study>
    sqlite_dispatcher(const std::string& file, const Study& s, const sqlite_dispatcher_options& o = {})
        : detail::board_dispatcher<Space, Goals, detail::sqlite::job_board>{std::in_place, file,     o.patience,
                                                                            o.tries,       o.notice, detail::identity_of_study<Study>(s)} {}
};

template <detail::evaluating_study Study>
sqlite_dispatcher(const std::string&, const Study&, const sqlite_dispatcher_options& = {})
    -> sqlite_dispatcher<typename Study::space_type, typename Study::goals_type>;
template <class Study>
    requires(!detail::evaluating_study<Study>)
sqlite_dispatcher(const std::string&, const Study&, const sqlite_dispatcher_options& = {}) -> sqlite_dispatcher<detail::no_space, goals<>>;

} // namespace verdant
