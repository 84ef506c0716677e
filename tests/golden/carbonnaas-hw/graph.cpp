#include "golden/carbonnaas-hw/traced.hpp"

#include <verdant/workload/transformer/clip_configs.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wl = verdant::workload;

namespace {

std::string section_in_file(std::string_view name) {
    static const std::map<std::string, std::string, std::less<>> names{
        {"inputs", "-1"}, {"vision embedding", "-2"},       {"text embedding", "-3"},
        {"head", "-4"},   {"vision layer", "vision_layer"}, {"text layer", "text_layer"}};
    return names.at(std::string{name});
}

/// The configuration that a file's name means: `vitb16` is ViT-B-16; null where none has such a name.
const wl::clip_config* traced(const std::string& star) {
    const auto plain = [](std::string_view name) {
        std::string letters;
        for (const char ch : name)
            if (ch != '-') letters += static_cast<char>(std::tolower(static_cast<unsigned char>(ch)));
        return letters;
    };
    std::vector<std::string> names;
    for (const wl::named_clip& c : wl::clips) names.push_back(plain(c.name));
    const auto name = golden::longest_start(star, names);
    for (const wl::named_clip& c : wl::clips)
        if (plain(c.name) == name) return &c.config;
    return nullptr;
}

} // namespace

TEST_CASE("the traced graph is the original's, node by node", "[carbonnaas-hw]") {
    for (const auto& f : golden::find_all("carbonnaas-hw/graph_*_one_layer_each.json")) {
        const auto* const config = traced(f.star);
        if (config == nullptr) {
            golden::skip(f.name, "no CLIP is called " + f.star);
            continue;
        }
        golden::summary rows{f.name, 0};
        const wl::graph g = wl::trace(*config);
        const auto file = golden::read_json(f.path);
        CHECK(file.size() == g.nodes.size());
        std::vector<std::vector<int>> successors(g.nodes.size());
        for (std::size_t i = 0; i < g.nodes.size(); ++i)
            for (const auto p : g.nodes[i].inputs) successors[static_cast<std::size_t>(p)].push_back(static_cast<int>(i));
        for (const auto& row : file) {
            rows.next_row();
            const auto id = row.at("id").get<std::size_t>();
            REQUIRE(id < g.nodes.size());
            const wl::node& n = g.nodes[id];
            INFO("node " << id << ", " << n.name);
            const auto kind = golden::kind_of(row.at("mapped").get<std::string>());
            rows.equal("kind", std::string{wl::name(kind)}, std::string{wl::name(n.kind)});
            rows.equal("output", golden::shape_of(row.at("out").at(0)), n.output);
            auto expected_successors = row.at("succ").get<std::vector<int>>();
            std::sort(expected_successors.begin(), expected_successors.end());
            rows.equal("successors", expected_successors, successors[id]);
            rows.equal("section", row.at("layer").get<std::string>(), section_in_file(g.sections[static_cast<std::size_t>(n.section)].name));
            const auto part = row.at("component").get<std::string>();
            rows.equal("component", part == "init" || part == "output" ? std::string{} : part, std::string{wl::name(n.part)});
            if (wl::core_of(n.kind) == wl::core_kind::none && n.kind != wl::op_kind::sum) continue;
            // a function call saves an empty shape for its arguments that are not tensors; a module saves its weight instead
            std::vector<wl::shape> saved;
            for (const auto p : n.inputs) saved.push_back(g[p].output);
            saved.push_back(n.has_weight ? n.weight : wl::shape{});
            rows.equal("saved", true, golden::shapes_of(row.at("saved")) == saved);
        }
    }
}
