// A picture of one's own with the axes, the colours and the marks of the library's pictures.

#include <verdant/plot/colours.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/svg.hpp>

#include <cstdio>
#include <string>
#include <utility>

namespace plot = verdant::plot;

int main() {
    // [picture]
    plot::svg_plot picture{"latency < 3 ms", "latency [ms]", {0, 3}, "accuracy", {0.6, 0.9}};
    const plot::paint measured{.fill = std::string{plot::kind_colours[0]}}, predicted{.fill = "none", .stroke = std::string{plot::kind_colours[1]}};
    picture.circle(picture.at(1.5, 0.71), 4, measured);
    picture.circle(picture.at(2.5, 0.84), 4, predicted);
    const auto svg = std::move(picture).finished(); // io::write_file("picture.svg", svg)
    // [/picture]
    std::fputs(svg.c_str(), stdout);
}
