// The calls of the original's graph drawing for one sub-network.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/workload/convnet/network_drawing.hpp>

#include <cstddef>
#include <string>

TEST_CASE("the picture of a sub-network", "[golden]") {
    for (const auto& f : golden::find_all("moofa/search/draw_arch_calls*.json")) {
        golden::summary rows{f.name, 0};
        const auto file = golden::read_json(f.path);
        const auto net =
            golden::spaces::net_of(golden::family_named(file.value("family", std::string{"MOOFA_V3"})).net, golden::arch_of(file.at("config")));
        const auto drawing = verdant::workload::drawing_of(net);
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
                // Accuracy and memory of the caption are the caller's words, set in large letters.
                const auto label = call.at(1).at("label").get<std::string>();
                const auto begin = label.find('>') + 1, end = label.rfind("</FONT>");
                REQUIRE((begin < end && end != std::string::npos));
                const auto caption = label.substr(begin, end - begin);
                rows.equal("caption", label, large(caption));
                rows.equal("label", true, verdant::workload::dot_text(drawing, caption).find("label=" + label) != std::string::npos);
            }
        }
        CHECK(nodes == drawing.nodes.size());
        CHECK(edges == drawing.edges.size());
    }
}
