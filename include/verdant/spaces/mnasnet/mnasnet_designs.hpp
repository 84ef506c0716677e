#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/text/closest_name.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// The networks that Accel-NASBench's papers and programs name.
namespace verdant::spaces {

namespace detail {

/// Lists of choices, one digit a block. A value that the space does not have is no constant expression.
[[nodiscard]] consteval point<spaces::mnasnet> mnasnet_of_digits(std::string_view e, std::string_view k, std::string_view l, std::string_view se) {
    spaces::mnasnet_design d;
    for (std::size_t b = 0; b < spaces::mnasnet_block_count; ++b) {
        d.e[b] = e.at(b) - '0';
        d.k[b] = k.at(b) - '0';
        d.l[b] = l.at(b) - '0';
        d.se[b] = se.at(b) == '1';
    }
    return spaces::point_of(d);
}

} // namespace detail

/// EfficientNet-B0 (Tan and Le, ICML 2019), as the space has it.
inline constexpr auto efficientnet_b0 = detail::mnasnet_of_digits("1666666", "3353553", "1223341", "1111111");

/// The network with the most of everything.
inline constexpr auto largest_mnasnet = detail::mnasnet_of_digits("6666666", "5555555", "3333343", "1111111");

/// A network and its name.
struct named_mnasnet {
    std::string_view name;
    point<mnasnet> network;
};

/// EfficientNet-B0, the largest network (`test` in the original), and those that the authors found for a device: the more accurate one is `-a`, the
/// faster one `-b` or `-c` (ANB-DatasetCollection, searchables/searchables.py). What was found for two devices has two names.
inline constexpr std::array<named_mnasnet, 14> mnasnet_designs{{
    {"EfficientNet-B0", efficientnet_b0},
    {"largest", largest_mnasnet},
    {"test", largest_mnasnet},
    {"zcu102-a", detail::mnasnet_of_digits("4666666", "3555555", "2133343", "0000001")},
    {"zcu102-b", detail::mnasnet_of_digits("1666666", "3353355", "1231343", "0000100")},
    {"zcu102-c", detail::mnasnet_of_digits("1666666", "3355555", "2133241", "0000000")},
    {"vck190-a", detail::mnasnet_of_digits("1666666", "5355555", "1233243", "0001011")},
    {"vck190-b", detail::mnasnet_of_digits("1666666", "3355355", "1223242", "0000010")},
    {"a100-a", detail::mnasnet_of_digits("1666666", "3555555", "2231343", "0001111")},
    {"a100-b", detail::mnasnet_of_digits("1466666", "3355555", "1123242", "0001011")},
    {"3090-a", detail::mnasnet_of_digits("1466666", "5555555", "1233342", "1001111")},
    {"3090-b", detail::mnasnet_of_digits("1466666", "3355555", "1123242", "0001011")},
    {"tpuv3-a", detail::mnasnet_of_digits("1466666", "5555555", "3333343", "0110110")},
    {"tpuv3-b", detail::mnasnet_of_digits("1666666", "5555555", "1233333", "0100110")},
}};

/// The network of that name.
/// @throws input_error with all names if there is none
[[nodiscard]] constexpr point<mnasnet> mnasnet_named(std::string_view name) {
    for (const auto& one : mnasnet_designs)
        if (one.name == name) return one.network;
    std::array<std::string_view, mnasnet_designs.size()> names{};
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = mnasnet_designs[i].name;
    throw input_error{"network", "", "one of " + io::name_list(names), "'" + std::string{name} + "'" + io::did_you_mean(name, names)};
}

} // namespace verdant::spaces
