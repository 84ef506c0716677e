#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/colours.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace verdant::plot {

/// One bar of a picture.
struct bar {
    std::string name;
    double value = 0;
};

/// A picture (SVG) of bars that lie one below the other, each as long as its value, which stands behind it: few amounts of one kind.
/// @param unit of the values, written behind them
/// @throws input_error where there is no bar, and for values that are below 0 or not finite; what `sized` throws
template <class = instantiated_when_used>
[[nodiscard]] std::string bars_svg(std::string_view title, std::string_view unit, std::span<const bar> bars, picture_options asked = {}) {
    double most = 0;
    for (const auto& b : bars) {
        if (!(b.value >= 0) || !std::isfinite(b.value)) throw input_error{title, b.name, "a finite number of 0 or more", exact_text(b.value)};
        most = std::max(most, b.value);
    }
    if (bars.empty()) throw input_error{title, "bars", "at least one", "none"};
    const auto u = asked.font_size / 13;
    const auto p = sized(asked, 640, std::max(150.0, 14 * asked.font_size + 44 * u * (static_cast<double>(bars.size()) - 1)));
    double names = 0, values = 0;
    for (const auto& b : bars) {
        names = std::max(names, text_width(b.name, p.font_size));
        values = std::max(values, text_width(rounded_text(b.value, 4) + ' ' + std::string{unit}, p.font_size));
    }
    const auto left = std::min(names + 30 * u, p.width * 0.4), length = p.width - left - std::min(values + 30 * u, p.width * 0.4);
    const auto top = 56 * u, row = (p.height - top - 16 * u) / static_cast<double>(bars.size());
    svg_writer picture{p.width, p.height, p.font_size, p.font};
    picture.title(title);
    picture.background("white");
    picture.text({p.width / 2, 30 * u}, fitted(title, p.width - 20 * u, 16 * u), {.anchor = anchor::middle, .colour = "black", .size = 16 * u});
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const auto y = top + row * static_cast<double>(i), high = row * 0.64, middle = y + high / 2 + p.font_size * 0.35;
        const auto wide = most > 0 ? length * (bars[i].value / most) : 0, words = bars[i].value;
        picture.text({left - 10 * u, middle}, fitted(bars[i].name, left - 20 * u, p.font_size), {.anchor = anchor::end, .colour = "black"});
        picture.rectangle({left, y}, std::max(wide, 1.0), high, {.fill = std::string{kind_colours[i % kind_colours.size()]}}, 2 * u,
                          p.tooltips == tooltips::shown ? bars[i].name + ": " + rounded_text(words) + ' ' + std::string{unit} : std::string{});
        picture.text({left + wide + 8 * u, middle}, rounded_text(words, 4) + (unit.empty() ? "" : ' ' + std::string{unit}), {.colour = "#333333"});
    }
    return std::move(picture).finished();
}
VERDANT_DEFINED_ONCE(std::string bars_svg<>(std::string_view, std::string_view, std::span<const bar>, picture_options));

} // namespace verdant::plot
