#include <verdant/plot/axis.hpp>
#include <verdant/report/front_plot.hpp>
#include <verdant/report/history_plot.hpp>
#include <verdant/report/hypervolume_plot.hpp>
#include <verdant/report/objective_plane.hpp>
#include <verdant/report/overlap_plot.hpp>
#include <verdant/report/pair_plot.hpp>
#include <verdant/report/scatter_plot.hpp>

#include "catch.hpp"
#include "unit/plot/svg_marks.hpp"
#include "unit/plot/xml.hpp"
#include "unit/study/studies.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace studies;

namespace {

using three = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<-1>>, vd::minimize<vd::latency, vd::threshold<1000>>,
                         vd::minimize<vd::energy, vd::threshold<10>>, vd::exhaustive_search>;

void check_picture(const std::string& svg) {
    CHECK(xml::complaint(svg) == "");
    CHECK(svg.size() < 60'000);
    auto drawn = svg; // without what is shown under the pointer: 1e308 s are infinitely many ms
    for (auto at = drawn.find("<title>"); at != std::string::npos; at = drawn.find("<title>", at)) drawn.erase(at, drawn.find("</title>", at) - at);
    for (const auto* wrong : {"\"nan", "\"inf", "\"-inf", "\"-nan", ",nan", ",inf", ",-inf", " nan,", " inf,", " -inf,"})
        if (const auto at = drawn.find(wrong); at != std::string::npos) FAIL_CHECK(drawn.substr(at > 200 ? at - 200 : 0, 300));
    CHECK(marks::colliding(svg) == "");
    // Every mark lies within the picture.
    for (const auto& c : marks::circles(svg)) CHECK((c.x >= -1 && c.x <= 801 && c.y >= -1 && c.y <= 641));
}

/// Numbers of all sizes that doubles have, and those around which things go wrong.
double strange(vd::random_stream& random) {
    constexpr auto greatest = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
    const std::vector<double> odd{0.0, -0.0, 1.0, 0.3, 0.1 + 0.2, least, -least, 2.3e-308, greatest, -greatest, 1e300, 1e-300};
    const auto kind = random.below(4);
    if (kind == 0) return odd[random.below(odd.size())];
    if (kind == 1) return random.uniform(0, 1);
    const auto size = std::pow(10.0, random.uniform(-320, 308));
    return kind == 2 ? size : -size;
}

} // namespace

TEST_CASE("whatever the values, scales and baselines, every picture is well-formed, short and readable", "[plot]") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        vd::random_stream random{seed};
        CAPTURE(seed);
        const auto told = [&] {
            auto session = three::ask_tell();
            const auto n = random.below(7);
            for (std::size_t i = 0; i < n; ++i) {
                const auto p = session.ask(1).front();
                if (random.below(6) == 0) session.tell_failure(p, "no");
                else session.tell(p, {strange(random), strange(random) * vd::seconds{}, strange(random) * vd::joules{}});
            }
            return session.result();
        };
        const auto a = told(), b = told();
        const std::vector<std::pair<std::string, three::result_type>> runs{{"one", a}, {"one", b}, {"two", b}};
        const vd::baseline baseline{"base", {{"accuracy", strange(random)}, {"latency", random.uniform(0, 5)}, {"energy", strange(random)}}};
        for (const auto scale : {vd::plot::scale::linear, vd::plot::scale::logarithmic, vd::plot::scale::automatic}) {
            const vd::plot_range range{.scale = scale};
            check_picture(vd::front_svg(a, "t", {.x = range, .y = range, .baselines = {baseline}}));
            check_picture(vd::overlap_svg(runs, "t", {.x = range, .y = range, .baselines = {baseline}}));
            check_picture(vd::scatter_svg<vd::energy, vd::accuracy, vd::latency>(a, "t", {.x = range, .y = range, .colour = range, .baselines = {baseline}}));
            check_picture(vd::pairs_svg(a, "t", {.axes = {{"accuracy", range}, {"latency", range}, {"energy", range}}, .baselines = {baseline}}));
            check_picture(vd::history_svg<vd::energy>(a, "t", {.x = range, .y = range, .baselines = {baseline}}));
            check_picture(vd::history_svg<vd::energy>(runs, "t", {.x = range, .y = range, .band = seed % 2 == 0 ? vd::history_band::deviation : vd::history_band::quartiles}));
            check_picture(vd::hypervolume_svg(runs, "t", {.x = range, .y = range, .baselines = {baseline}}));
        }
    }
}
