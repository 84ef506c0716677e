#pragma once

#include <verdant/fidelity/fidelity_schedule.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

/// What a policy of fidelities is, as a type.
namespace verdant {

namespace detail {
struct fidelity_policy_tag {};
} // namespace detail

/// The base that marks a policy for `multi_fidelity`.
using fidelity_policy_base = detail::fidelity_policy_tag;

/// What users write as the last argument of `multi_fidelity`: a type with an aggregate `options`, which has an `eta` (the factor between rungs) and
/// the list `described` of its members, a `name`, and a `schedule` that is made from them and the rungs. One with `single_objective` true is for
/// searches of one objective.
template <class P>
concept fidelity_policy = std::derived_from<P, detail::fidelity_policy_tag> && std::derived_from<typename P::schedule, fidelity_schedule> &&
                          std::constructible_from<typename P::schedule, const typename P::options&, std::span<const double>> &&
                          requires(const typename P::options& o) {
                              { o.eta } -> std::convertible_to<std::size_t>;
                              { P::name() } -> std::convertible_to<std::string_view>;
                          };

} // namespace verdant
