#pragma once

#include <verdant/error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Sub-networks of Once-for-all as AutoBuild writes them (AutoBuild: iterators/mbv3.py, iterators/pn.py): lists of named blocks.
namespace verdant::spaces {

/// The two families of AutoBuild: OFA-MobileNetV3 with 5 units (stages), and OFA-ProxylessNAS with 6, the last of which has one block.
enum class mbconv_family : unsigned char { mbv3, pn };

/// The number of units.
[[nodiscard]] constexpr std::size_t unit_count(mbconv_family f) { return f == mbconv_family::mbv3 ? 5 : 6; }
/// The digit in the names of the blocks: `mbconv3_e6_k5` in MobileNetV3, `mbconv2_e6_k5` in ProxylessNAS.
[[nodiscard]] constexpr int mbconv_digit(mbconv_family f) { return f == mbconv_family::mbv3 ? 3 : 2; }
/// The least and the largest number of blocks of a unit (from 0).
[[nodiscard]] constexpr std::pair<std::size_t, std::size_t> blocks_of_unit(mbconv_family f, std::size_t unit) {
    return f == mbconv_family::pn && unit == 5 ? std::pair<std::size_t, std::size_t>{1, 1} : std::pair<std::size_t, std::size_t>{2, 4};
}
/// `mbv3` or `pn`, as in the names of files.
[[nodiscard]] constexpr std::string_view name_of(mbconv_family f) { return f == mbconv_family::mbv3 ? "mbv3" : "pn"; }

/// What a block may choose.
inline constexpr std::array<int, 3> mbconv_expands{3, 4, 6}, mbconv_kernels{3, 5, 7};

/// One block.
struct mbconv_block {
    int expand = 3; ///< 3, 4 or 6
    int kernel = 3; ///< 3, 5 or 7

    friend constexpr bool operator==(const mbconv_block&, const mbconv_block&) = default;
};

/// The blocks of each unit.
using mbconv_units = std::vector<std::vector<mbconv_block>>;

/// A sub-network and the side of its pictures.
struct mbconv_config {
    mbconv_family family = mbconv_family::mbv3;
    int resolution = 224; ///< pixels
    mbconv_units units;

    friend bool operator==(const mbconv_config&, const mbconv_config&) = default;
};

/// `mbconv3_e6_k5`, the name of a block.
[[nodiscard]] inline std::string block_text(mbconv_family f, const mbconv_block& b) {
    return "mbconv" + std::to_string(mbconv_digit(f)) + "_e" + std::to_string(b.expand) + "_k" + std::to_string(b.kernel);
}

/// Units as text: `e3_k7-e6_k3|e4_k5-e6_k7`, as in the column `arch` of corpora.
[[nodiscard]] inline std::string units_text(const mbconv_units& units) {
    std::string text;
    for (std::size_t u = 0; u < units.size(); ++u) {
        if (u > 0) text += '|';
        for (std::size_t j = 0; j < units[u].size(); ++j)
            text += std::string{j > 0 ? "-" : ""} + 'e' + std::to_string(units[u][j].expand) + "_k" + std::to_string(units[u][j].kernel);
    }
    return text;
}

namespace detail {

/// `, unit 2, block 3`, behind a place.
[[nodiscard]] inline std::string place_of_block(std::string_view place, std::size_t unit, std::size_t block) {
    return std::string{place} + (place.empty() ? "" : ", ") + "unit " + std::to_string(unit + 1) + ", block " + std::to_string(block + 1);
}

} // namespace detail

/// Refuses an expansion or a kernel that no block has.
/// @throws input_error that names source and place
inline void require_known_block(const mbconv_block& b, std::string_view source, std::string_view place) {
    if (b.expand != 3 && b.expand != 4 && b.expand != 6) throw input_error{source, place, "an expansion of 3, 4 or 6", std::to_string(b.expand)};
    if (b.kernel != 3 && b.kernel != 5 && b.kernel != 7) throw input_error{source, place, "a kernel of 3, 5 or 7", std::to_string(b.kernel)};
}

/// Refuses units that no sub-network of the family has.
/// @throws input_error that names source and place
inline void require_units_of(mbconv_family f, const mbconv_units& units, std::string_view source, std::string_view place = "") {
    if (units.size() != unit_count(f))
        throw input_error{source, place, std::to_string(unit_count(f)) + " units", std::to_string(units.size())};
    for (std::size_t u = 0; u < units.size(); ++u) {
        const auto [least, most] = blocks_of_unit(f, u);
        if (units[u].size() < least || units[u].size() > most)
            throw input_error{source, std::string{place} + (place.empty() ? "" : ", ") + "unit " + std::to_string(u + 1),
                              least == most ? std::to_string(least) + " block" : std::to_string(least) + " to " + std::to_string(most) + " blocks",
                              std::to_string(units[u].size())};
        for (std::size_t j = 0; j < units[u].size(); ++j)
            require_known_block(units[u][j], source, verdant::spaces::detail::place_of_block(place, u, j));
    }
}

/// Reads one block: `mbconv3_e6_k5`, or `e6_k5` without the family.
/// @throws input_error that names source and place; also where the prefix is that of another family
[[nodiscard]] inline mbconv_block block_from_text(std::string_view text, mbconv_family f, std::string_view source, std::string_view place = "") {
    const auto fail = [&](const std::string& expected) { throw input_error{source, place, expected, '\'' + std::string{text} + '\''}; };
    const std::string prefix = "mbconv" + std::to_string(mbconv_digit(f)) + '_';
    auto rest = text;
    if (rest.starts_with(prefix)) rest.remove_prefix(prefix.size());
    else if (rest.starts_with("mbconv")) fail("a block whose name begins with '" + prefix + '\'');
    const auto number = [&](std::string_view before) {
        int value = 0;
        if (!rest.starts_with(before)) fail("a block such as '" + prefix + "e6_k5' or 'e6_k5'");
        rest.remove_prefix(before.size());
        const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), value);
        if (read.ec != std::errc{}) fail("a block such as '" + prefix + "e6_k5' or 'e6_k5'");
        rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
        return value;
    };
    mbconv_block b;
    b.expand = number("e");
    b.kernel = number("_k");
    if (!rest.empty()) fail("a block such as '" + prefix + "e6_k5' or 'e6_k5'");
    require_known_block(b, source, place);
    return b;
}

/// Reads units that are joined by `|`, whose blocks are joined by `-`. How many units and blocks there are is not looked at, so that modules can be
/// read; see `require_units_of`.
/// @throws input_error that names source, place, unit and block
[[nodiscard]] inline mbconv_units units_from_text(std::string_view text, mbconv_family f, std::string_view source, std::string_view place = "") {
    mbconv_units units(1);
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find_first_of("-|", begin), text.size());
        const auto block = verdant::spaces::detail::place_of_block(place, units.size() - 1, units.back().size());
        units.back().push_back(block_from_text(text.substr(begin, end - begin), f, source, block));
        if (end < text.size() && text[end] == '|') units.emplace_back();
        begin = end + 1;
    }
    return units;
}

/// Reads a whole sub-network.
/// @throws input_error that names source, place, unit and block
[[nodiscard]] inline mbconv_config config_from_text(std::string_view text, mbconv_family f, int resolution, std::string_view source,
                                                    std::string_view place = "") {
    mbconv_config config{f, resolution, units_from_text(text, f, source, place)};
    require_units_of(f, config.units, source, place);
    return config;
}

} // namespace verdant::spaces
