#pragma once

#include <verdant/goal/metrics.hpp>
#include <verdant/random.hpp>
#include <verdant/space/point.hpp>

#include <concepts>
#include <span>
#include <type_traits>
#include <vector>

namespace verdant {

/// Measures one point: a callable `point<Space> -> metrics<...>`. Where trials run in parallel it is called from several threads at once.
template <class E, class Space>
concept single_evaluator = std::invocable<const E&, const point<Space>&> && detail::is_metrics<std::invoke_result_t<const E&, const point<Space>&>>;

/// As `single_evaluator`, with the trial's own random stream, which does not depend on the number of threads.
template <class E, class Space>
concept seeded_evaluator = std::invocable<const E&, const point<Space>&, random_stream&> &&
                           detail::is_metrics<std::invoke_result_t<const E&, const point<Space>&, random_stream&>>;

/// Measures many points at once: `span<const point<Space>> -> vector<metrics<...>>`, one record a point, in order.
template <class E, class Space>
concept batch_evaluator = std::invocable<const E&, std::span<const point<Space>>> &&
                          requires { typename std::invoke_result_t<const E&, std::span<const point<Space>>>::value_type; } &&
                          detail::is_metrics<typename std::invoke_result_t<const E&, std::span<const point<Space>>>::value_type>;

/// Anything that measures points of a space. Where a callable has several forms, the batch form is used.
template <class E, class Space>
concept evaluator_for = single_evaluator<E, Space> || seeded_evaluator<E, Space> || batch_evaluator<E, Space>;

namespace detail {

template <class E, class Space>
struct provided {
    using type = metrics<>; // no evaluator; reported where evaluators are checked
};
template <class E, class Space>
    requires batch_evaluator<E, Space>
struct provided<E, Space> {
    using type = typename std::invoke_result_t<const E&, std::span<const point<Space>>>::value_type;
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
using provided_metrics = typename detail::provided<E, Space>::type;

} // namespace verdant
