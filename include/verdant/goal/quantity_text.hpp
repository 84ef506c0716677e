#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/text/number_in_unit.hpp>

#include <boost/units/dimensionless_type.hpp>
#include <boost/units/quantity.hpp>

#include <concepts>
#include <iosfwd>

/// Quantities in streams.
namespace boost::units {

/// A quantity in the unit that reports use for its kind: `0.0123 s`, `2.5 mm2`; one of a kind that has no such unit, and one that is too large or too
/// small for it, in SI units, `3 SI`.
/// <boost/units/io.hpp>, where it is included, takes precedence.
template <class Char, class Traits, class Quantity>
    requires(verdant::quantity_like<Quantity> && !std::same_as<typename Quantity::unit_type::dimension_type, dimensionless_type>) // that is a number
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, const Quantity& q) {
    using unit = typename verdant::detail::usual_unit<Quantity>::type;
    if (!verdant::fits_unit(q.value(), unit::factor)) return out << q.value() << " SI";
    return out << q.value() / unit::factor << ' ' << unit::symbol();
}

} // namespace boost::units
