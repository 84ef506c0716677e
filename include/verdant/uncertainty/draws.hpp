#pragma once

#include <verdant/error.hpp>
#include <verdant/uncertainty/quantity_algebra.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// Draws of uncertain quantities, and arithmetic with them.
namespace verdant::uncertainty {

/// The base of expressions of draws.
struct draw_expression {};

namespace detail {

/// How many draws a known value has: as many as what it is combined with.
inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

[[nodiscard]] inline std::size_t common_number(std::size_t a, std::size_t b) {
    if (a == any_number) return b;
    if (b != any_number && a != b) throw input_error{"draws", "", "as many of each input, " + std::to_string(a), std::to_string(b)};
    return a;
}

/// Draws that are there, as part of an expression.
template <quantity_like Q>
struct drawn_leaf : draw_expression {
    using quantity = Q;
    const double* values;
    std::size_t count;
    drawn_leaf(const double* v, std::size_t n) : values{v}, count{n} {}
    [[nodiscard]] std::size_t size() const noexcept { return count; }
    [[nodiscard]] double si(std::size_t i) const noexcept { return values[i]; }
};
/// A known value, as part of an expression.
template <quantity_like Q>
struct known_leaf : draw_expression {
    using quantity = Q;
    double value;
    explicit known_leaf(double v) : value{v} {}
    [[nodiscard]] std::size_t size() const noexcept { return any_number; }
    [[nodiscard]] double si(std::size_t) const noexcept { return value; }
};

struct plus {
    static double of(double a, double b) noexcept { return a + b; }
};
struct minus {
    static double of(double a, double b) noexcept { return a - b; }
};
struct times_of {
    static double of(double a, double b) noexcept { return a * b; }
};
struct over {
    static double of(double a, double b) noexcept { return a / b; }
};

template <class Op, quantity_like Q, class A, class B>
struct combined : draw_expression {
    using quantity = Q;
    A a;
    B b;
    std::size_t count;
    combined(const A& left, const B& right) : a{left}, b{right}, count{common_number(left.size(), right.size())} {}
    [[nodiscard]] std::size_t size() const noexcept { return count; }
    [[nodiscard]] double si(std::size_t i) const noexcept { return Op::of(a.si(i), b.si(i)); }
};

/// What is said where draws of one quantity meet another.
template <class A, class B>
struct same_quantity {
    static constexpr bool fits = std::is_same_v<A, B>;
    static_assert(
        fits, "verdant: draws of one quantity are added to, taken from or assigned to those of another; multiply or divide first so that the units "
              "are the same, see same_quantity<...> in this message");
    static constexpr bool value = true; // a false one would add a second error below the first
};

} // namespace detail

template <quantity_like Q>
class draws;

namespace detail {

template <class T>
inline constexpr bool is_draws = false;
template <class Q>
inline constexpr bool is_draws<draws<Q>> = true;

} // namespace detail

/// Draws, or an expression of draws and known quantities.
template <class E>
concept drawn_value = detail::is_draws<E> || std::derived_from<E, draw_expression>;

/// Draws of an uncertain quantity, one after the other in memory. Draw i of all inputs belongs together, so that arithmetic is draw by draw:
///
///     draws<si::mass> total = die * per_area + per_inference * grid * inferences; // units are checked, one loop, no intermediate arrays
///
/// An expression refers to the draws in it and must not outlive them. Assigning to draws of the same number allocates nothing.
/// @tparam Q a quantity, or double
template <quantity_like Q>
class draws {
public:
    using quantity = Q;

    draws() = default;
    /// So many, all 0.
    explicit draws(std::size_t count) : si_(count) {}
    /// From numbers in SI units.
    [[nodiscard]] static draws of_si(std::vector<double> values) {
        draws made;
        made.si_ = std::move(values);
        return made;
    }
    /// What an expression gives. @throws input_error for an expression of known values alone, which has no number of draws
    template <class E>
        requires std::derived_from<E, draw_expression>
    // NOLINTNEXTLINE(google-explicit-constructor): an expression is its values
    draws(const E& of) {
        *this = of;
    }
    /// The same; takes part in its own expression without harm.
    template <class E>
        requires std::derived_from<E, draw_expression>
    draws& operator=(const E& of) {
        static_assert(detail::same_quantity<Q, typename E::quantity>::value);
        if (of.size() == detail::any_number) throw input_error{"draws", "", "an expression with draws in it", "known values alone"};
        // An expression may refer to these draws, so a change of their number would take them away from it; but then it has their number.
        if (si_.size() != of.size()) si_.resize(of.size());
        double* to = si_.data();
        for (std::size_t i = 0, n = si_.size(); i < n; ++i) to[i] = of.si(i);
        return *this;
    }

    [[nodiscard]] std::size_t size() const noexcept { return si_.size(); }
    [[nodiscard]] bool empty() const noexcept { return si_.empty(); }
    [[nodiscard]] Q operator[](std::size_t i) const { return from_si<Q>(si_[i]); }
    /// The numbers in SI units.
    [[nodiscard]] std::span<const double> si() const& noexcept { return si_; }
    /// The same, to be written to.
    [[nodiscard]] std::span<double> si() & noexcept { return si_; }
    /// Those of a temporary would be gone: name the draws first.
    std::span<const double> si() const&& = delete;

    friend bool operator==(const draws&, const draws&) = default;

private:
    std::vector<double> si_;
};

namespace detail {

template <quantity_like Q>
[[nodiscard]] drawn_leaf<Q> part(const draws<Q>& d) {
    return {d.si().data(), d.size()};
}
template <class E>
    requires std::derived_from<E, draw_expression>
[[nodiscard]] const E& part(const E& e) {
    return e;
}
template <class K>
    requires quantity_like<K> || std::is_arithmetic_v<K>
[[nodiscard]] auto part(const K& known) {
    using Q = quantity_of<K>;
    return known_leaf<Q>{to_si(Q(known))};
}

/// A quantity or a number.
template <class K>
concept known_value = quantity_like<K> || std::is_arithmetic_v<K>;
/// At least one of two is drawn, and the other may stand beside it.
template <class A, class B>
concept drawn_pair = (drawn_value<A> && (drawn_value<B> || known_value<B>)) || (known_value<A> && drawn_value<B>);

template <class T>
using part_of = std::remove_cvref_t<decltype(detail::part(std::declval<const T&>()))>;
template <class T>
using part_quantity = typename part_of<T>::quantity;

} // namespace detail

/// Sum, draw by draw. Known quantities are the same in each draw.
template <class A, class B>
    requires detail::drawn_pair<A, B>
[[nodiscard]] auto operator+(const A& a, const B& b) {
    static_assert(detail::same_quantity<detail::part_quantity<A>, detail::part_quantity<B>>::value);
    return detail::combined<detail::plus, detail::part_quantity<A>, detail::part_of<A>, detail::part_of<B>>{detail::part(a), detail::part(b)};
}
/// Difference, draw by draw.
template <class A, class B>
    requires detail::drawn_pair<A, B>
[[nodiscard]] auto operator-(const A& a, const B& b) {
    static_assert(detail::same_quantity<detail::part_quantity<A>, detail::part_quantity<B>>::value);
    return detail::combined<detail::minus, detail::part_quantity<A>, detail::part_of<A>, detail::part_of<B>>{detail::part(a), detail::part(b)};
}
/// Product, draw by draw.
template <class A, class B>
    requires detail::drawn_pair<A, B>
[[nodiscard]] auto operator*(const A& a, const B& b) {
    using Q = product_quantity<detail::part_quantity<A>, detail::part_quantity<B>>;
    return detail::combined<detail::times_of, Q, detail::part_of<A>, detail::part_of<B>>{detail::part(a), detail::part(b)};
}
/// Quotient, draw by draw.
template <class A, class B>
    requires detail::drawn_pair<A, B>
[[nodiscard]] auto operator/(const A& a, const B& b) {
    using Q = quotient_quantity<detail::part_quantity<A>, detail::part_quantity<B>>;
    return detail::combined<detail::over, Q, detail::part_of<A>, detail::part_of<B>>{detail::part(a), detail::part(b)};
}

/// What a function of your own gives, draw by draw: `each_draw<double>([](double d0, double mm2) { return std::exp(-d0 * mm2); }, density, area)`.
/// @tparam R what it gives, as a number in SI units @param f takes numbers in SI units @param of draws, all of the same number
template <quantity_like R, class F, class First, class... Rest>
[[nodiscard]] draws<R> each_draw(const F& f, const draws<First>& first, const draws<Rest>&... rest) {
    ((void)detail::common_number(first.size(), rest.size()), ...);
    draws<R> made{first.size()};
    const auto to = made.si();
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = f(first.si()[i], rest.si()[i]...);
    return made;
}

} // namespace verdant::uncertainty
