#pragma once

namespace verdant {

/// Marks functions and classes that are templates only so that programs which include their header and do not use them pay nothing for them:
///
///     template <class = instantiated_when_used>
///     [[nodiscard]] double hypervolume(objective_rows points, std::span<const double> reference) { ... }
///
/// A header-only library has no source file to put long bodies into. The body of an inline function is analysed in every program that
/// includes it, and every template that it names (`std::sort`, `std::vector` of its records, ...) is instantiated there, which is most of
/// what a header costs. The body of a template is instantiated by the first call. The argument is never given: it has this default,
/// whose name says why the template is one. A class is called `basic_name`, with `using name = basic_name<>` below it.
///
/// Not for short functions, nor for what every program calls: `inline` is plainer.
using instantiated_when_used = void;

namespace detail {

template <class T, class>
struct deferred_type {
    using type = T;
};

} // namespace detail

/// `T`, as such a template names it where compilers are not to look into `T` before the template is used. What the standard library made
/// constexpr, such as all of `std::vector`, they instantiate as soon as a body names it, be it a template's or not:
///
///     template <class Deferred = instantiated_when_used>
///     class basic_table {
///         deferred<std::vector<std::int64_t>, Deferred> sums_;
///
/// Pays where no other part of the library has such a `T`.
template <class T, class Deferred>
using deferred = typename detail::deferred_type<T, Deferred>::type;

} // namespace verdant
