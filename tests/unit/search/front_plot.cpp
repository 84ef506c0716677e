#include "catch.hpp"
#include "studies.hpp"
#include "xml.hpp"

#include <limits>

using namespace studies;

namespace {

int count(std::string_view text, std::string_view what) {
    int n = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

} // namespace

TEST_CASE("the checker of XML of these tests knows what is wrong", "[search]") {
    REQUIRE(xml::complaint("<a b=\"1\"><c/>text &lt; more</a>\n").empty());
    for (const auto* bad : {"", "<a>", "<a></b>", "<a b=1/>", "<a>&</a>", "<a>1 < 2</a>", "<a/><b/>", "<a b=\"1\" b=\"2\"/>", "x<a/>", "<a>\x01</a>"})
        REQUIRE_FALSE(xml::complaint(bad).empty());
}

TEST_CASE("the picture of a front is well-formed and shows the front as steps", "[search]") {
    const auto found = study<vd::exhaustive_search>{measure, power}.run({.trials = 1000});
    const auto svg = vd::front_svg(found, "accuracy & latency <of> \"nets\"\n");
    REQUIRE(xml::complaint(svg) == "");
    REQUIRE(svg.find("accuracy &amp; latency &lt;of&gt; &quot;nets&quot; ") != std::string::npos);
    REQUIRE(svg.find("latency [ms]") != std::string::npos);
    REQUIRE(count(svg, "r=\"4\" fill=\"#1b7f4d\"") == static_cast<int>(found.size()) + 1); // and the legend
    const auto begin = svg.find("points=\"") + 8;
    const auto corners = svg.substr(begin, svg.find('"', begin) - begin);
    REQUIRE(count(corners, ",") == 2 * static_cast<int>(found.size()) + 1);
    // Each step changes no more than one coordinate.
    std::string x, y;
    for (std::size_t at = 0; at < corners.size();) {
        const auto comma = corners.find(',', at), end = std::min(corners.find(' ', at), corners.size());
        const auto next_x = corners.substr(at, comma - at), next_y = corners.substr(comma + 1, end - comma - 1);
        REQUIRE((at == 0 || next_x == x || next_y == y));
        x = next_x;
        y = next_y;
        at = end + 1;
    }
    REQUIRE(svg.find("nan") == std::string::npos);
    REQUIRE(svg.find("inf\"") == std::string::npos);
}

TEST_CASE("maximised objectives keep their sign in the picture, and the steps lead to the worse side", "[search]") {
    // One front point: accuracy 0.9 at 10 ms. The border goes from worse latency to it and on to worse accuracy.
    using every = study<vd::exhaustive_search>;
    auto session = every::session();
    for (const auto& [accuracy, ms] : {std::array{0.9, 10.0}, std::array{0.5, 20.0}})
        session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, 1.0 * vd::joules{}});
    const auto svg = vd::front_svg(session.result(), "one");
    REQUIRE(xml::complaint(svg) == "");
    const auto begin = svg.find("points=\"") + 8;
    double x[3]{}, y[3]{};
    REQUIRE(std::sscanf(svg.c_str() + begin, "%lf,%lf %lf,%lf %lf,%lf", &x[0], &y[0], &x[1], &y[1], &x[2], &y[2]) == 6);
    REQUIRE(x[0] == x[1]);
    REQUIRE(y[0] == 50); // top: more latency
    REQUIRE(y[1] > 50);
    REQUIRE(y[2] == y[1]);
    REQUIRE(x[2] == 90); // left: less accuracy
    REQUIRE(x[1] > 90);
}

TEST_CASE("a picture without a front, without trials, or with strange values is a picture, too", "[search]") {
    using every = study<vd::exhaustive_search>;
    auto session = every::session();
    REQUIRE(xml::complaint(vd::front_svg(session.result(), "nothing")) == "");
    session.tell_failure(session.ask(1).front(), "no");
    REQUIRE(xml::complaint(vd::front_svg(session.result(), "only a failure")) == "");
    session.tell(session.ask(1).front(), {0.5, 20.0 * vd::milliseconds{}, 1000.0 * vd::joules{}});
    session.tell(session.ask(1).front(), {0.6, std::numeric_limits<double>::infinity() * vd::seconds{}, 1.0 * vd::joules{}});
    const auto infeasible = vd::front_svg(session.result(), "only infeasible trials");
    REQUIRE(xml::complaint(infeasible) == "");
    REQUIRE(infeasible.find("<polyline") == std::string::npos);
    session.tell(session.ask(1).front(), {0.0, 0.0 * vd::milliseconds{}, 1.0 * vd::joules{}});
    REQUIRE(xml::complaint(vd::front_svg(session.result(), "zeros")) == "");
}

TEST_CASE("trials far behind the front are counted, not drawn", "[search]") {
    using every = study<vd::exhaustive_search>;
    auto session = every::session();
    for (const auto& [accuracy, ms] : {std::array{0.9, 10.0}, std::array{0.8, 5.0}, std::array{0.7, 15.0}, std::array{0.75, 5000.0}})
        session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, 1.0 * vd::joules{}});
    const auto svg = vd::front_svg(session.result(), "far");
    REQUIRE(svg.find(">1 trial beyond the picture<") != std::string::npos);
}

TEST_CASE("of more than two objectives the first two are drawn", "[search]") {
    using three = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::minimize<vd::energy>, vd::exhaustive_search>;
    const auto svg = vd::front_svg(three{measure, power}.run({.trials = 1000}), "three");
    REQUIRE(xml::complaint(svg) == "");
    REQUIRE(svg.find("energy") == std::string::npos);
}
