#pragma once

#include <verdant/study/postgres/postgres_options.hpp>

#include <cstddef>

namespace verdant {

/// How a search gives jobs to workers by a database.
struct postgres_dispatcher_options {
    postgres_options connection{};
    std::size_t tries = 3; ///< workers that may be lost with a job before its trial fails: a point that ends the process ends no more than these
};

/// How a worker takes jobs from a database.
struct postgres_worker_options {
    postgres_options connection{};
    double lease =
        30; ///< seconds without a sign after which the worker's job is given to another, at most 10^9; it gives a sign three times as often
    double idle = 600; ///< seconds without a running search after which it leaves
};

} // namespace verdant
