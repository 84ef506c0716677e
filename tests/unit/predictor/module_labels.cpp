#include "catch.hpp"
#include "unit/surrogate/graph/drawn_weights.hpp"

#include <verdant/error.hpp>
#include <verdant/predictor/module_labels.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace verdant;
using namespace verdant::predictor;

namespace {

surrogate::graph_predictor_weights drawn(spaces::mbconv_family family) {
    surrogate::graph_predictor_options o;
    o.width = 8;
    o.moment_hops = family == spaces::mbconv_family::pn ? 5 : 4;
    return drawn_weights(o, 1);
}

} // namespace

TEST_CASE("all modules are there once, in order, with the scores that each has alone") {
    for (const auto family : {spaces::mbconv_family::mbv3, spaces::mbconv_family::pn}) {
        const auto weights = drawn(family);
        const auto labels = label_modules(weights, family);
        REQUIRE(labels.modules.size() == (family == spaces::mbconv_family::pn ? 95823 : 36855));
        const surrogate::graph_predictor alone{weights};
        surrogate::graph_predictor::workspace w;
        const auto hops = weights.tensors.at("hop_moments").to<double>(), moments = weights.tensors.at("embed_layer.moment_tsr").to<double>();
        std::set<std::pair<std::size_t, std::string>> prefixes; // unit and blocks
        std::string before;
        for (std::size_t i = 0; i < labels.modules.size(); ++i) {
            const auto& m = labels.modules[i];
            REQUIRE(m.index == i);
            const auto units = predictor::units_of(m.module, family);
            // In order: by unit, then length, then blocks.
            std::string key{static_cast<char>('0' + m.module.unit), static_cast<char>('0' + m.module.size)};
            for (const auto& b : m.module.list()) key += {static_cast<char>('0' + b.expand), static_cast<char>('0' + b.kernel)};
            REQUIRE(before < key);
            before = key;
            for (std::size_t n = 1; n < units[0].size() + (units.size() == 1 ? 1 : 0); ++n)
                prefixes.emplace(n, key.substr(0, 1) + key.substr(2, 2 * n));
            if (units.size() == 2) prefixes.emplace(units[0].size(), key.substr(0, 1) + key.substr(2, 2 * units[0].size()));
            if (units.size() == 2) prefixes.emplace(units[0].size() + 1, key + " in two units");
            else prefixes.emplace(units[0].size(), key.substr(0, 1) + key.substr(2));
            if (i % 601 != 0) continue;
            float out = 0;
            const auto graph = spaces::module_graph(family, units, m.module.unit);
            alone.predict_hops(graph, {&out, 1}, w);
            const auto hop = m.module.hops(), place = 2 * ((m.module.unit - std::size_t{1}) * weights.options.moment_hops + hop);
            const double norm = w.nodes(hop).norm(graph.nodes() - 1);
            CHECK(m.norm == norm);
            CHECK(m.score == (norm - hops[hop]) / hops[weights.options.layers + 1 + hop] * moments[place + 1] + moments[place]);
        }
        // A layer is evaluated once for each distinct pair of a prefix and a hop that the prefix sees.
        std::size_t pairs = 0;
        for (const auto& [length, blocks] : prefixes) pairs += length - 1;
        CHECK(labels.layer_evaluations == pairs);
    }
}

TEST_CASE("labels in double precision are those in single, but for rounding") {
    const auto weights = drawn(spaces::mbconv_family::mbv3);
    const auto single = label_modules(weights, spaces::mbconv_family::mbv3);
    const auto exact = label_modules<double>(weights, spaces::mbconv_family::mbv3);
    REQUIRE(exact.modules.size() == single.modules.size());
    double off = 0, greatest = 0;
    for (std::size_t i = 0; i < exact.modules.size(); ++i) {
        off = std::max(off, std::abs(exact.modules[i].norm - single.modules[i].norm));
        greatest = std::max(greatest, exact.modules[i].norm);
    }
    CHECK(off > 0);
    CHECK(off < 1e-5 * greatest);
}

TEST_CASE("the best modules of a unit") {
    const auto labels = label_modules(drawn(spaces::mbconv_family::mbv3), spaces::mbconv_family::mbv3);
    for (std::size_t unit = 1; unit <= 5; ++unit) {
        const auto all = labels.of_unit(unit);
        REQUIRE(all.size() == 7371);
        const auto best = best_modules(labels, unit, 10);
        REQUIRE(best.size() == 10);
        for (std::size_t i = 0; i < best.size(); ++i) {
            CHECK(best[i].module.unit == unit);
            std::size_t better = 0;
            for (const auto& m : all) better += m.score > best[i].score || (m.score == best[i].score && m.index < best[i].index) ? 1 : 0;
            CHECK(better == i);
        }
    }
    CHECK(labels.of_unit(6).empty());
    CHECK(best_modules(labels, 1, 10000).size() == 7371);
    auto odd = labels;
    odd.modules[3].score = std::nan("");
    CHECK_THROWS_WITH(best_modules(odd, 1, 10), Catch::Contains("best modules, unit 1: expected finite scores, found nan for module 3"));
}

TEST_CASE("scales without a deviation are refused by the tensor that has them") {
    using Catch::Contains;
    const auto family = spaces::mbconv_family::mbv3;
    const auto with = [&](const std::string& tensor, std::size_t place, double value) {
        auto weights = drawn(family);
        const auto& there = weights.tensors.at(tensor);
        auto values = there.to<float>();
        values.at(place) = static_cast<float>(value);
        const auto shape = there.shape();
        surrogate::graph_predictor_weights out{weights.options, io::named_tensors{"drawn weights"}};
        for (const auto& [name, data] : weights.tensors) out.tensors.add(name, name == tensor ? io::tensor_data::of(shape, values) : data);
        return out;
    };
    const auto hops = drawn(family).options.layers + 1;
    CHECK_THROWS_WITH(
        label_modules(with("hop_moments", hops + 2, 0), family),
        "verdant: labels of modules, tensor hop_moments, hop 2: expected a deviation above 0, as of targets and norms that differ, found 0");
    CHECK_THROWS_WITH(label_modules(with("embed_layer.moment_tsr", 2 * (1 * 4 + 3) + 1, 0), family),
                      Contains("tensor embed_layer.moment_tsr, unit 2, hop 3: expected a deviation above 0"));
    CHECK_NOTHROW(label_modules(with("hop_moments", hops, 0), family)); // no module is read at hop 0
}

TEST_CASE("predictors that cannot label modules are refused") {
    using Catch::Matchers::Message;
    auto o = drawn(spaces::mbconv_family::mbv3).options;
    CHECK_THROWS_MATCHES(label_modules(drawn_weights(o, 1), spaces::mbconv_family::pn), input_error,
                         Message("verdant: labels of modules, tensor embed_layer.moment_tsr: expected at least 5 units and 5 hops for family pn, "
                                 "found 5 units and 4 hops"));
    o.undirected = true;
    CHECK_THROWS_AS(label_modules(drawn_weights(o, 1), spaces::mbconv_family::mbv3), input_error);
    o.undirected = false;
    o.layers = 2;
    CHECK_THROWS_MATCHES(label_modules(drawn_weights(o, 1), spaces::mbconv_family::mbv3), input_error,
                         Message("verdant: prefix tree, chains: expected at most 3 nodes, as many as a predictor of 2 layers sees, found 4"));
    o.features.pop_back();
    CHECK_THROWS_AS(label_modules(drawn_weights(o, 1), spaces::mbconv_family::mbv3), input_error);
}
