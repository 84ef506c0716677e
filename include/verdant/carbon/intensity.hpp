#pragma once

#include <verdant/carbon/act_tables.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/units.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

/// Carbon intensities of grids, by place and by name.
namespace verdant::carbon {

/// Editions of ACT's table of places; `act_2023` is the one in use.
enum class edition : unsigned char { act_2022, act_2023 };

/// Carbon intensity of a place's grid.
[[nodiscard]] constexpr si::carbon_intensity intensity(place p, edition e = edition::act_2023) {
    const grid_entry& g = grids[static_cast<std::size_t>(p)];
    return (e == edition::act_2023 ? g.edition_2023 : g.edition_2022) * grams_per_kilowatt_hour{};
}

/// Carbon intensity of a way to make electricity (ACT).
[[nodiscard]] constexpr si::carbon_intensity intensity(source s) {
    return sources[static_cast<std::size_t>(s)].grams_per_kilowatt_hour * grams_per_kilowatt_hour{};
}

/// Refused, with a sentence that says what to write.
template <class Name>
    requires(!std::is_enum_v<Name> && std::is_convertible_v<const Name&, std::string_view> && !std::is_convertible_v<const Name&, place> &&
             !std::is_convertible_v<const Name&, source>)
[[nodiscard]] constexpr deferred<verdant::detail::refused_value<si::carbon_intensity>, Name>
intensity(const Name&) { // not what `has_intensity` asks for
    static_assert(verdant::detail::fits<Name>,
                  "verdant: a place or source is no text here; write intensity(place::europe), and of a text from outside "
                  "intensity_named(\"europe\")");
    return {};
}

/// The intensity of a grid that is not in ACT's table, g CO2e/kWh.
struct operational_entry {
    std::string_view name;
    double grams_per_kilowatt_hour;
};

/// Intensities of use that the published searches set by hand: British Columbia for CLIP, California for the other models
/// (CATransformers, configurations.py).
inline constexpr std::array<operational_entry, 2> operational_grids{{{"british_columbia", 68}, {"california", 224}}};

/// The same as quantities.
inline constexpr si::carbon_intensity british_columbia = 68.0 * grams_per_kilowatt_hour{};
inline constexpr si::carbon_intensity california = 224.0 * grams_per_kilowatt_hour{};

/// All names that `intensity_named` knows, separated by commas.
[[nodiscard]] inline std::string intensity_names() {
    std::string names;
    const auto add = [&names](std::string_view n) { names += (names.empty() ? "" : ", ") + std::string{n}; };
    for (const grid_entry& g : grids) add(g.name);
    for (const operational_entry& o : operational_grids) add(o.name);
    for (const source_entry& s : sources) add(s.name);
    return names;
}

/// Carbon intensity by the name of a place or source: `"taiwan"`, `"british_columbia"`, `"wind"`; ACT's prefixes `loc_` and `src_` are allowed.
/// @throws input_error listing the names, if there is none
[[nodiscard]] inline si::carbon_intensity intensity_named(std::string_view name) {
    const bool by_place = !name.starts_with("src_"), by_source = !name.starts_with("loc_");
    const std::string_view bare = name.starts_with("src_") || name.starts_with("loc_") ? name.substr(4) : name;
    if (by_place) {
        for (const grid_entry& g : grids)
            if (g.name == bare) return intensity(g.place);
        for (const operational_entry& o : operational_grids)
            if (o.name == bare) return o.grams_per_kilowatt_hour * grams_per_kilowatt_hour{};
    }
    if (by_source)
        for (const source_entry& s : sources)
            if (s.name == bare) return intensity(s.source);
    throw input_error{"carbon intensity", "", "a place or source (" + intensity_names() + ")", "\"" + std::string{name} + "\""};
}

/// Carbon intensity from a command line: a number of g CO2e/kWh, at least 0 and at most 10 000, or a name for `intensity_named`.
/// @throws input_error saying what is allowed
[[nodiscard]] inline si::carbon_intensity parse_intensity(std::string_view text) {
    double grams = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), grams);
    const bool a_number = failure == std::errc{} && end == text.data() + text.size();
    if (a_number && grams >= 0 && grams <= 1e4) return grams * grams_per_kilowatt_hour{};
    const bool starts_like_one = !text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
    if (a_number || starts_like_one || failure == std::errc::result_out_of_range)
        throw input_error{"carbon intensity", "", "0 to 10000 g CO2e/kWh, or the name of a place or source", "\"" + std::string{text} + "\""};
    return intensity_named(text);
}

} // namespace verdant::carbon
