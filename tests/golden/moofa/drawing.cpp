// The calls of the original's graph drawing for one sub-network.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/workload/network_drawing.hpp>

#include <cstddef>
#include <string>

TEST_CASE("the picture of a sub-network", "[golden]") {
    const auto path = golden::find("moofa/search/draw_arch_calls.json");
    if (!path) return;
    golden::summary rows{"moofa/search/draw_arch_calls.json", 0};
    const auto file = golden::read_json(*path);
    const auto drawing =
        verdant::workload::drawing_of(golden::spaces::net_of(golden::family_named("MOOFA_V3").net, golden::arch_of(file.at("config"))));
    const auto name = [](std::size_t i) { return "mojito-" + std::to_string(i); };
    const auto large = [](const std::string& text) { return "<<FONT POINT-SIZE=\"32\">" + text + "</FONT>>"; };
    std::size_t nodes = 0, edges = 0;
    for (const auto& call : file.at("calls")) {
        rows.next_row();
        if (call.at(0) == "node") {
            REQUIRE(nodes < drawing.nodes.size());
            const auto& node = drawing.nodes[nodes];
            rows.equal<std::string>("name", call.at(1), name(nodes++));
            rows.equal<std::string>("label", call.at(2), node.label);
            rows.equal<std::string>("color", call.at(3).at("color"), std::string{node.colour});
            rows.equal<std::string>("fontcolor", call.at(3).at("fontcolor"), std::string{node.font});
            rows.equal<std::string>("width", call.at(3).at("width"), node.width);
        } else if (call.at(0) == "edge") {
            REQUIRE(edges < drawing.edges.size());
            const auto& edge = drawing.edges[edges++];
            rows.equal<std::string>("from", call.at(1), name(edge.from));
            rows.equal<std::string>("to", call.at(2), name(edge.to));
            rows.equal<std::string>("label", call.at(3).at("label"), large(edge.label));
            rows.equal("weight", call.at(3).contains("weight"), edge.shortcut);
        } else if (call.at(0) == "attr") {
            const auto text = verdant::workload::dot_text(drawing, "acc: 73.30 mem: 381120.00");
            rows.equal("caption", true, text.find("label=" + call.at(1).at("label").get<std::string>()) != std::string::npos);
        }
    }
    CHECK(nodes == drawing.nodes.size());
    CHECK(edges == drawing.edges.size());
}
