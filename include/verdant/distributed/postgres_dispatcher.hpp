#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/distributed/detail/board_dispatcher.hpp>
#include <verdant/distributed/detail/evaluating_study.hpp>
#include <verdant/distributed/detail/postgres_board.hpp>
#include <verdant/distributed/postgres_worker_options.hpp>

#include <string>
#include <utility>

/// Searches that evaluate in worker processes on any machine, which share a database of PostgreSQL.
namespace verdant {

/// The dispatcher for workers that join and leave while the search runs. They are `serve_postgres` of the same program:
///
///     if (argc == 3) { serve_postgres(s, argv[2], "chip"); return 0; } // ./my_search --worker postgresql://...
///     postgres_storage kept{argv[1], "chip"};
///     postgres_dispatcher workers{argv[1], "chip", s};
///     const auto found = s.run({.trials = 1000}, kept, workers);
///
/// Whoever is idle takes the next job. A worker that is silent past its lease has its job given to another, and what it says later is dropped; a job
/// that has cost `tries` workers fails its trial. A search that died and is run again takes up what its workers go on with. Trials have the number of
/// their worker in the table `workers` as `times.worker`. Workers wait for the search, and the search for workers. They leave when this object is
/// destroyed, unless by an exception: then they wait for the next run.
///
/// Where evaluators take batches, a worker gives them one point at a time.
///
/// Errors: file_error where the database cannot be reached or another search has the jobs; input_error for results that cannot be read.
template <class Space, class Goals>
class postgres_dispatcher : public detail::board_dispatcher<Space, Goals, detail::postgres::job_board> {
public:
    /// @param conninfo as libpq takes it @param name the one that workers know it by @param s the search, for what program it is
    template <class Study>
    postgres_dispatcher(const std::string& conninfo, const std::string& name, const Study& s, const postgres_dispatcher_options& o = {})
        : detail::board_dispatcher<Space, Goals, detail::postgres::job_board>{std::in_place, conninfo, name, o, detail::identity_of_study<Study>(s)} {
    }
};

template <detail::evaluating_study Study>
postgres_dispatcher(const std::string&, const std::string&, const Study&, const postgres_dispatcher_options& = {})
    -> postgres_dispatcher<typename Study::space_type, typename Study::goals_type>;
template <class Study>
    requires(!detail::evaluating_study<Study>)
postgres_dispatcher(const std::string&, const std::string&, const Study&, const postgres_dispatcher_options& = {})
    -> postgres_dispatcher<detail::no_space, goals<>>;

} // namespace verdant
