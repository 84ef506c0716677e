#pragma once

#include <verdant/goal/metrics.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/point.hpp>

#include <concepts>
#include <span>
#include <type_traits>

/// What an evaluator is: a callable from points to metrics.
namespace verdant {

namespace detail {

/// A generic callable, such as a lambda of `const auto&`, claims to take anything; asking whether it takes a span of points would
/// compile its body with one. So it is never a batch evaluator.
template <class E, class Space>
concept generic_evaluator = requires { &E::template operator()<point<Space>>; };

template <class Record>
concept metrics_record = is_metrics<std::remove_cvref_t<Record>>;

} // namespace detail

/// Measures many points at once: `span<const point<Space>> -> vector<metrics<...>>`, one record a point, in order. It is called from one
/// thread and brings its own parallelism. Its parameter must name its type: `std::span<const point<my_space>>`, not `auto`.
template <class E, class Space>
concept batch_evaluator = !detail::generic_evaluator<E, Space> && std::invocable<const E&, std::span<const point<Space>>> && requires {
    requires detail::metrics_record<typename std::remove_cvref_t<std::invoke_result_t<const E&, std::span<const point<Space>>>>::value_type>;
};

/// Measures one point: a callable `point<Space> -> metrics<...>`. Where trials run in parallel it is called from several threads at once.
template <class E, class Space>
concept single_evaluator =
    std::invocable<const E&, const point<Space>&> && detail::metrics_record<std::invoke_result_t<const E&, const point<Space>&>>;

/// As `single_evaluator`, with the trial's own random stream, which does not depend on the number of threads.
template <class E, class Space>
concept seeded_evaluator = std::invocable<const E&, const point<Space>&, random_stream&> &&
                           detail::metrics_record<std::invoke_result_t<const E&, const point<Space>&, random_stream&>>;

/// Anything that measures points of a space. Of a callable with several forms the batch form is used, then the seeded one.
template <class E, class Space>
concept evaluator_for = batch_evaluator<E, Space> || seeded_evaluator<E, Space> || single_evaluator<E, Space>;

namespace detail {

template <class E, class Space>
struct provided {
    using type = metrics<>; // no evaluator; reported where evaluators are checked
};
template <class E, class Space>
    requires batch_evaluator<E, Space>
struct provided<E, Space> {
    using type = typename std::remove_cvref_t<std::invoke_result_t<const E&, std::span<const point<Space>>>>::value_type;
};
template <class E, class Space>
    requires(!batch_evaluator<E, Space> && seeded_evaluator<E, Space>)
struct provided<E, Space> {
    using type = std::invoke_result_t<const E&, const point<Space>&, random_stream&>;
};
template <class E, class Space>
    requires(!batch_evaluator<E, Space> && !seeded_evaluator<E, Space> && single_evaluator<E, Space>)
struct provided<E, Space> {
    using type = std::invoke_result_t<const E&, const point<Space>&>;
};

} // namespace detail

/// The record that an evaluator gives.
template <class E, class Space>
using provided_metrics = std::remove_cvref_t<typename detail::provided<E, Space>::type>;

} // namespace verdant
