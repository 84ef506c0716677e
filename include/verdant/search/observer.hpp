#pragma once

#include <verdant/search/run_metering.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/search_options.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace verdant {

/// What an observer may return from `started` and `told`.
enum class search_step : std::uint8_t {
    go_on,
    stop ///< no further trial is begun; those under way are completed
};

namespace detail {

template <class O>
concept sees_start = requires(O& o, const search_state& state) { o.started(state); };
template <class O, class Session>
concept sees_trials = requires(O& o, const typename Session::trial_type& t, const search_state& state) { o.told(t, state); };
template <class O, class Session>
concept sees_end = requires(O& o, const typename Session::result_type& r) { o.finished(r); };
template <class O>
concept asks_to_stop = requires(O& o) {
    { o.stop_requested() } -> std::convertible_to<bool>;
};

} // namespace detail

/// Watches a search: an object with any of `started(const search_state&)`, `told(const trial&, const search_state&)` for each trial in order,
/// `finished(const result&)`, and `stop_requested() -> bool`. What it throws ends the search.
///
/// It may end the search politely, with a result: `started` and `told` return nothing or a `search_step`. `stop_requested` is looked at before each
/// trial begins, on the thread that is to evaluate it, so that several threads may call it at once: `std::stop_token` is an observer.
///
/// One that has `consumption() -> search_consumption` says what the run has consumed so far, by any thread; results and studies record what the first
/// of those says. `carbon::consumption_meter` is one. Its `scope() -> metered_scope`, where it has one, says by which counters, so that what workers'
/// meters count, too, counts once.
/// @tparam Session of the search: `search<...>::session_type`
template <class O, class Session>
concept observer =
    detail::sees_start<O> || detail::sees_trials<O, Session> || detail::sees_end<O, Session> || detail::asks_to_stop<O> || detail::meters<O>;

namespace detail {

/// The step that a call returns; without one, the search goes on.
template <class Call>
[[nodiscard]] search_step step_of(const Call& call) {
    if constexpr (std::same_as<decltype(call()), search_step>) return call();
    else return static_cast<void>(call()), search_step::go_on;
}

/// An observer whose type is forgotten; does not own it. A default one is silent.
template <class Session>
class observer_ref {
public:
    observer_ref() = default;
    template <observer<Session> O>
    explicit observer_ref(O& o) : observer_{const_cast<void*>(static_cast<const void*>(&o))} {
        if constexpr (sees_start<O>)
            started_ = [](void* self, const search_state& state) {
                return step_of([&]() -> decltype(auto) { return static_cast<O*>(self)->started(state); });
            };
        if constexpr (sees_trials<O, Session>)
            told_ = [](void* self, const trial_type& t, const search_state& state) {
                return step_of([&]() -> decltype(auto) { return static_cast<O*>(self)->told(t, state); });
            };
        if constexpr (sees_end<O, Session>)
            finished_ = [](void* self, const result_type& r) { static_cast<void>(static_cast<O*>(self)->finished(r)); };
        if constexpr (meters<O>) metering_ = [](void* self) -> run_metering* { return new metering_by<O>{*static_cast<O*>(self)}; };
        if constexpr (asks_to_stop<O>) stop_requested_ = [](void* self) -> bool { return static_cast<O*>(self)->stop_requested(); };
    }
    [[nodiscard]] search_step started(const search_state& state) const {
        return started_ != nullptr ? started_(observer_, state) : search_step::go_on;
    }
    [[nodiscard]] search_step told(const typename Session::trial_type& t, const search_state& state) const {
        return told_ != nullptr ? told_(observer_, t, state) : search_step::go_on;
    }
    void finished(const typename Session::result_type& r) const {
        if (finished_ != nullptr) finished_(observer_, r);
    }
    /// What meters the run, owned by who asks; null where the observer does not.
    [[nodiscard]] run_metering* new_metering() const { return metering_ != nullptr ? metering_(observer_) : nullptr; }
    [[nodiscard]] bool stop_requested() const { return stop_requested_ != nullptr && stop_requested_(observer_); }

private:
    using trial_type = typename Session::trial_type;
    using result_type = typename Session::result_type;
    void* observer_ = nullptr;
    search_step (*started_)(void*, const search_state&) = nullptr;
    search_step (*told_)(void*, const trial_type&, const search_state&) = nullptr;
    void (*finished_)(void*, const result_type&) = nullptr;
    bool (*stop_requested_)(void*) = nullptr;
    run_metering* (*metering_)(void*) = nullptr;
};

/// The observers of a run; does not own them. A span would do, but compilers check a dozen concepts for its type of element.
template <class Session>
struct observer_list {
    const observer_ref<Session>* first = nullptr;
    std::size_t count = 0;

    [[nodiscard]] const observer_ref<Session>* begin() const noexcept { return first; }
    [[nodiscard]] const observer_ref<Session>* end() const noexcept { return first + count; }
};

} // namespace detail

} // namespace verdant
