#include <verdant/spaces/graph/sequence_graph.hpp>

#include <verdant/space/restrict.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/graph/clip_graph.hpp>
#include <verdant/spaces/graph/mbconv_graph.hpp>
#include <verdant/spaces/graph/resnet_graph.hpp>
#include <verdant/spaces/graph/transformer_graph.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>

#include "catch.hpp"
#include "laws/sequence_space.hpp"

#include <cstddef>
#include <vector>

namespace vd = verdant;
namespace spaces = verdant::spaces;
using edges = std::vector<vd::graph::edge>;

namespace sequence_graph_test {

struct layer : vd::space<vd::param<"kernel", vd::choices<1, 3>>, vd::param<"kind", vd::choices<"conv", "pool">>> {};
struct net : vd::space<vd::param<"depth", vd::range<1, 3>>, vd::param<"scale", vd::choices<0.5, 1.0>>, vd::repeat<"layer", 2, layer>,
                       vd::when<(vd::var<"depth"> > vd::val<2>), vd::nest<"last", layer>>> {};

/// Blocks with shortcuts, the second of which may be missing, and a branch beside them.
struct residual : vd::space<vd::param<"depth", vd::range<1, 3>>, vd::param<"branch", vd::choices<false, true>>,
                            vd::when<vd::var<"branch"> == vd::val<true>, vd::param<"width", vd::choices<8, 16>>>> {};

} // namespace sequence_graph_test

template <>
struct verdant::spaces::sequence_graph<sequence_graph_test::residual> {
    using columns = node_columns<category<"place", 5>>;
    static constexpr void describe(sequence_builder& g) {
        const auto stem = g.node({g.constant(0)});
        const auto first = g.node({g.constant(1)}, g.above("depth", 1));
        const auto second = g.node({g.constant(2)}, g.above("depth", 2));
        const auto head = g.node({g.constant(3)});
        g.link(stem, second);
        g.link(stem, head);
        g.link(first, head);
        g.chain();
        const auto branch = g.node({g.constant(4)}, g.above("width", 0));
        g.link(stem, branch);
    }
};

template <>
struct verdant::spaces::sequence_graph<sequence_graph_test::net> {
    using columns = node_columns<category<"place", 3>, category<"kind", 3>, category<"kernel", 2>, number<"scale">>;
    static constexpr void describe(sequence_builder& g) {
        for (int j = 0; j < 2; ++j)
            g.node({g.constant(j), g.choice(parameter_name{"layer.", j, ".kind"}, 1), g.position(parameter_name{"layer.", j, ".kernel"}, {3, 1}),
                    g.number("scale", 0.5, 0.25)},
                   g.above("depth", j));
        g.chain();
        g.node({g.constant(2), g.choice("last.kind"), g.choice("last.kernel"), g.constant(-1.5)});
    }
};

TEST_CASE("a point of one's own space is a graph of the nodes that exist there", "[spaces]") {
    using sequence_graph_test::net;
    static_assert(spaces::sequence_space<net>);
    static_assert(!spaces::sequence_space<sequence_graph_test::layer>);
    CHECK(spaces::columns_of<net>() == std::vector<vd::graph::node_column>{{"place", 3}, {"kind", 3}, {"kernel", 2}, {"scale", 0}});

    const auto small = spaces::graph_of(vd::point<net>{});
    CHECK(small.columns == 4);
    CHECK(small.features == std::vector<float>{0, 1, 1, 0});
    CHECK(small.edges.edges() == 0);

    const auto large = vd::point<net>{}.with<"depth", 3>().with<"scale", 1.0>().with<"layer.1.kernel", 3>().with<"layer.0.kind", "pool">().with<"last.kernel", 3>();
    const auto g = spaces::graph_of(large);
    CHECK(g.features == std::vector<float>{0, 2, 1, 2, 1, 1, 0, 2, 2, 0, 1, -1.5F});
    CHECK(edges_of(g.edges) == edges{{0, 1}}); // the last node is a chain of its own
    const std::vector<vd::point<net>> two{vd::point<net>{}, large};
    CHECK(spaces::graphs_of<net>(two) == std::vector<vd::graph::featured_graph>{small, g});
}

TEST_CASE("graphs that are no chains have edges between the nodes that exist, each once", "[spaces]") {
    using sequence_graph_test::residual;
    const auto of = [](const vd::point<residual>& p) { return edges_of(spaces::graph_of(p).edges); };
    constexpr vd::point<residual> one;
    CHECK(of(one.with<"depth", 3>()) == edges{{0, 1}, {1, 2}, {0, 2}, {2, 3}, {0, 3}, {1, 3}});
    CHECK(of(one.with<"depth", 2>()) == edges{{0, 1}, {1, 2}, {0, 2}}); // from the first block to the head: an edge of the chain
    CHECK(of(one) == edges{{0, 1}});
    CHECK(of(one.with<"branch", true>()) == edges{{0, 1}, {0, 2}});
    laws::obeys_sequence_space_laws<residual>(2);
}

TEST_CASE("sub-networks of Once-for-all are AutoBuild's graphs", "[spaces]") {
    const auto check = []<class S>(vd::point<S> p) {
        for (std::size_t step = 0; step < 300; ++step) {
            for (std::size_t i = 0; i < p.size(); ++i) p[i] = static_cast<typename vd::point<S>::index_type>((step * (i + 3) / 2 + i) % vd::view_of<S>.domain_size(i));
            p.canonicalise();
            REQUIRE(spaces::graph_of(p) == spaces::custom_graph(spaces::config_of(p)));
        }
    };
    check(vd::point<spaces::ofa_mobilenet_v3<1.2>>{});
    check(vd::point<spaces::ofa_proxyless<>>{});
    // Categories are those of the values, whichever others a space has.
    struct large_kernels : spaces::once_for_all<spaces::mobilenet_v3_family(), vd::choices<224>, vd::choices<5, 7>, vd::choices<6, 4>, vd::choices<2, 3, 4>> {};
    check(vd::point<large_kernels>{});
}

TEST_CASE("sub-networks of ResNet50D are a stem and bottlenecks", "[spaces]") {
    using space = spaces::ofa_resnet<>;
    vd::point<space> p;
    const auto least = spaces::graph_of(p);
    CHECK(least.nodes() == 1 + 2 + 2 + 4 + 2);
    CHECK(least.edges.edges() == least.nodes() - 1);
    p = p.with<"stem.depth", 2>().with<"stage3.depth", 2>().with<"stage3.width", 1.0>().with<"stage3.block3.expand", 0.25>().with<"image_size", 160>();
    const auto g = spaces::graph_of(p);
    CHECK(g.nodes() == least.nodes() + 2);
    CHECK(std::vector<float>(g.features.begin(), g.features.begin() + 5) == std::vector<float>{0, 1, 0, 0, -2});
    CHECK(std::vector<float>(g.features.end() - 5, g.features.end()) == std::vector<float>{4, 3, 1, 2, -2});
}

TEST_CASE("the towers of a CLIP are two chains", "[spaces]") {
    const auto p = vd::point<spaces::clip>{}.with<"text.layers", 7>().with<"vision.heads", 12>().with<"text.width", 512>();
    const auto g = spaces::graph_of(p);
    CHECK(g.nodes() == 13);
    CHECK(g.edges.edges() == 11);
    CHECK(g.edges.sources_of(7).empty()); // the first layer of the vision tower
    CHECK(std::vector<float>(g.row(6).begin(), g.row(6).end()) == std::vector<float>{0, 6, 0, 4, 0});
    CHECK(std::vector<float>(g.row(7).begin(), g.row(7).end()) == std::vector<float>{1, 0, 0, 0, 6});
    CHECK(spaces::graph_of(vd::point<spaces::clip_shares>{}).nodes() == 12);
    CHECK(spaces::graph_of(vd::point<spaces::clip_co_design>{}) == spaces::graph_of(vd::point<spaces::clip>{}));
}

TEST_CASE("truncated transformers are their layers", "[spaces]") {
    const auto p = vd::point<spaces::bert_base>{}.with<"layers", 8>().with<"ffn", 3072>().with<"heads", 6>();
    const auto g = spaces::graph_of(p);
    CHECK(g.nodes() == 8);
    CHECK(std::vector<float>(g.row(7).begin(), g.row(7).end()) == std::vector<float>{7, 8, 0, 1});
    CHECK(spaces::columns_of<spaces::bert_base>()[1] == vd::graph::node_column{"ffn", 9});
    CHECK(spaces::graph_of(vd::point<spaces::vit_base>{}).nodes() == 6);
    CHECK(spaces::graph_of(vd::point<spaces::llama_2_7b>{}).nodes() == 16);
    CHECK(spaces::columns_of<spaces::llama_3_1_8b>()[0].categories == 32);
    CHECK(spaces::graph_of(vd::point<vd::fix<spaces::bert_base, "heads", 12>>{}).nodes() == 6);
}

TEST_CASE("all descriptions keep the laws of spaces with graphs", "[spaces]") {
    using laws::obeys_sequence_space_laws;
    obeys_sequence_space_laws<spaces::ofa_mobilenet_v3<>>();
    obeys_sequence_space_laws<spaces::ofa_mobilenet_v3<1.2>>();
    obeys_sequence_space_laws<spaces::ofa_proxyless<>>();
    obeys_sequence_space_laws<spaces::ofa_resnet<>>();
    obeys_sequence_space_laws<spaces::clip>(2);
    obeys_sequence_space_laws<spaces::clip_shares>(2);
    obeys_sequence_space_laws<spaces::clip_co_design>(2);
    obeys_sequence_space_laws<spaces::bert_base>();
    obeys_sequence_space_laws<spaces::vit_base>();
    obeys_sequence_space_laws<spaces::llama_2_7b>();
    obeys_sequence_space_laws<spaces::llama_3_1_8b>();
}
