// How far a search is, for logs.
#pragma once

#include "progress.hpp"

#include <optional>
#include <utility>

namespace terminal {

/// An observer of a search where standard error is no terminal, and `verdant::progress_line` says nothing: a line each minute.
class search_log {
public:
    explicit search_log(progress::place where = {}) : where_{std::move(where)} {}

    template <class State>
    void started(const State& state) {
        if (!where_.terminal) line_.emplace("trials", static_cast<double>(state.total), in_logs::minutes, amount::count, where_);
    }
    template <class Trial, class State>
    void told(const Trial&, const State& state) {
        if (line_) line_->at(static_cast<double>(state.done));
    }

private:
    progress::place where_;
    std::optional<progress> line_;
};

} // namespace terminal
