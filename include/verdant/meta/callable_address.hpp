#pragma once

#include <type_traits>

/// Callables behind a pointer without their type, functions among them, whose addresses are no pointers to objects.
namespace verdant::detail {

/// Where the callable is; whoever keeps this refers to it.
template <class F>
[[nodiscard]] void* callable_address(F& callable) noexcept {
    if constexpr (std::is_function_v<F>) return reinterpret_cast<void*>(&callable);
    else return const_cast<void*>(static_cast<const void*>(__builtin_addressof(callable)));
}

/// The callable of that type which is there.
template <class F>
[[nodiscard]] F& callable_at(void* address) noexcept {
    if constexpr (std::is_function_v<F>) return *reinterpret_cast<F*>(address);
    else return *static_cast<F*>(address);
}

} // namespace verdant::detail
