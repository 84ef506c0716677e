#pragma once

#include <verdant/error.hpp>

#include <string>
#include <utility>

/// The exception that all processes throw when something failed in one of them.
namespace verdant::nn {

/// How a piece of work failed: the exit status that a program ends with for it, other than 0, and what it says.
struct failure {
    int status = 1;
    std::string text;
};

/// What every process throws when something failed in one of them, so that all end and none waits for another. See `agreed`.
class failed : public error {
public:
    /// @param f    how it failed; the text is that of the first process where it did, and empty in all others
    /// @param rank of that process
    failed(failure f, int rank) : error{"process " + std::to_string(rank) + " failed: " + f.text}, failure_{std::move(f)}, rank_{rank} {}

    /// The exit status; the same in all processes.
    [[nodiscard]] int status() const noexcept { return failure_.status; }
    /// What is left to be said by this process; empty where another one says it.
    [[nodiscard]] const std::string& text() const noexcept { return failure_.text; }
    /// The first process where it failed.
    [[nodiscard]] int rank() const noexcept { return rank_; }

private:
    failure failure_;
    int rank_;
};

} // namespace verdant::nn
