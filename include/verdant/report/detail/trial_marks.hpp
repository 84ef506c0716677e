#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/colours.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/report/baseline.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The marks and colours of trials, fronts and baselines in all pictures of results, and their entries in the keys.
namespace verdant::detail {

/// How the front of a run is drawn, and its entry in the key: runs differ by colour, by mark and by dashes.
template <class = instantiated_when_used>
[[nodiscard]] plot::key_entry run_key(std::string words, std::size_t i, double radius = 3) {
    const std::string colour{plot::kind_colours[i % plot::kind_colours.size()]};
    return {std::move(words), plot::kind_markers[i % plot::kind_markers.size()], radius, {.fill = colour}, plot::line_paint(colour, plot::kind_dash(i))};
}

/// How baselines are marked.
template <class = instantiated_when_used>
[[nodiscard]] plot::key_entry baseline_key(const std::string& name, std::size_t i) {
    constexpr std::array<plot::marker, 4> shapes{plot::marker::star, plot::marker::diamond, plot::marker::square, plot::marker::triangle};
    return {.words = name, .marker = shapes[i % shapes.size()], .radius = 6, .filled = {.fill = "#e69f00", .stroke = "#000000", .width = 1}};
}

/// The mark of a kind of trials, in pictures and in their keys.
struct trial_mark {
    plot::key_entry key;
    double radius; ///< in a plane of objectives; histories, which have fewer marks, draw them half a unit larger
};

/// Draws the mark of a trial.
/// @param radius of the mark @param words are shown under the pointer
template <class = instantiated_when_used>
void draw_trial(plot::svg_writer& picture, const trial_mark& mark, plot::position at, double radius, std::string_view words) {
    plot::draw_marker(picture, mark.key.marker, at, radius, mark.key.filled, words);
}

/// The marks of all kinds of trials.
struct trial_marks {
    trial_mark front{{.words = "Pareto front", .filled = {.fill = "#1b7f4d"}}, 4};
    trial_mark feasible{{.words = "feasible", .radius = 3, .filled = {.fill = "#8f9ba6"}}, 2};
    trial_mark infeasible{{.words = "breaks a constraint", .marker = plot::marker::cross, .radius = 3.5, .filled = {.fill = "#d98a63"}}, 2.5};
    trial_mark failed{{.words = "failed", .marker = plot::marker::plus, .radius = 3.5, .filled = {.fill = "#000000"}}, 3};

    /// What the key of a plane says.
    template <class = instantiated_when_used>
    [[nodiscard]] std::vector<plot::key_entry> key(const std::vector<baseline>& baselines) const {
        std::vector<plot::key_entry> all{front.key, feasible.key, infeasible.key};
        for (std::size_t i = 0; i < baselines.size(); ++i) all.push_back(baseline_key(baselines[i].name, i));
        return all;
    }
};

} // namespace verdant::detail
