#include <verdant/error.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg.hpp>

#include "catch.hpp"
#include "svg_marks.hpp"
#include "xml.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace plot = verdant::plot;

namespace {

std::string refused_place(const plot::picture_options& asked) {
    try {
        static_cast<void>(plot::sized(asked));
    } catch (const verdant::input_error& e) {
        CHECK(e.source() == "picture");
        return e.place();
    }
    return {};
}

} // namespace

TEST_CASE("sizes and fonts that make no picture are refused by name", "[plot]") {
    CHECK(refused_place({}) == "");
    CHECK(plot::sized({}).width == 800);
    CHECK(plot::sized({}, 1100, 900).height == 900);
    const auto infinity = std::numeric_limits<double>::infinity();
    for (const double absurd : {0.0, -800.0, 199.0, 20'001.0, infinity, -infinity}) CHECK(refused_place({.width = absurd}) == "width");
    for (const double absurd : {0.0, 149.0, 1e9, infinity}) CHECK(refused_place({.height = absurd}) == "height");
    for (const double absurd : {0.0, 4.9, 201.0, std::nan("")}) CHECK(refused_place({.font_size = absurd}) == "font_size");
    CHECK(refused_place({.width = 800, .font_size = 41}) == "width"); // 20 letters do not fit
    CHECK(refused_place({.height = 300, .font_size = 25}) == "height");
    CHECK(refused_place({.font = ""}) == "font");
}

TEST_CASE("a picture has the size and the letters asked for, and nothing runs into each other", "[plot]") {
    for (const auto& options : {plot::picture_options{}, plot::picture_options{.width = 320, .height = 240}, plot::picture_options{.width = 2000, .height = 300},
                                plot::picture_options{.width = 900, .height = 700, .font_size = 30}, plot::picture_options{.font_size = 8}})
        for (const auto& range : {std::pair{0.0, 1.0}, std::pair{12345.1, 12345.9}, std::pair{-1e300, 1e300}, std::pair{0.3, 0.1 + 0.2}}) {
            plot::svg_plot picture{"a title that is rather long for a picture which is as narrow as this one is", "across", range, "up", range,
                                   plot::plot_layout{.picture = options}};
            picture.note("what is not shown");
            const auto svg = std::move(picture).finished();
            CHECK(xml::complaint(svg) == "");
            const auto p = plot::sized(options);
            CHECK(svg.find("width=\"" + plot::svg_number(p.width) + "\" height=\"" + plot::svg_number(p.height) + '"') != std::string::npos);
            CHECK(svg.find("font-size=\"" + plot::svg_number(p.font_size) + '"') != std::string::npos);
            CAPTURE(p.width, p.height, p.font_size, range.first, range.second);
            CHECK(marks::colliding(svg) == "");
        }
    plot::svg_plot named{"t", "x", {0, 1}, "y", {0, 1}, plot::plot_layout{.x = {.label = "other"}, .picture = {.font = "\"Fira Sans\", serif"}}};
    const auto svg = std::move(named).finished();
    CHECK(svg.find("font-family=\"&quot;Fira Sans&quot;, serif\"") != std::string::npos);
    CHECK(svg.find(">other<") != std::string::npos);
    CHECK(svg.find(">x<") == std::string::npos);
}

TEST_CASE("texts are cut where they do not fit, between letters of UTF-8", "[plot]") {
    CHECK(plot::fitted("abc", 100, 10) == "abc");
    CHECK(plot::fitted("abcdefghij", 36, 10) == "abc...");
    CHECK(plot::text_width("\xc3\xa4\xc3\xb6", 10) == 12);
    CHECK(plot::fitted("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4", 31, 10) == "\xc3\xa4\xc3\xb6...");
    CHECK(plot::fitted("abcdefghij", 0, 10) == "a...");
}

TEST_CASE("entries of a key never lie over each other, however many and long they are", "[plot]") {
    std::vector<plot::key_entry> entries;
    for (int i = 0; i < 12; ++i) {
        entries.push_back({.words = std::string(static_cast<std::size_t>(3 + 11 * i % 40), 'w') + std::to_string(i), .line = i % 3 == 0 ? plot::line_paint("red") : plot::paint{}});
        plot::svg_plot below{"t", "x", {0, 1}, "y", {0, 1}, plot::plot_layout{.key_rows = plot::key_rows(entries, {})}};
        plot::draw_key_below(below, entries);
        CHECK(marks::colliding(std::move(below).finished()) == "");
        plot::svg_plot beside{"t", "x", {0, 1}, "y", {0, 1}, plot::plot_layout{.beside = plot::room_beside(entries, {})}};
        plot::draw_key_beside(beside, entries);
        CHECK(marks::colliding(std::move(beside).finished()) == "");
    }
    CHECK(plot::key_rows({}, {}) == 1);
}
