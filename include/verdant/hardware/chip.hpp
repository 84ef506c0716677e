#pragma once

#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/throughput.hpp>
#include <verdant/units.hpp>

#include <concepts>

/// An accelerator as a type whose limits the compiler checks.
namespace verdant::hardware {

/// A limit of a typed chip: its area is at most `Limit` `Unit`s, as `area_at_most<32.0, square_millimetres>`.
template <double Limit, unit_like Unit = square_millimetres, area_policy Policy = published>
struct area_at_most {
    static constexpr bool is_an_area = std::same_as<typename Unit::quantity, si::area>;

    [[nodiscard]] static constexpr bool holds(const accelerator& a) { return to_si(area<Policy>(a)) <= Limit * Unit::factor; }

    template <accelerator Value>
    static consteval bool check() {
        static_assert(is_an_area, "verdant: the limit of an area is given in another kind of unit; write a unit of area, such as square_millimetres");
        static_assert(!is_an_area || holds(Value),
                      "verdant: this chip is larger than its area limit; take fewer or smaller cores or buffers, or raise area_at_most");
        return true;
    }
};

/// A limit of a typed chip: its peak throughput is at most `Limit` TOPS.
template <double Limit>
struct tops_at_most {
    [[nodiscard]] static constexpr bool holds(const accelerator& a) { return tops(a) <= Limit; }

    template <accelerator Value>
    static consteval bool check() {
        static_assert(holds(Value),
                      "verdant: this chip has more throughput than its TOPS limit; take fewer PEs (cores * width * depth), or raise tops_at_most");
        return true;
    }
};

/// A limit of a typed chip: its peak throughput is at least `Limit` TOPS.
template <double Limit>
struct tops_at_least {
    [[nodiscard]] static constexpr bool holds(const accelerator& a) { return tops(a) >= Limit; }

    template <accelerator Value>
    static consteval bool check() {
        static_assert(holds(Value),
                      "verdant: this chip has less throughput than it must have; take more PEs (cores * width * depth), or lower tops_at_least");
        return true;
    }
};

/// A condition on an accelerator that `chip` proves at compile time. Write your own with the same two members; `check` holds one
/// `static_assert` and returns true.
template <class L>
concept chip_limit = requires(const accelerator& a) {
    { L::holds(a) } -> std::same_as<bool>;
};

namespace detail {

template <hardware::accelerator Value>
consteval bool check_geometry() {
    static_assert(hardware::has_legal_geometry(Value),
                  "verdant: this chip has no legal geometry; give every count, width, depth, buffer and bandwidth a positive value");
    return hardware::has_legal_geometry(Value);
}

} // namespace detail

/// An accelerator as a type. Derive a struct of its own, so that diagnostics stay short:
///
///     struct my_chip : chip<from_clusters(2, 64, 16, 256, 64, 4), area_at_most<10.0>, tops_at_most<20.48>> {};
///
/// A broken limit is one static assertion. `my_chip::value` is the accelerator that the run-time functions take.
template <accelerator Value, chip_limit... Limits>
struct chip {
    static constexpr accelerator value = Value;

    // a chip without legal geometry has no area to compare
    static consteval bool sound() {
        if constexpr (detail::check_geometry<Value>()) return (Limits::template check<Value>() && ...);
        else return true;
    }
    static_assert(sound());
};

/// A type made from `chip<...>`.
template <class C>
concept chip_like = requires {
    { C::value } -> std::convertible_to<accelerator>;
    { C::sound() } -> std::same_as<bool>;
};

/// Area of a typed chip.
template <chip_like Chip, area_policy Policy = published>
[[nodiscard]] consteval si::area area() {
    return area<Policy>(Chip::value);
}

/// Peak throughput of a typed chip in TOPS.
template <chip_like Chip>
[[nodiscard]] consteval double tops() {
    return tops(Chip::value);
}

} // namespace verdant::hardware
