#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <string>
#include <string_view>

/// In what hypervolumes are.
namespace verdant {

namespace detail {

/// The SI unit of a quantity; `SI unit` for one that has no name here.
template <quantity_like Q>
[[nodiscard]] constexpr std::string_view si_symbol() {
    if constexpr (std::same_as<Q, double>) return "";
    else if constexpr (std::same_as<Q, si::time>) return "s";
    else if constexpr (std::same_as<Q, si::energy>) return "J";
    else if constexpr (std::same_as<Q, si::area>) return "m2";
    else if constexpr (std::same_as<Q, si::mass>) return "kg";
    else if constexpr (std::same_as<Q, si::power>) return "W";
    else if constexpr (std::same_as<Q, si::frequency>) return "Hz";
    else return "SI unit";
}

} // namespace detail

/// The unit of the hypervolume of a search: the product of the SI units of its objectives, `s kg` for latency and carbon; empty where none has a unit.
/// @tparam Goals `goals<...>`
template <class Goals>
[[nodiscard]] std::string hypervolume_unit() {
    std::string text;
    Goals::for_each([&]<class G>() {
        if constexpr (objective<G>) {
            const auto symbol = detail::si_symbol<typename G::metric_type::value_type>();
            if (!symbol.empty()) text += (text.empty() ? "" : " ") + std::string{symbol};
        }
    });
    return text;
}

} // namespace verdant
