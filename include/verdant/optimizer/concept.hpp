#pragma once

#include <verdant/goal/pending_trial.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/random/stream.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What an optimizer is, as a concept.
namespace verdant {

/// Proposes points and is told what they were worth. It owns no random numbers: the search hands it one stream, in one place, so that a
/// run depends on nothing but its seed.
///
/// Semantics: `ask(random, n)` gives at most n feasible points, fewer only where there are no more (none: the search ends). `tell` gets every asked
/// point in the order asked, also those known from before (their trial is the earlier one) and failed ones; it may as well be called with trials that
/// were not asked for. An engine that copies values of trials may have `correct` (`correctable_engine`). Between a `tell` and the next `ask` the
/// state is complete: equal tells and streams give equal asks.
template <class E, class Space, class Goals>
concept optimizer = requires(E& e, const E& c, random_stream& random, std::size_t n, std::span<const trial<Space, Goals>> told) {
    { e.ask(random, n) } -> std::same_as<std::vector<point<Space>>>;
    { e.tell(told) } -> std::same_as<void>;
    { c.preferred_batch() } -> std::convertible_to<std::size_t>;
};

/// An engine that can be asked while trials are pending, and told of them in any order, as asynchronous searches do: `ask(random, n, pending)` is
/// asked in place of `ask(random, n)` before each of its questions, also where nothing is pending. It proposes no point of a pending trial as long as
/// there are others, and may take into account that these points are being evaluated. An engine without it is asked as always; what it proposes of
/// pending points is passed over, and asked for again once more is known. Equal orders of questions and tells with equal streams give equal points.
template <class E, class Space, class Goals>
concept pending_optimizer =
    optimizer<E, Space, Goals> && requires(E& e, random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
        { e.ask(random, n, pending) } -> std::same_as<std::vector<point<Space>>>;
    };

/// An engine that can stop and go on: `save` gives its state between a `tell` and the next `ask`, when every asked point has been told (of a
/// `pending_optimizer`: whatever is pending); an engine made from the same options that is given this text and all trials told so far, in order, goes
/// on as the first one would, bit for bit. `restore` throws input_error for a text that is not such a state. Searches kept in a file replay engines
/// without these two: they ask and tell again from the beginning.
template <class E, class Space, class Goals>
concept savable_engine = requires(E& e, const E& c, std::string_view saved, std::span<const trial<Space, Goals>> told) {
    { c.save() } -> std::same_as<std::string>;
    { e.restore(saved, told) } -> std::same_as<void>;
};

/// An engine that copies values of trials: `correct(t)` is called when a told trial is given other values. Of engines without it, one that can be
/// saved is restored with the new trials, and any other is told the trial again.
///
/// Functions of these names that an engine has are those of these three concepts: another `ask` of three arguments, `save`, `restore` or `correct` is
/// refused by the compiler as far as it can be told apart, and so is one of `save` and `restore` alone. Data members of these names are an engine's
/// own affair.
template <class E, class Space, class Goals>
concept correctable_engine = requires(E& e, const trial<Space, Goals>& t) { e.correct(t); };

namespace detail {
struct optimizer_tag {};
} // namespace detail

/// What users write as the last argument of `search`: a type that names an optimizer before space and goals are known. It derives from
/// `optimizer_policy_base`, has an `options` aggregate and an `engine<Space, Goals>` that is made from these, and from the limits of the goals
/// where it takes them as a second argument (`typename Goals::limits_type`), and models `optimizer`.
template <class O>
concept optimizer_policy = std::derived_from<O, detail::optimizer_tag> && std::semiregular<typename O::options>;

/// The base that marks an optimizer for `search`.
using optimizer_policy_base = detail::optimizer_tag;

} // namespace verdant
