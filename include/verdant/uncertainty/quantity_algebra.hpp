#pragma once

#include <verdant/units.hpp>

#include <boost/units/dimensionless_type.hpp>
#include <boost/units/quantity.hpp>

#include <type_traits>

/// The quantities that products and quotients of quantities are.
namespace verdant::uncertainty {

namespace detail {

/// The quantity that was meant where a metric, a unit or something else stands.
template <class T>
struct quantity_meant {
    using type = double;
};
template <quantity_like T>
struct quantity_meant<T> {
    using type = T;
};
template <class T>
    requires(!quantity_like<T>) && quantity_like<typename T::value_type>
struct quantity_meant<T> {
    using type = typename T::value_type;
};
template <unit_like T>
struct quantity_meant<T> {
    using type = typename T::quantity;
};

/// A quantity without a dimension is a double.
template <class Q>
struct plain_where_pure {
    using type = Q;
};
template <class Q>
    requires requires { typename Q::unit_type::dimension_type; } &&
             std::is_same_v<typename Q::unit_type::dimension_type, boost::units::dimensionless_type>
struct plain_where_pure<Q> {
    using type = double;
};

} // namespace detail

/// The quantity of a product: `product_quantity<si::energy, si::carbon_intensity>` is `si::mass`; `double` where the dimensions cancel.
template <quantity_like A, quantity_like B>
using product_quantity = typename detail::plain_where_pure<std::remove_cvref_t<decltype(A{} * B{})>>::type;

/// The quantity of a quotient.
template <quantity_like A, quantity_like B>
using quotient_quantity = typename detail::plain_where_pure<std::remove_cvref_t<decltype(A{} / B{})>>::type;

/// What the variance of a quantity is in.
template <quantity_like Q>
using squared_quantity = product_quantity<Q, Q>;

/// The quantity that a value stands for in such an algebra: a quantity without a dimension and a whole number are doubles.
template <class Value>
using quantity_of = typename detail::plain_where_pure<std::conditional_t<std::is_arithmetic_v<Value>, double, Value>>::type;

} // namespace verdant::uncertainty
