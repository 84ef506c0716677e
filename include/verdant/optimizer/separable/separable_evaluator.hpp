#pragma once

#include <verdant/goal/evaluator.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/optimizer/separable/space_blocks.hpp>
#include <verdant/optimizer/separable/vector_front.hpp>
#include <verdant/space/point.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

/// Evaluators whose metrics are sums or maxima over blocks.
namespace verdant {

namespace detail {

template <class E>
struct declared_sums {
    using type = metrics<>;
};
template <class E>
    requires requires { typename E::sums; }
struct declared_sums<E> {
    using type = typename E::sums;
};
template <class E>
struct declared_maxima {
    using type = metrics<>;
};
template <class E>
    requires requires { typename E::maxima; }
struct declared_maxima<E> {
    using type = typename E::maxima;
};

template <class E>
concept declares_folds = requires { typename E::sums; } || requires { typename E::maxima; };

/// Terms of a whole point, which are compared with the whole at random points.
template <class E, class S>
concept has_plain_terms = requires(const E& e, const point<S>& p, std::size_t block) {
    { e.shared_term(p) } -> std::same_as<provided_metrics<E, S>>;
    { e.block_term(p, block) } -> std::same_as<provided_metrics<E, S>>;
};
/// Terms of a block alone: the compiler refuses those that look elsewhere.
template <class E, class S>
concept has_typed_terms = requires(const E& e, const block_point<S, 0>& part, const block_point<S, block_count<S>>& shared) {
    { e.shared_term(shared) } -> std::same_as<provided_metrics<E, S>>;
    { e.block_term(part) } -> std::same_as<provided_metrics<E, S>>;
};

} // namespace detail

/// An evaluator of single points that says which of its metrics are sums over the blocks of a space and which are maxima, and what a block adds:
///
///     struct costs {
///         using sums = metrics<latency, macs>;    // fold by addition: shared term first, then block after block
///         using maxima = metrics<peak_memory>;    // fold by the larger value
///         metrics<latency, macs, peak_memory> operator()(const point<net>&) const;
///         metrics<latency, macs, peak_memory> shared_term(const point<net>&) const;             // of parameters that no block has
///         metrics<latency, macs, peak_memory> block_term(const point<net>&, std::size_t) const; // of one block and what is shared
///     };
///
/// Instead of points the terms may take `const auto&` of a `block_point<net, B>`, which refuses parameters of other blocks when the program is compiled.
template <class E, class S>
concept separable_evaluator = single_evaluator<E, S> && detail::declares_folds<E> && (detail::has_typed_terms<E, S> || detail::has_plain_terms<E, S>);

namespace detail {

template <class E, class S>
struct separable_check {
    static constexpr bool evaluates = single_evaluator<E, S>;
    static_assert(evaluates,
                  "verdant: an evaluator of an exact search does not take one point of its space; write a callable point<Space> -> metrics<...>");
    static constexpr bool declares = !evaluates || declares_folds<E>;
    static_assert(declares, "verdant: an evaluator of an exact search does not say how its metrics are made of blocks; list them in it, using sums = "
                            "metrics<...>; or using "
                            "maxima = metrics<...>;");
    static constexpr bool terms = !evaluates || !declares || separable_evaluator<E, S>;
    static_assert(terms, "verdant: an evaluator of an exact search has no terms; write shared_term(point) and block_term(point, std::size_t block), "
                         "const, which give the same "
                         "metrics<...> as the evaluator");
    static constexpr bool value = true; // a false one would add a second error below the first
};

template <class M, std::size_t Folds>
struct fold_check {
    static constexpr bool once = Folds == 1;
    static_assert(once, "verdant: the metric of a goal is neither a sum nor a maximum, or both; list it in sums or in maxima of its evaluator, see "
                        "fold_check<metric, "
                        "how often> in this message");
    static constexpr bool value = true;
};

template <class M, std::size_t Providers>
struct separable_provision {
    static constexpr bool some = Providers > 0, several = Providers > 1;
    static_assert(
        some,
        "verdant: no evaluator of the exact search gives the metric of a goal; pass one that does, see separable_provision<...> in this message");
    static_assert(!several, "verdant: two evaluators of the exact search give the same metric; leave it out of one of them, see "
                            "separable_provision<...> in this message");
    static constexpr bool value = true;
};

template <class S, class E, class M>
inline constexpr std::size_t gives = provided_metrics<E, S>::template has<M> ? 1 : 0;
template <class S, class E, class M>
inline constexpr std::size_t folds_of =
    gives<S, E, M> == 0 ? 0 : (declared_sums<E>::type::template has<M> ? 1 : 0) + (declared_maxima<E>::type::template has<M> ? 1 : 0);

/// What is checked of the evaluators of an exact search. The first mistake hides the others.
template <class S, class Goals, class Metrics, class... E>
struct separable_checks;
template <class S, class Goals, class... M, class... E>
struct separable_checks<S, Goals, metrics<M...>, E...> {
    static constexpr bool usable =
        blocks_check<S>::value && (separable_check<E, S>::value && ...) && blocks_check<S>::declared && (separable_evaluator<E, S> && ...);
    template <class Metric>
    static constexpr std::size_t providers = (std::size_t{0} + ... + gives<S, E, Metric>);
    template <class Metric>
    static constexpr std::size_t folds = (std::size_t{0} + ... + folds_of<S, E, Metric>);
    template <class Metric>
    static constexpr bool folding = usable && providers<Metric> == 1 && (Goals::template optimises<Metric> || Goals::template constrains<Metric>);
    static constexpr bool provided = (separable_provision < M, usable ? providers<M> : 1 > ::value && ...);
    static constexpr bool folded = (fold_check < M, folding<M> ? folds<M> : 1 > ::value && ...);
    static_assert(provided && folded); // where these are instantiated; they hold, or have been reported
    static constexpr bool sound = usable && ((providers<M> == 1 && (!folding<M> || folds<M> == 1)) && ...);
};

template <class S, class E>
[[nodiscard]] auto shared_term_of(const E& e, const point<S>& p) {
    if constexpr (has_typed_terms<E, S>) return e.shared_term(block_point<S, block_count<S>>{p});
    else return e.shared_term(p);
}

template <class S, class E, std::size_t Block>
[[nodiscard]] provided_metrics<E, S> typed_block_term(const E& e, const point<S>& p) {
    return e.block_term(block_point<S, Block>{p});
}
template <class S, class E, std::size_t... Block>
[[nodiscard]] constexpr auto typed_block_terms(std::index_sequence<Block...>) {
    return std::array<provided_metrics<E, S> (*)(const E&, const point<S>&), sizeof...(Block)>{&typed_block_term<S, E, Block>...};
}

template <class S, class E>
[[nodiscard]] auto block_term_of(const E& e, const point<S>& p, std::size_t block) {
    if constexpr (has_typed_terms<E, S>) {
        static constexpr auto terms = typed_block_terms<S, E>(std::make_index_sequence<block_count<S>>{});
        return terms[block](e, p);
    } else return e.block_term(p, block);
}

} // namespace detail
} // namespace verdant
