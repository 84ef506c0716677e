#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace verdant::surrogate {

/// The vector instructions that a graph predictor computes with: what every processor of its kind has, AVX2 with FMA, or AVX-512.
enum class vector_instructions : std::uint8_t { baseline, avx2, avx512 };

/// Their names, by which `VERDANT_VECTOR_INSTRUCTIONS` chooses.
inline constexpr std::array<std::string_view, 3> vector_instruction_names{"baseline", "avx2", "avx512"};

/// The name of instructions.
[[nodiscard]] constexpr std::string_view name_of(vector_instructions v) { return vector_instruction_names[static_cast<std::size_t>(v)]; }

/// Whether this processor has them.
[[nodiscard]] inline bool has_instructions(vector_instructions v) {
#if defined(__x86_64__)
    if (v == vector_instructions::avx512) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (v == vector_instructions::avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
    return v == vector_instructions::baseline;
}

/// The instructions of that name. @throws input_error for an unknown name, and where this processor does not have them
[[nodiscard]] inline vector_instructions instructions_named(std::string_view name, std::string_view source) {
    for (std::size_t i = 0; i < vector_instruction_names.size(); ++i)
        if (vector_instruction_names[i] == name) {
            const auto v = static_cast<vector_instructions>(i);
            if (!has_instructions(v)) throw input_error{source, "", "vector instructions that this processor has", std::string{name}};
            return v;
        }
    throw input_error{source, "", "baseline, avx2 or avx512", std::string{name}};
}

/// The best instructions of this processor, or those that the environment variable `VERDANT_VECTOR_INSTRUCTIONS` names (`baseline`, `avx2` or
/// `avx512`), which tests and comparisons set. Read once a program.
/// @throws input_error where the variable names no instructions, or some that this processor does not have
template <class = instantiated_when_used>
[[nodiscard]] vector_instructions chosen_instructions() {
    static const vector_instructions chosen = [] {
        if (const char* const named = std::getenv("VERDANT_VECTOR_INSTRUCTIONS"); named != nullptr && *named != '\0')
            return instructions_named(named, "VERDANT_VECTOR_INSTRUCTIONS");
        for (const auto v : {vector_instructions::avx512, vector_instructions::avx2})
            if (has_instructions(v)) return v;
        return vector_instructions::baseline;
    }();
    return chosen;
}
VERDANT_DEFINED_ONCE(vector_instructions chosen_instructions<>());

} // namespace verdant::surrogate
