#pragma once

// A header that says where a function is compiled; see VERDANT_DEFINED_ONCE.

/// Behind a function template, in its namespace: names a specialisation without types of users, mostly the only one of a template of
/// `instantiated_when_used`, as `extern template` would, so that programs which are compiled with `VERDANT_SEPARATE_COMPILATION` leave its body, and
/// all that only the body needs, to one other source file:
///
///     template <class = instantiated_when_used>
///     [[nodiscard]] double hypervolume(objective_rows points, std::span<const double> reference) { ... }
///     VERDANT_DEFINED_ONCE(double hypervolume<>(objective_rows, std::span<const double>));
///
/// Without that macro, which is the default, it is nothing: each program compiles what it uses. With it, the definitions come from a library that
/// `verdant_separate_library` of the CMake package makes in the user's own build, with the user's compiler and flags; or from one source file that
/// defines `VERDANT_SEPARATE_DEFINITIONS` before it includes what the program includes (docs/compile_cost.md).
///
/// It stands at doors: at functions that types of users do not change and behind which much is compiled, such as fitting a model or opening a study.
/// What is only called behind a door needs no mark. Functions that are inline, members that are defined in their class among them, are compiled by
/// every program that calls them, mark or not: a door is a function at namespace scope that is not inline, or a member of a class template that is
/// defined outside its class, for which the mark names the class (`class basic_table<>`). A constexpr function calls its door where it does not run
/// in the compiler.
#if defined(VERDANT_SEPARATE_DEFINITIONS)
#define VERDANT_DEFINED_ONCE(...) template __VA_ARGS__
#elif defined(VERDANT_SEPARATE_COMPILATION)
#define VERDANT_DEFINED_ONCE(...) extern template __VA_ARGS__
#else
#define VERDANT_DEFINED_ONCE(...) static_assert(true)
#endif
