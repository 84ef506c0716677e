#pragma once

/// The room distributed/. Searches that evaluate in other processes: what leaves this one, and whether the others are the same program; over MPI,
/// over a file, over a database.

#include <verdant/distributed/job_messages.hpp>
#include <verdant/distributed/postgres_worker_options.hpp>
#include <verdant/distributed/program_identity.hpp>
#include <verdant/distributed/served_jobs.hpp>
#include <verdant/distributed/sqlite_worker_options.hpp>
