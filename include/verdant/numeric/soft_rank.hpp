#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/isotonic.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Ranks and sorted values that are differentiable in what is ranked: projections onto permutahedra by isotonic regression (Blondel et al., ICML
/// 2020; as torchsort's ops.py computes them).
namespace verdant::surrogate {

namespace detail {

/// What both have: the numbers in descending order, the way back, the fit, and memory.
template <class Scalar>
struct permutahedron {
    permutahedron(std::string_view name, Scalar how_strong, isotonic_distance distance)
        : source{name}, strength{how_strong}, squares{distance == isotonic_distance::squares} {
        require_positive(source, "strength", static_cast<double>(strength));
    }

    /// @return false where a number is not finite; then `out` is filled with NaN
    template <class Value>
    [[nodiscard]] bool sort(std::size_t n, std::span<Scalar> out, Value value) {
        require_length(out.size(), n);
        sorted.resize(n);
        scratch.resize(n);
        order.resize(n);
        for (std::size_t i = 0; i < n; ++i) scratch[i] = value(i);
        finite = std::all_of(scratch.begin(), scratch.end(), [](Scalar x) { return std::isfinite(x); });
        if (!finite) return refuse(out);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(),
                  [&](std::size_t a, std::size_t b) { return scratch[a] != scratch[b] ? scratch[a] > scratch[b] : a < b; });
        for (std::size_t i = 0; i < n; ++i) sorted[i] = scratch[order[i]];
        return true;
    }
    /// @return as `sort`
    [[nodiscard]] bool ready(std::span<const Scalar> cotangent, std::span<Scalar> out) const {
        require_length(cotangent.size(), order.size());
        require_length(out.size(), order.size());
        return finite || refuse(out);
    }

    std::string_view source;
    Scalar strength;
    bool squares;
    bool finite = true;
    isotonic_fit<Scalar> fit;
    std::vector<Scalar> sorted, scratch;
    std::vector<std::size_t> order; ///< which number stands at a place

private:
    void require_length(std::size_t found, std::size_t n) const {
        if (found != n) throw input_error{source, "", std::to_string(n) + " numbers", std::to_string(found)};
    }
    static bool refuse(std::span<Scalar> out) {
        std::fill(out.begin(), out.end(), std::numeric_limits<Scalar>::quiet_NaN());
        return false;
    }
};

} // namespace detail

/// Soft ranks: the smallest number has the least rank, 1 where numbers are far apart beside the strength, and the greatest has the greatest, n. Equal
/// numbers have equal ranks. The object is the memory: calls with no more numbers than before allocate nothing. Ranks and products are NaN where a
/// number is not finite.
///
///     surrogate::soft_rank<double> soft;
///     soft(values, ranks);
///     soft.pull_back(gradient_of_ranks, gradient_of_values);
///
/// @tparam Scalar `float` or `double`, in which all is computed
template <class Scalar>
class soft_rank {
public:
    /// @param strength of the regularisation, above 0: the ranks of numbers that are nearer than this are drawn together
    /// @throws input_error for another strength
    explicit soft_rank(Scalar strength = 1, isotonic_distance distance = isotonic_distance::squares) : on_{"soft rank", strength, distance} {}

    /// @param ranks as many as values; may be the same memory
    /// @throws input_error for another number of them
    void operator()(std::span<const Scalar> x, std::span<Scalar> ranks) {
        const auto n = x.size();
        if (!on_.sort(n, ranks, [&](std::size_t i) { return x[i] / on_.strength; })) return;
        for (std::size_t i = 0; i < n; ++i) {
            const auto place = static_cast<Scalar>(n - i);
            on_.scratch[i] = on_.squares ? on_.sorted[i] - place : std::log(place);
        }
        if (on_.squares) on_.fit.fit_squares(on_.scratch);
        else on_.fit.fit_entropy(on_.sorted, on_.scratch);
        for (std::size_t i = 0; i < n; ++i) ranks[on_.order[i]] = on_.squares ? difference(i) : std::exp(difference(i));
    }

    /// The product of a vector with the Jacobian of the last ranks, exactly: makes the gradient with respect to the numbers from that with respect to
    /// the ranks.
    /// @param gradient receives it; may be the same memory as `cotangent`
    /// @throws input_error unless both have as many numbers as were ranked
    void pull_back(std::span<const Scalar> cotangent, std::span<Scalar> gradient) {
        if (!on_.ready(cotangent, gradient)) return;
        const auto n = cotangent.size();
        const auto weighted = [&](std::size_t i) { return cotangent[on_.order[i]] * (on_.squares ? Scalar{1} : std::exp(difference(i))); };
        for (std::size_t i = 0; i < n; ++i) on_.scratch[i] = weighted(i);
        if (on_.squares) on_.fit.average_blocks(on_.scratch);
        else on_.fit.share_blocks(on_.scratch, on_.sorted);
        for (std::size_t i = 0; i < n; ++i) gradient[on_.order[i]] = (weighted(i) - on_.scratch[i]) / on_.strength;
    }

private:
    [[nodiscard]] Scalar difference(std::size_t i) const { return on_.sorted[i] - on_.fit.values()[i]; }

    verdant::surrogate::detail::permutahedron<Scalar> on_;
};

/// Soft sorting: ascending values of the same sum. Neighbours that are no more than 1 / strength apart stay as they are, others are drawn together.
/// What reaches equal numbers of a cotangent depends on their order. As `soft_rank` in everything else.
template <class Scalar>
class soft_sort {
public:
    /// @throws input_error unless the strength is above 0
    explicit soft_sort(Scalar strength = 1, isotonic_distance distance = isotonic_distance::squares) : on_{"soft sort", strength, distance} {}

    /// @param sorted as many as values; may be the same memory
    /// @throws input_error for another number of them
    void operator()(std::span<const Scalar> x, std::span<Scalar> sorted) {
        const auto n = x.size();
        if (!on_.sort(n, sorted, [&](std::size_t i) { return -x[i]; })) return;
        const auto place = [&](std::size_t i) { return static_cast<Scalar>(n - i) / on_.strength; };
        for (std::size_t i = 0; i < n; ++i) on_.scratch[i] = on_.squares ? place(i) - on_.sorted[i] : place(i);
        if (on_.squares) on_.fit.fit_squares(on_.scratch);
        else on_.fit.fit_entropy(on_.scratch, on_.sorted);
        for (std::size_t i = 0; i < n; ++i) sorted[i] = on_.fit.values()[i] - place(i);
    }

    /// The product of a vector with the Jacobian of the last values. @param gradient receives it; may be the same memory as `cotangent`
    /// @throws input_error unless both have as many numbers as were sorted
    void pull_back(std::span<const Scalar> cotangent, std::span<Scalar> gradient) {
        if (!on_.ready(cotangent, gradient)) return;
        std::copy(cotangent.begin(), cotangent.end(), on_.scratch.begin());
        if (on_.squares) on_.fit.average_blocks(on_.scratch);
        else on_.fit.share_blocks(on_.scratch, on_.sorted);
        for (std::size_t i = 0; i < cotangent.size(); ++i) gradient[on_.order[i]] = on_.scratch[i];
    }

private:
    verdant::surrogate::detail::permutahedron<Scalar> on_;
};

} // namespace verdant::surrogate
