#pragma once

#include <verdant/parallel/executor.hpp>
#include <verdant/parallel/thread_pool.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/executor_dispatcher.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/observer_checks.hpp>
#include <verdant/search/pool_dispatcher.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/start_points.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/study_recorder.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

/// Tells the arguments of `run` apart.
namespace verdant::detail {

/// What an argument of `run` behind the options is. One that could be several things is the first.
enum class part_role : std::uint8_t { storage, recorder, dispatcher, executor, start_points, observer, none };

template <class Part>
inline constexpr bool is_start_points = false;
template <class Space>
inline constexpr bool is_start_points<start_points<Space>> = true;

template <class Session, class Part>
[[nodiscard]] consteval part_role role_of() {
    if constexpr (storage<Part>) return part_role::storage;
    else if constexpr (study_recorder<Part, Session>) return part_role::recorder;
    else if constexpr (dispatcher<Part, typename Session::space_type, typename Session::goals_type>) return part_role::dispatcher;
    else if constexpr (executor<Part>) return part_role::executor;
    else if constexpr (std::is_same_v<std::remove_const_t<Part>, start_points<typename Session::space_type>>) return part_role::start_points;
    else if constexpr (observer<Part, Session>) return part_role::observer;
    else return part_role::none;
}

/// Whether a part that is nothing may be meant as an observer: an object without a sign of anything else.
template <class Part>
concept meant_as_observer = std::is_class_v<Part> && !requires { &Part::load; } && !requires { &Part::open; } && !requires { &Part::submit; } &&
                            !requires { &Part::operator(); };

/// Whether a part that is not an observer of this search says of which trials it is one.
template <class Part>
concept watches_another_search = requires {
    typename Part::trial_type;
    &Part::told;
};

// Checks are classes, made where `run` is called and not deeper, so that compilers list few steps between the mistake and the user's line.

template <class Part, part_role Role>
struct run_part {
    static constexpr bool starts_elsewhere = Role == part_role::none && is_start_points<std::remove_const_t<Part>>;
    static_assert(
        !starts_elsewhere,
        "verdant: start points of a run are points of another space; give points of the space of the search, see run_part<...> in this message");
    static constexpr bool watches_elsewhere = Role == part_role::none && watches_another_search<std::remove_const_t<Part>>;
    static_assert(!watches_elsewhere,
                  "verdant: an observer of a run is one of another search; give it the type of this one, for example csv_tail<study>, see "
                  "run_part<...> in this message");
    static constexpr bool is_something = Role != part_role::none || starts_elsewhere || watches_elsewhere;
    static constexpr bool watches_nothing = !is_something && meant_as_observer<std::remove_const_t<Part>>;
    static_assert(!watches_nothing, "verdant: an observer of a search has none of started, told, finished and stop_requested; give it one of them "
                                    "with the arguments that search::run "
                                    "names");
    static_assert(is_something || watches_nothing, "verdant: an argument of run is neither a storage, nor an executor or a dispatcher, nor start "
                                                   "points, nor an observer; write what the concept of "
                                                   "that name asks for, see run_part<...> in this message");
    static constexpr bool value = true; // a false one would add a second error below the first
};

template <std::size_t Storages, std::size_t Dispatchers, std::size_t Starts>
struct run_part_counts {
    static constexpr bool one_storage = Storages <= 1, one_dispatcher = Dispatchers <= 1, one_start = Starts <= 1;
    static_assert(one_start, "verdant: two lists of start points for one run of a search; pass one with all points");
    static_assert(one_storage, "verdant: two storages for one run of a search; pass one, since a study is kept in one place");
    static_assert(one_dispatcher, "verdant: two executors or dispatchers for one run of a search; pass one");
    static constexpr bool value = true;
};

/// Results have what one meter says.
template <std::size_t Meters>
struct run_meters {
    static constexpr bool one = Meters <= 1;
    static_assert(one, "verdant: two consumption meters for one run of a search; pass one, since both would count the same machine");
    static constexpr bool value = true;
};

/// The parts of a run by their roles.
template <class Session, class... Part>
struct run_parts {
    static constexpr std::size_t count([[maybe_unused]] part_role r) { return (std::size_t{0} + ... + (role_of<Session, Part>() == r ? 1 : 0)); }
    static constexpr std::size_t storages = count(part_role::storage) + count(part_role::recorder);
    static constexpr std::size_t dispatchers = count(part_role::dispatcher) + count(part_role::executor);
    static constexpr std::size_t starts = count(part_role::start_points);
    /// Nothing is compiled of a run with a mistake, so that its message stays the only one.
    static constexpr bool good = count(part_role::none) == 0 && storages <= 1 && dispatchers <= 1 && starts <= 1;
};

/// The first part of a role. @pre there is one
template <part_role Role, class Session, class First, class... Rest>
[[nodiscard]] constexpr auto& part_of(First& first, Rest&... rest) {
    if constexpr (role_of<Session, First>() == Role) return first;
    else return part_of<Role, Session>(rest...);
}

/// Calls `go` with the dispatcher among the parts, that of the executor among them, or that of `threads` threads: one that waits for whole batches,
/// or, for trials that are told as they are completed, for none.
template <class Session, class Go, class... Part>
decltype(auto) with_dispatcher(unsigned threads, tell_order order, const Go& go, Part&... parts) {
    using list = run_parts<Session, Part...>;
    using space = typename Session::space_type;
    using goals = typename Session::goals_type;
    using of_executor = executor_dispatcher<space, goals>;
    if constexpr (list::count(part_role::dispatcher) > 0) {
        auto& found = part_of<part_role::dispatcher, Session>(parts...);
        dispatcher_ref<space, goals, std::remove_reference_t<decltype(found)>> ref{found};
        return go(ref);
    } else if constexpr (list::count(part_role::executor) > 0) {
        of_executor made{part_of<part_role::executor, Session>(parts...)};
        dispatcher_ref<space, goals, of_executor> ref{made};
        return go(ref);
    } else {
        if (order == tell_order::as_completed) {
            using of_threads = pool_dispatcher<space, goals>;
            of_threads made{threads};
            dispatcher_ref<space, goals, of_threads> ref{made};
            return go(ref);
        }
        thread_pool pool{threads};
        of_executor made{pool};
        dispatcher_ref<space, goals, of_executor> ref{made};
        return go(ref);
    }
}

/// Calls `go` with the recorder among the parts, that over the storage among them, or the one that records nothing.
template <class Session, class Go, class... Part>
decltype(auto) with_recorder([[maybe_unused]] tell_order order, const Go& go, Part&... parts) {
    using list = run_parts<Session, Part...>;
    if constexpr (list::count(part_role::recorder) > 0) {
        auto& found = part_of<part_role::recorder, Session>(parts...);
        recorder_ref<Session, std::remove_reference_t<decltype(found)>> ref{found};
        return go(ref);
    } else if constexpr (list::count(part_role::storage) > 0) {
        study_keeper<Session> keeper{part_of<part_role::storage, Session>(parts...), order};
        recorder_ref<Session, study_keeper<Session>> ref{keeper};
        return go(ref);
    } else {
        no_recorder<Session> nothing;
        recorder_ref<Session, no_recorder<Session>> ref{nothing};
        return go(ref);
    }
}

/// Gives a new session the start points among the parts.
template <class Session, class... Part>
void start_with_parts([[maybe_unused]] Session& session, [[maybe_unused]] Part&... parts) {
    if constexpr (run_parts<Session, Part...>::starts > 0) session.start_with(part_of<part_role::start_points, Session>(parts...));
}

/// A part as an observer; a silent one of what has another role.
template <class Session, class Part>
[[nodiscard]] observer_ref<Session> observer_of([[maybe_unused]] Part& part) {
    if constexpr (role_of<Session, Part>() == part_role::observer) return observer_ref<Session>{part};
    else return {};
}

} // namespace verdant::detail
