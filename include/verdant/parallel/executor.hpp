#pragma once

#include <concepts>
#include <cstddef>

/// Executors, which run many tasks: the concept, and one that runs them in order.
namespace verdant {

namespace detail {

/// A task whose type is forgotten; does not own it.
class task_ref {
public:
    template <class Task>
    explicit task_ref(const Task& task) : task_{&task}, call_{&call<Task>} {}
    void operator()(std::size_t i) const { call_(task_, i); }

private:
    template <class Task>
    static void call(const void* task, std::size_t i) {
        (*static_cast<const Task*>(task))(i);
    }
    const void* task_;
    void (*call_)(const void*, std::size_t);
};

} // namespace detail

/// Runs `task(0)` .. `task(n - 1)`, each once, in any order and on any threads, and returns when all are done. Tasks do not throw.
template <class X>
concept executor = requires(X& x, std::size_t n, const detail::task_ref& task) { x(n, task); };

/// All on the calling thread, in order.
struct serial_executor {
    template <std::invocable<std::size_t> Task>
    void operator()(std::size_t n, const Task& task) const {
        for (std::size_t i = 0; i < n; ++i) task(i);
    }
};

namespace detail {

/// An executor whose type is forgotten; does not own it.
class executor_ref {
public:
    template <executor X>
        requires(!std::same_as<const X, const executor_ref>)
    explicit executor_ref(X& x) : executor_{const_cast<void*>(static_cast<const void*>(&x))}, run_{&run<X>} {
        if constexpr (requires { static_cast<std::size_t>(x.threads()); }) threads_ = static_cast<std::size_t>(x.threads());
    }
    void operator()(std::size_t n, const task_ref& task) const { run_(executor_, n, task); }
    [[nodiscard]] std::size_t threads() const noexcept { return threads_; } ///< 1 where it does not say

private:
    template <class X>
    static void run(void* x, std::size_t n, const task_ref& task) {
        (*static_cast<X*>(x))(n, task);
    }
    void* executor_;
    void (*run_)(void*, std::size_t, const task_ref&);
    std::size_t threads_ = 1;
};

} // namespace detail

} // namespace verdant
