#pragma once

#include <string_view>

namespace verdant {

/// The name of an enumerator without its scope, as the compiler prints it: `enum_name<act::gelu>() == "gelu"`.
/// @tparam Value an enumerator that has a name
template <auto Value>
[[nodiscard]] consteval std::string_view enum_name() {
    // Both compilers end the signature with `... Value = act::gelu]`; g++ may add further arguments after a semicolon.
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.rfind("Value = ") + 8);
    text = text.substr(0, text.find_first_of(";]"));
    if (const auto colon = text.rfind(':'); colon != std::string_view::npos) text.remove_prefix(colon + 1);
    return text;
}

} // namespace verdant
