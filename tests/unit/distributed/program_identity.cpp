#include <verdant/distributed/job_messages.hpp>
#include <verdant/distributed/program_identity.hpp>

#include "catch.hpp"

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>

#include <string>
#include <utility>

namespace vd = verdant;

namespace {

struct net : vd::space<vd::param<"depth", vd::range<2, 4>>, vd::param<"width", vd::range<1, 200>>> {};
struct other_net : vd::space < vd::param<"depth", vd::range<2, 5>>, vd::param<"width", vd::range<1, 201>>, vd::param<"heads", vd::flag>,
    vd::where<vd::var<"depth"><vd::var<"width">>> {};

struct measure {
    template <class Space>
    vd::metrics<vd::accuracy, vd::latency> operator()(const vd::point<Space>&) const {
        return {0.5, 1.0 * vd::milliseconds{}};
    }
};
struct other_measure : measure {};

template <class Space, class... Goal>
vd::program_identity identity(const vd::search<Space, Goal...>& s) {
    using study = vd::search<Space, Goal...>;
    return vd::identity_of<Space, typename study::goals_type>(s.limits(), s.evaluators());
}
template <class Space>
using study_of = vd::search<Space, vd::maximize<vd::accuracy>, vd::subject_to<vd::latency, vd::at_most<50>>, vd::random_search>;

} // namespace

TEST_CASE("one program is the same as itself, also when that was sent", "[distributed]") {
    const study_of<net> s{measure{}}, again{measure{}};
    REQUIRE(identity(s) == identity(again));
    REQUIRE(vd::identity_difference_text<>(identity(s), identity(again)).empty());
    const auto bytes = vd::write_identity<>(identity(s));
    REQUIRE(vd::read_identity<>(bytes, "process 1") == identity(s));
    for (std::size_t n = 0; n < bytes.size(); ++n) REQUIRE_THROWS_AS(vd::read_identity<>({bytes.data(), n}, "process 1"), vd::input_error);
}

TEST_CASE("what differs between programs is named", "[distributed]") {
    const study_of<net> s{measure{}};
    const auto here = identity(s);
    const auto differs = [&](const vd::program_identity& there) { return vd::identity_difference_text<>(there, here); };

    const auto space = differs(identity(study_of<other_net>{measure{}}));
    REQUIRE_THAT(space, Catch::Contains("parameter depth: integer 2, 3, 4, 5 there, integer 2, 3, 4 here"));
    REQUIRE_THAT(space, Catch::Contains(", 199, 200, 201 there, ...")); // of long domains where they differ
    REQUIRE_THAT(space, Catch::Contains("parameter heads: there, none here"));
    REQUIRE_THAT(space, Catch::Contains("constraint "));
    REQUIRE(differs(identity(study_of<net>{other_measure{}})).find("evaluator 0: ") == 0);

    study_of<net> bounded{measure{}};
    bounded.at_most<vd::latency>(20.0 * vd::milliseconds{});
    REQUIRE_THAT(differs(identity(bounded)),
                 Catch::Contains("goal subject_to latency: from -inf to 0.02 (SI units) there, from -inf to 0.05 (SI units) here"));
    const vd::search<net, vd::maximize<vd::accuracy>, vd::random_search> fewer{measure{}};
    REQUIRE_THAT(differs(identity(fewer)), Catch::Contains("goal subject_to latency: none there"));

    auto built = here;
    built.lines[0][1] = "0123";
    REQUIRE(differs(built).find("build: 0123 there, ") == 0);
    built.lines[0][1].clear();
    REQUIRE(differs(built).find("build: unknown there, ") == 0);
    auto turned = here;
    std::swap(turned.lines[1], turned.lines[2]);
    REQUIRE(differs(turned) == "parameters, constraints, goals or evaluators: the order differs");
    // That builds differ says least, and comes last; of many differences eight are named.
    auto both = built;
    both.lines[1][1] = "verdant 0.0";
    REQUIRE(differs(both).find("library: ") == 0);
    auto many = here;
    for (int i = 0; i < 12; ++i) many.lines.push_back({"x" + std::to_string(i), ""});
    REQUIRE_THAT(differs(many), Catch::EndsWith("; and 4 more"));
}
