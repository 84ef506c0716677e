#pragma once

#include <verdant/search/observer.hpp>

#include <concepts>
#include <type_traits>

/// What is likely wrong with an observer that would hear less than its writer thinks. Which members an object has cannot be listed in C++20, but it
/// can be asked for names: the right ones with other arguments, and others that can be called with the arguments of an observer.
namespace verdant::detail {

/// A member of that name which cannot be called as a search would.
template <class O, class Session>
concept deaf_started = !sees_start<O> && requires { &O::started; };
template <class O, class Session>
concept deaf_told = !sees_trials<O, Session> && requires { &O::told; };
template <class O, class Session>
concept deaf_finished = !sees_end<O, Session> && requires { &O::finished; };
template <class O>
concept deaf_stop_requested = !asks_to_stop<O> && requires { &O::stop_requested; };

template <class O, class Session>
concept told_by_another_name = !sees_trials<O, Session> &&
                               requires(O& o, const typename Session::trial_type& t, const search_state& s) {
                                   requires requires { o.tell(t, s); } || requires { o.tolled(t, s); } || requires { o.toled(t, s); } ||
                                                requires { o.told_(t, s); } || requires { o.on_told(t, s); } || requires { o.on_tell(t, s); } ||
                                                requires { o.on_trial(t, s); } || requires { o.on_trail(t, s); } || requires { o.trial(t, s); } ||
                                                requires { o.trial_told(t, s); } || requires { o.trial_done(t, s); } || requires { o.on_result(t, s); } ||
                                                requires { o.tell(t); } || requires { o.on_told(t); } || requires { o.on_trial(t); } ||
                                                requires { o.on_trail(t); } || requires { o.trial_done(t); } || requires { o.Told(t, s); };
                               };
template <class O>
concept started_by_another_name = !sees_start<O> && requires(O& o, const search_state& s) {
    requires requires { o.start(s); } || requires { o.stared(s); } || requires { o.startet(s); } || requires { o.on_start(s); } ||
                 requires { o.on_started(s); } || requires { o.begin(s); } || requires { o.begun(s); } || requires { o.on_begin(s); } ||
                 requires { o.starting(s); } || requires { o.Started(s); };
};
template <class O, class Session>
concept finished_by_another_name = !sees_end<O, Session> && requires(O& o, const typename Session::result_type& r) {
    requires requires { o.finish(r); } || requires { o.finnished(r); } || requires { o.finised(r); } || requires { o.on_finish(r); } ||
                 requires { o.on_finished(r); } || requires { o.end(r); } || requires { o.ended(r); } || requires { o.on_end(r); } ||
                 requires { o.done(r); } || requires { o.on_done(r); } || requires { o.completed(r); } || requires { o.Finished(r); };
};
template <class O>
concept stops_by_another_name = !asks_to_stop<O> && requires(O& o) {
    requires requires { { o.should_stop() } -> std::same_as<bool>; } || requires { { o.stop_request() } -> std::same_as<bool>; } ||
                 requires { { o.stop_wanted() } -> std::same_as<bool>; } || requires { { o.wants_stop() } -> std::same_as<bool>; } ||
                 requires { { o.stop_requsted() } -> std::same_as<bool>; } || requires { { o.is_stop_requested() } -> std::same_as<bool>; };
};

/// What is not `void` or a `search_step` is not looked at; a truth value is meant to be.
template <class O>
concept starts_with_truth = requires(O& o, const search_state& s) {
    { o.started(s) } -> std::same_as<bool>;
};
template <class O, class Session>
concept tells_truth = requires(O& o, const typename Session::trial_type& t, const search_state& s) {
    { o.told(t, s) } -> std::same_as<bool>;
};

/// It says of which trials it is an observer, and they are others.
template <class O, class Session>
concept of_another_search = requires { typename O::trial_type; } && !std::same_as<typename O::trial_type, typename Session::trial_type>;

/// Made where `run` is called, so that compilers list few steps between the mistake and the user's line. One mistake is reported at a time.
template <class Session, class Part>
struct observer_calls {
    static constexpr bool value = true;
};
template <class Session, class O>
    requires observer<O, Session>
struct observer_calls<Session, O> {
    static constexpr bool elsewhere = of_another_search<O, Session>;
    static_assert(!elsewhere, "verdant: an observer of a run is one of another search; give it the type of this one, for example stagnation<study>, see "
                              "observer_calls<...> in this message");
    static constexpr bool deaf =
        !elsewhere && (deaf_started<O, Session> || deaf_told<O, Session> || deaf_finished<O, Session> || deaf_stop_requested<O>);
    static_assert(!deaf, "verdant: an observer has a member started, told, finished or stop_requested that a search cannot call; give it the arguments that "
                         "search::run names: started(const search_state&), told(const trial&, const search_state&), finished(const result&)");
    static constexpr bool misnamed =
        !elsewhere && !deaf && (told_by_another_name<O, Session> || started_by_another_name<O> || finished_by_another_name<O, Session> || stops_by_another_name<O>);
    static_assert(!misnamed, "verdant: an observer has a member that takes what a search gives, under a name that it does not call; the names are started, "
                             "told, finished and stop_requested");
    static constexpr bool truth = !elsewhere && !deaf && !misnamed && (starts_with_truth<O> || tells_truth<O, Session>);
    static_assert(!truth, "verdant: started or told of an observer returns bool, which says nothing to a search; return verdant::search_step::stop or go_on, or "
                          "nothing");
    static constexpr bool value = true; // a false one would add a second error below the first
};

} // namespace verdant::detail
