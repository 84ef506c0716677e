#pragma once

#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>

namespace verdant {

/// How a search gives jobs to workers by a file.
struct sqlite_dispatcher_options {
    double patience = 30;  ///< seconds to wait where another program holds a lock on the file of jobs
    std::size_t tries = 3; ///< workers that may be lost with a job before its trial fails: a point that ends the process ends no more than these
    /// Is told that the search waits for workers; by default it writes a line to standard error.
    std::function<void(const std::string&)> notice = [](const std::string& words) { std::fprintf(stderr, "%s\n", words.c_str()); };
};

/// How a worker takes jobs from a file.
struct sqlite_worker_options {
    double patience = 30; ///< seconds to wait where another program holds a lock on the file of jobs
    double lease =
        30;    ///< seconds without a sign after which the worker's job is given to another, at most 10^9; it gives a sign three times as often
    double idle = 600;    ///< seconds without a running search after which it leaves
    /// Is told of results that are dropped, and that it leaves without a search; by default it writes a line to standard error.
    std::function<void(const std::string&)> notice = [](const std::string& words) { std::fprintf(stderr, "%s\n", words.c_str()); };
};

} // namespace verdant
