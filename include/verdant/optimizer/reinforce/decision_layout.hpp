#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/space/table.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

/// How a space looks to a controller that chooses one value after the other.
namespace verdant {

/// The decoders and tokens of a space. Parameters with the same values share a decoder, and domains of which one begins with all values of another
/// share tokens, as those of three and of four layers do: so it is in the published controller of Accel-NASBench (utils_anb/controller.py), whose 28
/// parameters have five decoders and eleven tokens.
struct decision_layout {
    std::vector<std::uint32_t> decoder{}; ///< of each parameter
    std::vector<std::uint32_t> choices{}; ///< of each decoder: how many values it chooses from
    std::vector<std::uint32_t> first_token{}; ///< of each decoder: the token of its first value
    std::uint32_t tokens = 0;

    [[nodiscard]] std::size_t steps() const noexcept { return decoder.size(); }
    /// How many values parameter `p` has.
    [[nodiscard]] std::uint32_t choices_of(std::size_t p) const { return choices[decoder[p]]; }
    /// The token that stands for a value of parameter `p`.
    [[nodiscard]] std::uint32_t token_of(std::size_t p, std::uint32_t value) const { return first_token[decoder[p]] + value; }
};

namespace detail {

/// Whether the first `count` values of two parameters are the same.
[[nodiscard]] inline bool same_values(const space_view& space, std::size_t a, std::size_t b, std::size_t count) {
    if (space.kind(a) != space.kind(b)) return false;
    for (std::size_t i = 0; i < count; ++i)
        if (space.code_of(a, i) != space.code_of(b, i) || space.label(a, i) != space.label(b, i)) return false;
    return true;
}

} // namespace detail

/// The layout of a space, decoders and tokens in the order in which parameters first need them.
template <class = instantiated_when_used>
[[nodiscard]] decision_layout layout_of(const space_view& space) {
    decision_layout layout;
    std::vector<std::size_t> parameter; // of each decoder, the first that it is for
    std::vector<std::size_t> family; // of each decoder: the decoders that share tokens have one number
    std::vector<std::size_t> largest; // of each family: the decoder with the most values
    for (std::size_t p = 0; p < space.size(); ++p) {
        const auto n = space.domain_size(p);
        std::size_t d = 0;
        while (d < parameter.size() && (layout.choices[d] != n || !detail::same_values(space, parameter[d], p, n))) ++d;
        layout.decoder.push_back(static_cast<std::uint32_t>(d));
        if (d < parameter.size()) continue;
        parameter.push_back(p);
        layout.choices.push_back(static_cast<std::uint32_t>(n));
        std::size_t f = 0;
        for (; f < largest.size(); ++f)
            if (detail::same_values(space, parameter[largest[f]], p, n < layout.choices[largest[f]] ? n : layout.choices[largest[f]])) break;
        if (f == largest.size()) largest.push_back(d);
        else if (n > layout.choices[largest[f]]) largest[f] = d;
        family.push_back(f);
    }
    std::vector<std::uint32_t> begins;
    for (const auto d : largest) {
        begins.push_back(layout.tokens);
        layout.tokens += layout.choices[d];
    }
    for (const auto f : family) layout.first_token.push_back(begins[f]);
    return layout;
}
VERDANT_DEFINED_ONCE(decision_layout layout_of<>(const space_view&));

} // namespace verdant
