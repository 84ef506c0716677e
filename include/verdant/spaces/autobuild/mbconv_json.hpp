#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// AutoBuild's lists of blocks as JSON: `[["mbconv3_e3_k7", "mbconv3_e6_k3"], ...]`.
namespace verdant::spaces {

/// Reads units. How many units and blocks there are is not looked at, so that modules can be read; see `require_units_of`.
/// @throws input_error that names source, place, unit and block
template <class Json>
[[nodiscard]] mbconv_units units_from_json(const Json& from, mbconv_family f, std::string_view source, std::string_view place = "") {
    if (!from.is_array()) throw input_error{source, place, "a list of units", from.type_name()};
    mbconv_units units;
    for (std::size_t u = 0; u < from.size(); ++u) {
        auto& unit = units.emplace_back();
        const auto at = std::string{place} + (place.empty() ? "" : ", ") + "unit " + std::to_string(u + 1);
        if (!from[u].is_array()) throw input_error{source, at, "a list of blocks", from[u].type_name()};
        for (std::size_t j = 0; j < from[u].size(); ++j) {
            const auto block = verdant::spaces::detail::place_of_block(place, u, j);
            if (!from[u][j].is_string()) throw input_error{source, block, "the name of a block", from[u][j].type_name()};
            unit.push_back(block_from_text(from[u][j].template get<std::string>(), f, source, block));
        }
    }
    return units;
}

/// Units as the original writes them, with the names of their family.
[[nodiscard]] inline nlohmann::ordered_json units_json(const mbconv_units& units, mbconv_family f) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& unit : units) {
        auto& blocks = list.emplace_back(nlohmann::ordered_json::array());
        for (const auto& block : unit) blocks.push_back(block_text(f, block));
    }
    return list;
}

} // namespace verdant::spaces
