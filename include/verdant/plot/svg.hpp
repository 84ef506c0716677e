#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg_writer.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// Pictures with axes.
namespace verdant::plot {

/// Which axes of an area have labels at their ticks.
enum class tick_labels : std::uint8_t { both, across, up, none };

/// Where axes lie in a picture.
struct plot_frame {
    double left, top, right, bottom;
};

/// Two axes, and where they lie in a picture.
class plot_area {
public:
    const axis up;
    const double left, top, bottom;
    const axis across;

    plot_area(const plot_frame& f, const axis& x, const axis& y) : up{y}, left{f.left}, top{f.top}, bottom{f.bottom}, across{x}, right_{f.right} {}

    [[nodiscard]] double right() const { return right_; }
    /// Whether the axes show these values.
    [[nodiscard]] bool holds(double x, double y) const { return across.holds(x) && up.holds(y); }
    /// Whether these values have a place on axes of these scales, be it beyond their ends.
    [[nodiscard]] bool has_place_for(double x, double y) const { return across.has_place_for(x) && up.has_place_for(y); }
    /// Where these values lie in the picture.
    [[nodiscard]] position at(double x, double y) const { return {across.at(x), up.at(y)}; }

    /// Draws ticks, their labels, and the lines from them through the area.
    /// @param font_size of the labels
    void draw_grid(svg_writer& picture, double font_size, tick_labels shown = tick_labels::both) const;
    /// How wide the widest label of an upright axis is.
    [[nodiscard]] static double label_width(const axis& up, double font_size) {
        double widest = 0;
        for (const auto t : up.ticks()) widest = std::max(widest, text_width(up.label(t), font_size));
        return widest;
    }

private:
    double right_;
};

namespace detail {

template <class = instantiated_when_used>
void draw_grid(const plot_area& area, svg_writer& picture, double font_size, tick_labels shown) {
    const paint grid{.stroke = "#ddd"}, faint{.stroke = "#f1f1f1"};
    const auto upright = [&](double x, const paint& p) { picture.line({x, area.bottom}, {x, area.top}, p); };
    const auto level = [&](double y, const paint& p) { picture.line({area.left, y}, {area.right(), y}, p); };
    for (const auto t : area.across.minor_ticks()) upright(area.across.at(t), faint);
    for (const auto t : area.up.minor_ticks()) level(area.up.at(t), faint);
    // Where an axis ends between two ticks, its end is drawn, too.
    for (const auto end : {area.left, area.right()})
        if (std::none_of(area.across.ticks().begin(), area.across.ticks().end(), [&](double t) { return std::abs(area.across.at(t) - end) < 0.5; }))
            upright(end, grid);
    for (const auto end : {area.top, area.bottom})
        if (std::none_of(area.up.ticks().begin(), area.up.ticks().end(), [&](double t) { return std::abs(area.up.at(t) - end) < 0.5; }))
            level(end, grid);
    double labelled = -1e9; // where the last label ends
    for (const auto t : area.across.ticks()) {
        upright(area.across.at(t), grid);
        if (shown == tick_labels::up || shown == tick_labels::none) continue;
        const auto words = area.across.label(t);
        const auto half = text_width(words, font_size) / 2, over = font_size * 16 / 13;
        // A wide label at an end is moved inwards, so that it keeps clear of what lies beside the axes.
        const auto x = std::max(std::min(area.across.at(t), area.right() + over - half), area.left - over + half);
        if (x - half < labelled + font_size / 2) continue; // no room
        picture.text({x, area.bottom + font_size * 20 / 13}, words, {.anchor = anchor::middle});
        labelled = x + half;
    }
    labelled = 1e9;
    for (const auto t : area.up.ticks()) {
        level(area.up.at(t), grid);
        if (shown == tick_labels::across || shown == tick_labels::none || area.up.at(t) + font_size > labelled) continue;
        picture.text({area.left - font_size * 8 / 13, area.up.at(t) + font_size * 4 / 13}, area.up.label(t), {.anchor = anchor::end});
        labelled = area.up.at(t);
    }
}
VERDANT_DEFINED_ONCE(void draw_grid<>(const plot_area&, svg_writer&, double, tick_labels));

} // namespace detail

inline void plot_area::draw_grid(svg_writer& picture, double font_size, tick_labels shown) const {
    detail::draw_grid(*this, picture, font_size, shown);
}

/// How a picture with axes is laid out.
struct plot_layout {
    axis_options x{}, y{};
    picture_options picture{};
    double beside = 30;       ///< room for a key on the right of the axes, in letters of 13
    std::size_t key_rows = 1; ///< room for rows of a key below them
};

namespace detail {

/// The axes of a picture between which there is room for what its layout says.
template <class = instantiated_when_used>
[[nodiscard]] plot_area area_of(std::pair<double, double> xs, std::pair<double, double> ys, const plot_layout& l) {
    const auto u = l.picture.font_size / 13;
    const plot_frame whole{90 * u, 50 * u, l.picture.width - l.beside * u, l.picture.height - (62 + 18 * static_cast<double>(l.key_rows)) * u};
    const axis y{ys.first, ys.second, whole.bottom, whole.top, l.y};
    auto frame = whole;
    frame.left = std::max(whole.left, plot_area::label_width(y, l.picture.font_size) + 36 * u);
    return {frame, axis{xs.first, xs.second, frame.left, frame.right, l.x}, y};
}
VERDANT_DEFINED_ONCE(plot_area area_of<>(std::pair<double, double>, std::pair<double, double>, const plot_layout&));

/// Draws ground, title and axes.
template <class = instantiated_when_used>
void draw_frame(svg_writer& picture, const plot_area& area, std::string_view title, const plot_layout& layout) {
    picture.title(title);
    picture.background("white");
    const auto middle = (area.left + area.right()) / 2, font = layout.picture.font_size, width = layout.picture.width;
    const auto scaled = [font](double length) { return length * font / 13; };
    // A long title is set smaller and may take the whole width.
    const auto room = width - scaled(20);
    const auto size = std::clamp(scaled(16) * room / std::max(text_width(title, scaled(16)), 1.0), scaled(11), scaled(16));
    const bool centred = text_width(title, size) / 2 <= std::min(middle, width - middle) - scaled(10);
    picture.text({centred ? middle : width / 2, scaled(30)}, fitted(title, room, size), {.anchor = anchor::middle, .size = size});
    draw_grid(area, picture, font, tick_labels::both);
    picture.text({middle, area.bottom + scaled(45)}, fitted(layout.x.label, width - scaled(20), font), {.anchor = anchor::middle});
    picture.text({scaled(24), (area.top + area.bottom) / 2}, fitted(layout.y.label, area.bottom - area.top, font),
                 {.anchor = anchor::middle, .turned = -90});
}
VERDANT_DEFINED_ONCE(void draw_frame<>(svg_writer&, const plot_area&, std::string_view, const plot_layout&));

} // namespace detail

/// A picture (SVG), 800 by 600 where nothing else is said, with a title and two axes, on which marks are drawn. What is drawn has positions in the
/// picture; `at` maps values to them. It has a white ground of its own, so it can be read on a page of any colour.
///
///     svg_plot plot{"speed", "size", {0, 10}, "seconds", {0, 3}};
///     plot.circle(plot.at(4, 1.5), 4, {.fill = std::string{kind_colours[0]}});
///     io::write_file("speed.svg", std::move(plot).finished());
class svg_plot : public svg_writer, public plot_area {
public:
    /// @param xs, ys ranges of the values shown, the lower end first; see `axis` for what becomes of ends that are not finite or too close together
    /// @param right  where the axes end on the right; beyond it there is room for a key
    svg_plot(std::string_view title, std::string_view x_name, std::pair<double, double> xs, std::string_view y_name, std::pair<double, double> ys,
             double right = 770)
        : svg_plot{title, x_name, xs, y_name, ys, plot_layout{.beside = 800 - right}} {}

    /// @param x_name, y_name what the axes are called where the layout has no labels of its own
    /// Throws what `axis` and `sized` throw for options that cannot be honoured.
    svg_plot(std::string_view title, std::string_view x_name, std::pair<double, double> xs, std::string_view y_name, std::pair<double, double> ys,
             const plot_layout& layout)
        : svg_plot{title, xs, ys, named(layout, x_name, y_name)} {}

    [[nodiscard]] const picture_options& options() const { return options_; }
    /// A length in proportion to the letters.
    /// @param length with letters of 13
    [[nodiscard]] double scaled(double length) const { return length * options_.font_size / 13; }
    /// What viewers show of a mark under the pointer; nothing where tooltips are hidden.
    [[nodiscard]] std::string_view tooltip(std::string_view words) const { return options_.tooltips == tooltips::shown ? words : std::string_view{}; }
    /// Adds a remark, which is written small above the axes: what the picture does not show.
    void note(std::string_view words) { notes_ += (notes_.empty() ? "" : "; ") + std::string{words}; }
    /// Notes how many things lie beyond the ends of the axes; nothing for none.
    void count_outside(std::size_t trials, std::string_view one = "trial", std::string_view many = "trials") {
        if (trials > 0) note(std::to_string(trials) + ' ' + std::string{trials == 1 ? one : many} + " beyond the picture");
    }
    /// Notes how many things have no place on a logarithmic axis; nothing for none.
    void count_without_logarithm(std::size_t trials, std::string_view one = "trial", std::string_view many = "trials") {
        if (trials > 0) note(std::to_string(trials) + ' ' + std::string{trials == 1 ? one : many} + " not above 0, on a logarithmic scale");
    }
    /// From here to `end_area_clip` only what lies within the axes is seen, if an end of one was asked for: else everything does.
    void begin_area_clip() {
        if (clipped_) begin_clip({left, top}, right() - left, bottom - top);
    }
    void end_area_clip() {
        if (clipped_) end_clip();
    }

    /// The picture.
    [[nodiscard]] std::string finished() && {
        if (!notes_.empty()) {
            const auto size = scaled(11);
            text({right(), top - scaled(8)}, fitted(notes_, right() - scaled(10), size), {.anchor = anchor::end, .size = size});
        }
        return static_cast<svg_writer&&>(*this).finished();
    }

private:
    static plot_layout named(plot_layout layout, std::string_view x_name, std::string_view y_name) {
        if (layout.x.label.empty()) layout.x.label = x_name;
        if (layout.y.label.empty()) layout.y.label = y_name;
        layout.picture = sized(layout.picture);
        return layout;
    }
    static bool has_end(const axis_options& asked) { return !std::isnan(asked.low) || !std::isnan(asked.high); }
    svg_plot(std::string_view title, std::pair<double, double> xs, std::pair<double, double> ys, const plot_layout& layout)
        : svg_writer{layout.picture.width, layout.picture.height, layout.picture.font_size, layout.picture.font},
          plot_area{detail::area_of(xs, ys, layout)}, options_{layout.picture}, clipped_{has_end(layout.x) || has_end(layout.y)} {
        detail::draw_frame(*this, *this, title, layout);
    }

    picture_options options_;
    bool clipped_;
    std::string notes_;
};

} // namespace verdant::plot
