#pragma once

#include <string_view>

namespace verdant {

/// The name of a type, as the compiler prints it, without `verdant::`: `type_name<verdant::uniform_crossover>() == "uniform_crossover"`. The
/// compilers agree on classes that are not templates and lie in a named namespace; for others the text is only good to be compared within one
/// compiler.
template <class Type>
[[nodiscard]] consteval std::string_view type_name() {
    // Both compilers end the signature with `... Type = verdant::uniform_crossover]`; g++ may add further arguments after a semicolon.
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("Type = ") + 7);
    text = text.substr(0, text.find_first_of(";]"));
    // g++ leaves out the namespace that this function lies in, clang does not.
    if (text.starts_with("verdant::")) text.remove_prefix(9);
    return text;
}

} // namespace verdant
