#include <verdant/spaces/autobuild/module_point.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/spaces/reduced/score_order.hpp>

#include "golden/autobuild/configs.hpp"
#include "golden/golden.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

using namespace verdant;
using golden::json;

namespace {

using mbv3 = spaces::ofa_mobilenet_v3<1.2>;
using pn = spaces::ofa_proxyless<>;

/// A module as the files have it: a list of blocks, or a pair of lists.
template <class S>
spaces::mbconv_units blocks_of(const json& module) {
    spaces::mbconv_units units;
    const auto list = [&](const json& blocks) {
        auto& unit = units.emplace_back();
        for (const auto& b : blocks) unit.push_back(spaces::block_from_text(b.get<std::string>(), spaces::mbconv_family_of<S>, "golden"));
    };
    if (module.at(0).is_array())
        for (const auto& blocks : module) list(blocks);
    else list(module);
    return units;
}

template <class S>
void check_top(const golden::file& f, const json& file, const json& labels) {
    golden::summary summary{f.name, 1e-12};
    typename reduced_space<S>::modules_type scored;
    for (std::size_t u = 0; u < scored.size(); ++u)
        for (const auto& m : labels.at(std::to_string(u + 1)))
            scored[u].push_back({spaces::module_point<S>(u, blocks_of<S>(m.at("config"))), m.at("score").get<double>()});
    const auto k = file.at("k").get<std::size_t>();
    const auto reduced = reduced_to_best<S>(scored, std::array{k}).at("image_size", "224");
    summary.equal("total", file.at("total").get<std::string>(), reduced.cardinality().to_string());
    const auto& expected = file.at("search_space");
    summary.equal("units", expected.size(), reduced.modules().size());
    for (std::size_t u = 0; u < expected.size(); ++u) {
        summary.next_row();
        summary.equal("modules", expected[u].size(), reduced.modules(u).size());
        for (std::size_t m = 0; m < expected[u].size(); ++m)
            summary.equal("module", true, blocks_of<S>(expected[u][m]) == spaces::module_blocks<S>(u, reduced.modules(u)[m].values));
    }
    score_order<S> order{reduced};
    for (const auto& entry : file.at("order_first50")) {
        summary.next_row();
        const auto next = order.next();
        REQUIRE(next.has_value());
        summary.compare("score_sum", entry.at("score_sum").get<double>(), next->score);
        for (std::size_t u = 0; u < entry.at("units").size(); ++u)
            summary.equal("unit", true, blocks_of<S>(entry.at("units")[u]) == spaces::module_blocks<S>(u, next->who));
    }
}

} // namespace

TEST_CASE("The best modules, and the order of their combinations, are the published ones", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/topk_*.json")) {
        const auto labels = golden::find_with("autobuild/units_*.json", f.star);
        if (!labels) continue;
        auto file = golden::read_json(f.path);
        file["total"] = file.at("total").dump();
        const auto top = golden::read_json(labels->path).at("top25");
        if (golden::autobuild_family(f.star) == spaces::mbconv_family::pn) check_top<pn>(f, file, top);
        else check_top<mbv3>(f, file, top);
    }
}
