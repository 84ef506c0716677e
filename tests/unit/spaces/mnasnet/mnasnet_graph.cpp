#include <verdant/spaces/graph/mnasnet_graph.hpp>

#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search/search.hpp>
#include <verdant/spaces/mnasnet/mnasnet_costs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>

#include "catch.hpp"
#include "laws/sequence_space.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vd = verdant;
namespace spaces = verdant::spaces;
using spaces::mnasnet;

TEST_CASE("networks of MnasNet are chains of their layers", "[spaces]") {
    const auto g = spaces::graph_of(spaces::efficientnet_b0);
    CHECK(g.nodes() == 16);
    CHECK(g.edges.edges() == 15);
    const auto row = [&g](std::size_t n) { return std::vector<float>(g.row(static_cast<vd::graph::node>(n)).begin(), g.row(static_cast<vd::graph::node>(n)).end()); };
    CHECK(row(0) == std::vector<float>{0, 0, 0, 0, 1});
    CHECK(row(4) == std::vector<float>{2, 1, 2, 1, 1}); // the second layer of block 2: expansion 6, kernel 5
    CHECK(row(14) == std::vector<float>{5, 3, 2, 1, 1});
    CHECK(spaces::graph_of(spaces::mnasnet_named("zcu102-c")).row(0)[4] == 0.0F); // no squeeze-and-excitation
    laws::obeys_sequence_space_laws<mnasnet>();
    laws::obeys_sequence_space_laws<spaces::mnasnet_1d>();
}

TEST_CASE("the blocks of MnasNet are its units, which reduced spaces choose from", "[spaces]") {
    STATIC_REQUIRE(vd::unit_space<mnasnet>);
    CHECK(vd::unit_parameters<mnasnet>(5) == std::vector<std::uint32_t>{20, 21, 22, 23});
    // Of each block two choices are left: the first of everything, and the most of everything.
    vd::reduced_space<mnasnet>::modules_type modules;
    for (auto& of_block : modules) of_block = {{vd::point<mnasnet>{}, 2}, {spaces::largest_mnasnet, 1}};
    const vd::reduced_space<mnasnet> reduced{modules};
    CHECK(reduced.cardinality() == 128);
    CHECK(reduced.contains(spaces::largest_mnasnet));
    CHECK_FALSE(reduced.contains(spaces::efficientnet_b0));
    const auto least = [](const vd::point<mnasnet>& p) { return vd::metrics<vd::parameters>{static_cast<double>(spaces::cost_of(p).parameters)}; };
    using study = vd::search<mnasnet, vd::minimize<vd::parameters>, vd::within<vd::reduced_space<mnasnet>, vd::random_search>>;
    const auto result = study{least}.run({.trials = 128, .seed = 1, .optimizer = {.region = reduced, .optimizer = {}}});
    for (const auto& t : result.trials()) REQUIRE(reduced.contains(t.point));
    REQUIRE(result.front().size() == 1);
    CHECK(result.front()[0].point == vd::point<mnasnet>{});
}
