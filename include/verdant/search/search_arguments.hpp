#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/space/feasibility.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/space.hpp>
#include <verdant/space/table.hpp>
#include <verdant/space/validity.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <type_traits>

/// What the arguments of `search` are, and what is said of those that it does not take.
namespace verdant {

namespace detail {

template <class... G>
struct goal_list {};

/// Splits `Goal..., Optimizer`.
template <class Before, class... Args>
struct search_parts {
    using goals = goal_list<>;
    using last = void;
};
template <class... G, class Last>
struct search_parts<goal_list<G...>, Last> {
    using goals = goal_list<G...>;
    using last = Last;
};
template <class... G, class First, class Second, class... Rest>
struct search_parts<goal_list<G...>, First, Second, Rest...> : search_parts<goal_list<G..., First>, Second, Rest...> {};

// Checks are classes, made by `search` itself and not deeper, so that compilers list few steps between the mistake and the user's line.

template <class Argument>
struct first_argument {
    static constexpr bool is_space = search_space<Argument>;
    static_assert(is_space,
                  "verdant: the first argument of search is no space; write search<Space, minimize<...>, nsga2<>>: first a struct derived from "
                  "space<...>, then goals, last an optimizer; see first_argument<...> in this message");
    static constexpr bool value = true; // a false one would add a second error below the first
};
template <class Argument>
struct space_checks {
    static constexpr bool good = false;
    using sound = first_argument<Argument>;
    using possible = sound;
};
template <search_space Space>
struct space_checks<Space> {
    static constexpr bool good = table<Space>.found.sound() && feasibility_of<Space> != feasibility::infeasible;
    using sound = detail::sound<Space>;
    using possible = detail::possible<Space>;
};

template <class Argument>
struct search_argument {
    static constexpr bool good = optimizer_policy<Argument>;
    static_assert(good, "verdant: an argument of search between the space and the optimizer is no goal; write minimize<...>, maximize<...>, "
                        "subject_to<...> or track<...>; see search_argument<...> in this message");
    static constexpr bool value = true;
};
/// Nothing is said of the other arguments where the first one is no space, since the space may be among them.
template <bool HasSpace, class Argument>
struct select_check {
    struct type {
        static constexpr bool good = false, value = true;
    };
};
template <class Argument>
struct select_check<true, Argument> {
    using type = search_argument<Argument>;
};
template <goal_like Goal>
struct select_check<true, Goal> {
    using type = typename Goal::check;
};
template <bool HasSpace, class Argument>
using argument_check = typename select_check<HasSpace, Argument>::type;

// What the arguments are. Of wrong ones all that can be told apart is kept, so that the rest of a program is understood and only the mistake is
// reported.

/// Goals of a search with a mistake, which may lack some that a program asks trials for.
template <class... G>
struct salvaged_goals : goals<G...> {
    static constexpr bool has_mistake = true;
};

template <bool Right, class Space, class Optimizer, class List>
struct found_arguments;
template <bool Right, class Space, class Optimizer, class... G>
struct found_arguments<Right, Space, Optimizer, goal_list<G...>> {
    using space = Space;
    using optimizer = Optimizer;
    using goals = std::conditional_t<Right, verdant::goals<G...>, salvaged_goals<G...>>;
};

template <class T>
struct space_among {
    using type = void;
};
template <search_space S>
struct space_among<S> {
    using type = S;
};
template <search_space S>
struct space_among<point<S>> {
    using type = S;
};

template <class Space, class Optimizer, class List, class... Args>
struct salvaged_arguments {
    using type = found_arguments<false, std::conditional_t<std::is_void_v<Space>, no_space, Space>, Optimizer, List>;
};
template <class Space, class Optimizer, class List, class First, class... Rest>
struct salvaged_arguments<Space, Optimizer, List, First, Rest...> {
    using here = typename space_among<First>::type;
    using type = typename salvaged_arguments<std::conditional_t<std::is_void_v<Space>, here, Space>,
                                             std::conditional_t<optimizer_policy<First>, First, Optimizer>, List, Rest...>::type;
};
template <class Space, class Optimizer, class... G, goal_like First, class... Rest>
    requires(metric_like<typename First::metric_type> && !std::same_as<typename First::metric_type, no_metric>)
struct salvaged_arguments<Space, Optimizer, goal_list<G...>, First, Rest...> : salvaged_arguments<Space, Optimizer, goal_list<G..., First>, Rest...> {
};

template <bool Right, class Space, class... Args>
struct select_arguments {
    using parts = search_parts<goal_list<>, Args...>;
    using type = found_arguments<true, Space, typename parts::last, typename parts::goals>;
};
template <class Space, class... Args>
struct select_arguments<false, Space, Args...> : salvaged_arguments<void, no_optimizer, goal_list<>, Space, Args...> {};

template <class List>
inline constexpr bool all_goals = false;
template <class... G>
inline constexpr bool all_goals<goal_list<G...>> = (goal_like<G> && ...);

/// A limit that a program sets: of a metric, and a quantity of its kind.
template <class M, class Value>
struct limit_argument {
    static constexpr bool is_metric = metric_like<M>;
    static_assert(
        is_metric,
        "verdant: what stands between < and > is no metric; write that of a goal, for example study.threshold<latency>(20.0 * milliseconds{})");
    static constexpr bool fits = !is_metric || std::is_convertible_v<const Value&, typename metric_in<M>::value_type>;
    static_assert(fits, "verdant: a limit has the unit of its metric; write a quantity, for example study.threshold<latency>(20.0 * milliseconds{})");
    static constexpr bool good = is_metric && fits;
    static constexpr bool value = true;

    [[nodiscard]] static constexpr double in_si(const Value& v) {
        if constexpr (good) return to_si<typename M::value_type>(v);
        else return 0;
    }
};

} // namespace detail

} // namespace verdant
