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

} // namespace verdant
