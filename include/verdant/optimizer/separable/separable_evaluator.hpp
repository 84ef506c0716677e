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
/// Instead of points the terms may take `const auto&` of a `block_point<net, B>`, which refuses parameters of other blocks when the program is
/// compiled.
template <class E, class S>
concept separable_evaluator = single_evaluator<E, S> && detail::declares_folds<E> && (detail::has_typed_terms<E, S> || detail::has_plain_terms<E, S>);

namespace detail {

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
