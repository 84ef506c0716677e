#include "catch.hpp"

#include <verdant/arrays/columns.hpp>
#include <verdant/error.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/search.hpp>

#include <xtensor/xindex_view.hpp>
#include <xtensor/xmath.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace vd = verdant;
namespace arrays = verdant::arrays;

namespace {

enum class act { relu, gelu };
struct net
    : vd::space<vd::param<"depth", vd::range<1, 3>>, vd::param<"rate", vd::choices<0.1, 0.5>>, vd::param<"act", vd::choices<act::relu, act::gelu>>,
                vd::param<"kind", vd::choices<"plain", "wide">>, vd::param<"bias", vd::flag>> {};
using study =
    vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::subject_to<vd::latency, vd::at_most<20>>, vd::exhaustive_search>;

vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>& p) {
    const auto depth = p.get<"depth">();
    if (depth == 2 && p.get<"bias">()) throw std::runtime_error{"no luck"};
    return {p.get<"rate">(), static_cast<double>(depth * 10) * vd::milliseconds{}};
}

const study::result_type& result() {
    static const auto found = study{measure}.run();
    return found;
}

} // namespace

TEST_CASE("columns hold what the trials hold", "[arrays]") {
    const auto& trials = result().trials();
    const auto table = arrays::columns(result());
    REQUIRE(table.size() == trials.size());
    const auto depth = table["depth"], rate = table["rate"], act_of = table["act"], kind = table["kind"], bias = table["bias"];
    const auto latency = table["latency"], ms = table.metric<vd::latency, vd::milliseconds>(), accuracy = table.metric<vd::accuracy>();
    const auto first = table.objective(0);
    const auto objectives = table.objectives();
    const auto mask = table.feasible();
    const auto violation = table.violation();
    for (std::size_t i = 0; i < trials.size(); ++i) {
        const auto& t = trials[i];
        REQUIRE(depth(i) == t.point.get<"depth">());
        REQUIRE(rate(i) == t.point.get<"rate">());
        REQUIRE(act_of(i) == static_cast<double>(t.point.get<"act">()));
        REQUIRE(kind(i) == (t.point.get<"kind">() == "wide" ? 1 : 0));
        REQUIRE(bias(i) == (t.point.get<"bias">() ? 1 : 0));
        REQUIRE(mask(i) == t.feasible());
        REQUIRE(violation(i) == t.violation);
        if (!t.completed()) {
            for (const double x : {latency(i), ms(i), accuracy(i), first(i), objectives(i, 1)}) REQUIRE(std::isnan(x));
            continue;
        }
        REQUIRE(latency(i) == vd::to_si(t.get<vd::latency>()));
        REQUIRE(ms(i) == vd::in<vd::milliseconds>(t.get<vd::latency>()));
        REQUIRE(accuracy(i) == t.get<vd::accuracy>());
        REQUIRE(first(i) == -t.get<vd::accuracy>()); // to be minimised
        REQUIRE(objectives(i, 0) == t.objectives[0]);
        REQUIRE(objectives(i, 1) == t.objectives[1]);
    }
}

TEST_CASE("columns work with the functions of xtensor", "[arrays]") {
    const auto table = arrays::columns(result());
    const auto accuracy = table["accuracy"];
    const xt::xtensor<double, 1> good = xt::filter(accuracy, table.feasible());
    const auto feasible = std::count_if(result().trials().begin(), result().trials().end(), [](const auto& t) { return t.feasible(); });
    CHECK(good.size() == static_cast<std::size_t>(feasible));
    CHECK(xt::amax(good)() == 0.5);
    CHECK(arrays::columns(result().front()).size() == result().size());
}

TEST_CASE("names of columns are listed, and a wrong one is refused with them", "[arrays]") {
    const auto table = arrays::columns(result());
    CHECK(table.names() == std::vector<std::string_view>{"depth", "rate", "act", "kind", "bias", "accuracy", "latency"});
    CHECK_THROWS_WITH(table["latncy"], "verdant: columns, metric: expected one of accuracy, latency, found 'latncy'; did you mean 'latency'?");
    CHECK_THROWS_WITH(table.parameter("width"), Catch::Contains("expected one of depth, rate, act, kind, bias, found 'width'"));
    CHECK_THROWS_AS(table.objective(2), vd::input_error);
}

TEST_CASE("a parameter is not a number where it does not exist", "[arrays]") {
    struct local : vd::space<vd::param<"local", vd::flag>, vd::when<vd::var<"local">, vd::param<"window", vd::choices<7, 9>>>> {};
    using search = vd::search<local, vd::maximize<vd::accuracy>, vd::exhaustive_search>;
    const auto found = search{[](const vd::point<local>&) { return vd::metrics<vd::accuracy>{0.5}; }}.run();
    const auto window = arrays::columns(found)["window"];
    REQUIRE(std::isnan(window(0)));
    REQUIRE((window(1) == 7 && window(2) == 9));
}
