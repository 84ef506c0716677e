#include <verdant/plot/paint.hpp>
#include <verdant/plot/svg_writer.hpp>

#include "catch.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace plot = verdant::plot;

namespace {

/// What `draw` writes between the tags of a picture.
template <class Draw>
std::string written(Draw draw) {
    plot::svg_writer picture{20, 10};
    draw(picture);
    auto svg = std::move(picture).finished();
    const std::string head =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\" viewBox=\"0 0 20 10\" font-family=\"sans-serif\">\n";
    REQUIRE(svg.starts_with(head));
    REQUIRE(svg.ends_with("</svg>\n"));
    return svg.substr(head.size(), svg.size() - head.size() - 7);
}

/// Would end an attribute, an element, and the picture.
const std::string hostile = "\"/><script a='&\n";
const std::string harmless = "&quot;/&gt;&lt;script a='&amp; ";

} // namespace

TEST_CASE("paint writes what differs from SVG's defaults", "[plot]") {
    CHECK(plot::paint_attributes({}) == "");
    CHECK(plot::paint_attributes({.fill = "none", .stroke = "#777", .width = 2.5, .dash = "8 4", .opacity = 0.5, .end_marker = "head"}) ==
          " fill=\"none\" stroke=\"#777\" stroke-dasharray=\"8 4\" stroke-width=\"2.5\" opacity=\"0.5\" marker-end=\"url(#head)\"");
    CHECK(plot::paint_attributes({.opacity = 0}) == " opacity=\"0\"");
    CHECK(plot::paint_attributes(plot::line_paint("red", "2 3")) == " fill=\"none\" stroke=\"red\" stroke-dasharray=\"2 3\" stroke-width=\"1.5\"");
}

TEST_CASE("nothing that a picture is given ends its attribute or element", "[plot]") {
    CHECK(plot::paint_attributes({.fill = hostile}) == " fill=\"" + harmless + '"');
    CHECK(plot::paint_attributes({.stroke = hostile}) == " stroke=\"" + harmless + '"');
    CHECK(plot::paint_attributes({.dash = hostile}) == " stroke-dasharray=\"" + harmless + '"');
    CHECK(plot::paint_attributes({.end_marker = hostile}) == " marker-end=\"url(#" + harmless + ")\"");
    CHECK(written([](auto& p) { p.title(hostile); }) == "<title>" + harmless + "</title>\n");
    CHECK(written([](auto& p) { p.background(hostile); }) == "<rect width=\"20\" height=\"10\" fill=\"" + harmless + "\"/>\n");
    CHECK(written([](auto& p) { p.text({1, 2}, hostile, {.colour = hostile}); }) ==
          "<text x=\"1\" y=\"2\" text-anchor=\"start\" fill=\"" + harmless + "\">" + harmless + "</text>\n");
    CHECK(written([](auto& p) { p.rectangle({1, 2}, 3, 4, {}, 0, hostile); }) ==
          "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\"><title>" + harmless + "</title></rect>\n");
    CHECK(written([](auto& p) { p.define_arrow_head(hostile); }).starts_with("<defs><marker id=\"" + harmless + "\" viewBox"));
    CHECK(written([](auto& p) { p.define_gradient(hostile, {hostile, "b"}); }) ==
          "<defs><linearGradient id=\"" + harmless + "\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\"><stop offset=\"0\" stop-color=\"" + harmless +
              "\"/><stop offset=\"1\" stop-color=\"b\"/></linearGradient></defs>\n");
}

TEST_CASE("what is not UTF-8, or no character of XML, is replaced", "[plot]") {
    CHECK(plot::xml_text("Ger\xe4t.csv") == "Ger\xef\xbf\xbdt.csv");
    CHECK(plot::xml_text("Ger\xc3\xa4t \xf0\x9f\x8c\xb1") == "Ger\xc3\xa4t \xf0\x9f\x8c\xb1");
    CHECK(plot::xml_text("\xc3<\xed\xa0\x80\xc3") == "\xef\xbf\xbd&lt;\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); // cut off, a surrogate
    CHECK(plot::xml_text("a\xef\xbf\xbe\xef\xbf\xbf") == "a\xef\xbf\xbd\xef\xbf\xbd");
    CHECK(plot::xml_text(std::string_view{"\0\x01", 2}) == "  ");
}

TEST_CASE("elements as SVG writes them", "[plot]") {
    CHECK(plot::svg_writer{1, 2, 13}.finished() == "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"2\" viewBox=\"0 0 1 2\" "
                                                   "font-family=\"sans-serif\" font-size=\"13\">\n</svg>\n");
    CHECK(written([](auto& p) { p.text({1, 2}, "a", {.anchor = plot::anchor::middle, .size = 7, .turned = -90}); }) ==
          "<text x=\"1\" y=\"2\" text-anchor=\"middle\" font-size=\"7\" transform=\"rotate(-90 1 2)\">a</text>\n");
    CHECK(written([](auto& p) { p.text({1, 2}, "a", {.anchor = plot::anchor::end}); }) == "<text x=\"1\" y=\"2\" text-anchor=\"end\">a</text>\n");
    CHECK(written([](auto& p) { p.circle({1.5, 2}, 3, {.fill = "red"}); }) == "<circle cx=\"1.5\" cy=\"2\" r=\"3\" fill=\"red\"/>\n");
    CHECK(written([](auto& p) { p.rectangle({1, 2}, 3, 4, {.fill = "red"}, 5); }) ==
          "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" rx=\"5\" fill=\"red\"/>\n");
    CHECK(written([](auto& p) { p.line({1, 2}, {3, 4}, {.stroke = "red"}); }) == "<line x1=\"1\" x2=\"3\" y1=\"2\" y2=\"4\" stroke=\"red\"/>\n");
    CHECK(written([](auto& p) { p.polyline({{1, 2}, {3, 1.0 / 3}}, {.stroke = "red"}); }) ==
          "<polyline stroke=\"red\" points=\"1,2 3,0.333333\"/>\n");
    CHECK(written([](auto& p) { p.polyline({}, {}); }) == "<polyline points=\"\"/>\n");
    CHECK(written([](auto& p) { p.curve({1, 2}, {3, 4}, {5, 6}, {7, 8}, plot::line_paint("red")); }) ==
          "<path d=\"M1 2C3 4 5 6 7 8\" fill=\"none\" stroke=\"red\" stroke-width=\"1.5\"/>\n");
}
