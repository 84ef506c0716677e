// Pictures of networks and of their memory as SVG.

#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/drawing_svg.hpp>
#include <verdant/workload/convnet/memory_plot.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + what.size())) ++n;
    return n;
}

const auto net = spaces::net_of(spaces::moofa_v3::family, spaces::smallest_arch<spaces::moofa_v3>());

} // namespace

TEST_CASE("a network as SVG has the boxes and arrows of its drawing") {
    const auto drawing = workload::drawing_of(net);
    const auto svg = workload::svg_text(drawing, "a < b");
    CHECK(svg.starts_with("<svg xmlns="));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(count(svg, "rx=\"8\"") == drawing.nodes.size());
    const auto shortcuts = static_cast<std::size_t>(
        std::count_if(drawing.edges.begin(), drawing.edges.end(), [&](const auto& e) { return e.shortcut && e.to < drawing.nodes.size(); }));
    CHECK(shortcuts > 0);
    CHECK(count(svg, "stroke=\"#777\"") == shortcuts);
    CHECK(count(svg, "<text ") == drawing.nodes.size() + drawing.edges.size() - shortcuts + 1);
    CHECK_THAT(svg, Contains("MBConv2-3x3") && Contains("a &lt; b") && Contains("#0076c5"));
    CHECK(count(workload::svg_text({}), "<text ") == 0);
    // A caption that is wider than the picture is set smaller, then cut; the whole is its title.
    const std::string caption(200, 'c');
    const auto captioned = workload::svg_text(drawing, caption);
    CHECK(count(captioned, "<title>" + caption + "</title>") == 1);
    CHECK(count(captioned, "ccc...</text>") == 1);
}

TEST_CASE("memory of each layer as bars") {
    std::vector<std::int64_t> history;
    for (const auto m : workload::memory_history(net)) history.push_back(m);
    const auto svg = workload::memory_svg(history, "memory");
    CHECK(count(svg, "<title>layer ") == history.size());
    const auto peak = workload::peak_memory(net);
    CHECK(count(svg, "#0b4f6c") == static_cast<std::size_t>(std::count(history.begin(), history.end(), peak)));
    CHECK_THAT(svg, Contains("<title>layer 1: " + std::to_string(history[0]) + "</title>"));
    CHECK_THAT(workload::memory_svg({}), Contains("</svg>"));
}
