#pragma once

#include <concepts>
#include <cstddef>

namespace verdant {

namespace detail {
struct executor_archetype_task {
    void operator()(std::size_t) const {}
};
} // namespace detail

/// Runs `task(0)` .. `task(n - 1)`, each once, in any order and on any threads, and returns when all are done. Tasks do not throw.
template <class X>
concept executor = requires(X& x, std::size_t n, const detail::executor_archetype_task& task) { x(n, task); };

/// All on the calling thread, in order.
struct serial_executor {
    template <std::invocable<std::size_t> Task>
    void operator()(std::size_t n, const Task& task) const {
        for (std::size_t i = 0; i < n; ++i) task(i);
    }
};

} // namespace verdant
