#pragma once

#include <verdant/space/point.hpp>

#include <cstddef>

/// Spaces with parameters fixed or restricted.
namespace verdant {

namespace detail {

/// All of a space, with the domain of one parameter replaced by some of its values.
template <search_space Inner, fixed_string Name, domain Domain>
struct narrowed {
    using space_type = Inner;
    using narrowed_space = Inner;
    static constexpr std::size_t parameters = table<Inner>.size.parameters;

    static consteval table_size measure(std::size_t guard_code) {
        auto s = nested_size(table<Inner>.size, 0, guard_code);
        s += domain_table_size<Domain>();
        return s;
    }
    template <class Writer>
    static constexpr void declare(Writer& w) {
        w.nested(table<Inner>, {});
        w.template narrow<Domain>(Name.view());
    }
    template <class Writer>
    static constexpr void constrain(Writer& w) { w.nested_constraints(table<Inner>); }
};

} // namespace detail

/// The space with one parameter restricted to some of its values, in the order given: `restrict<S, "hw.width", choices<32, 64>>`.
/// It keeps all names, so whatever evaluates points of `S` by name evaluates these; `point_cast<S>` leads back.
template <search_space S, fixed_string Name, domain Domain>
struct restrict : space<detail::narrowed<S, Name, Domain>> {};

/// The space with one parameter fixed: `fix<S, "hw.width", 64>`.
template <search_space S, fixed_string Name, literal Value>
struct fix : space<detail::narrowed<S, Name, choices<Value>>> {};

} // namespace verdant
