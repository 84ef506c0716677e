#pragma once

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
    void draw_grid(svg_writer& picture, double font_size, tick_labels shown = tick_labels::both) const {
        const paint grid{.stroke = "#ddd"}, faint{.stroke = "#f1f1f1"};
        const auto upright = [&](double x, const paint& p) { picture.line({x, bottom}, {x, top}, p); };
        const auto level = [&](double y, const paint& p) { picture.line({left, y}, {right_, y}, p); };
        for (const auto t : across.minor_ticks()) upright(across.at(t), faint);
        for (const auto t : up.minor_ticks()) level(up.at(t), faint);
        // Where an axis ends between two ticks, its end is drawn, too.
        for (const auto end : {left, right_})
            if (std::none_of(across.ticks().begin(), across.ticks().end(), [&](double t) { return std::abs(across.at(t) - end) < 0.5; })) upright(end, grid);
        for (const auto end : {top, bottom})
            if (std::none_of(up.ticks().begin(), up.ticks().end(), [&](double t) { return std::abs(up.at(t) - end) < 0.5; })) level(end, grid);
        double labelled = -1e9; // where the last label ends
        for (const auto t : across.ticks()) {
            upright(across.at(t), grid);
            if (shown == tick_labels::up || shown == tick_labels::none) continue;
            const auto words = across.label(t);
            const auto half = text_width(words, font_size) / 2, over = font_size * 16 / 13;
            // A wide label at an end is moved inwards, so that it keeps clear of what lies beside the axes.
            const auto x = std::max(std::min(across.at(t), right_ + over - half), left - over + half);
            if (x - half < labelled + font_size / 2) continue; // no room
            picture.text({x, bottom + font_size * 20 / 13}, words, {.anchor = anchor::middle});
            labelled = x + half;
        }
        labelled = 1e9;
        for (const auto t : up.ticks()) {
            level(up.at(t), grid);
            if (shown == tick_labels::across || shown == tick_labels::none || up.at(t) + font_size > labelled) continue;
            picture.text({left - font_size * 8 / 13, up.at(t) + font_size * 4 / 13}, up.label(t), {.anchor = anchor::end});
            labelled = up.at(t);
        }
    }
    /// How wide the widest label of an upright axis is.
    [[nodiscard]] static double label_width(const axis& up, double font_size) {
        double widest = 0;
        for (const auto t : up.ticks()) widest = std::max(widest, text_width(up.label(t), font_size));
        return widest;
    }

private:
    double right_;
};

/// How a picture with axes is laid out.
struct plot_layout {
    axis_options x{}, y{};
    picture_options picture{};
    double beside = 30;       ///< room for a key on the right of the axes, in letters of 13
    std::size_t key_rows = 1; ///< room for rows of a key below them
};

/// A picture (SVG), 800 by 600 where nothing else is said, with a title and two axes, on which marks are drawn. What is drawn has positions in the
/// picture; `at` maps values to them. It has a white ground of its own, so it can be read on a page of any colour.
///
///     svg_plot plot{"speed", "size", {0, 10}, "seconds", {0, 3}};
///     plot.circle(plot.at(4, 1.5), 4, {.fill = std::string{kind_colours[0]}});
///     io::write_file("speed.svg", std::move(plot).finished());
class svg_plot : public svg_writer, public plot_area {
public:
    /// @param xs, ys ranges of the values shown, the lower end first; see `axis` for what becomes of ends that are no good numbers
    /// @param right  where the axes end on the right; beyond it there is room for a key
    svg_plot(std::string_view title, std::string_view x_name, std::pair<double, double> xs, std::string_view y_name, std::pair<double, double> ys,
             double right = 770)
        : svg_plot{title, x_name, xs, y_name, ys, plot_layout{.beside = 800 - right}} {}

    /// @param x_name, y_name what the axes are called where the layout has no labels of its own
    /// Throws what `axis` and `sized` throw for options that cannot be had.
    svg_plot(std::string_view title, std::string_view x_name, std::pair<double, double> xs, std::string_view y_name, std::pair<double, double> ys,
             const plot_layout& layout)
        : svg_plot{title, xs, ys, named(layout, x_name, y_name)} {}

    [[nodiscard]] const picture_options& options() const { return options_; }
    /// A length in proportion to the letters.
    /// @param length with letters of 13
    [[nodiscard]] double scaled(double length) const { return length * options_.font_size / 13; }
    /// What viewers show of a mark under the pointer; nothing where tooltips are hidden.
    [[nodiscard]] std::string_view tooltip(std::string_view words) const {
        return options_.tooltips == tooltips::shown ? words : std::string_view{};
    }
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
    static plot_area area_of(std::pair<double, double> xs, std::pair<double, double> ys, const plot_layout& l) {
        const auto u = l.picture.font_size / 13;
        const plot_frame whole{90 * u, 50 * u, l.picture.width - l.beside * u, l.picture.height - (62 + 18 * static_cast<double>(l.key_rows)) * u};
        const axis y{ys.first, ys.second, whole.bottom, whole.top, l.y};
        auto frame = whole;
        frame.left = std::max(whole.left, label_width(y, l.picture.font_size) + 36 * u);
        return {frame, axis{xs.first, xs.second, frame.left, frame.right, l.x}, y};
    }
    svg_plot(std::string_view title, std::pair<double, double> xs, std::pair<double, double> ys, const plot_layout& layout)
        : svg_writer{layout.picture.width, layout.picture.height, layout.picture.font_size, layout.picture.font}, plot_area{area_of(xs, ys, layout)},
          options_{layout.picture}, clipped_{has_end(layout.x) || has_end(layout.y)} {
        this->title(title);
        background("white");
        const auto middle = (left + right()) / 2, font = options_.font_size;
        // A long title is set smaller and may take the whole width.
        const auto room = options_.width - scaled(20);
        const auto size = std::clamp(scaled(16) * room / std::max(text_width(title, scaled(16)), 1.0), scaled(11), scaled(16));
        const bool centred = text_width(title, size) / 2 <= std::min(middle, options_.width - middle) - scaled(10);
        text({centred ? middle : options_.width / 2, scaled(30)}, fitted(title, room, size), {.anchor = anchor::middle, .size = size});
        draw_grid(*this, font);
        text({middle, bottom + scaled(45)}, fitted(layout.x.label, options_.width - scaled(20), font), {.anchor = anchor::middle});
        text({scaled(24), (top + bottom) / 2}, fitted(layout.y.label, bottom - top, font), {.anchor = anchor::middle, .turned = -90});
    }

    picture_options options_;
    bool clipped_;
    std::string notes_;
};

} // namespace verdant::plot
