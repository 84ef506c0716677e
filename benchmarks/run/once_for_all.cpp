// Once-for-All networks: closed-form peak memory and MACs of points per second, from the tables and layer by layer; latency from a lookup table; the
// operator graph of a network.

#include <verdant/evaluators/table_latency.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/mobile_graph.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace vd = verdant;
namespace spaces = verdant::spaces;
namespace wl = verdant::workload;

namespace {

template <class S>
std::vector<vd::point<S>> drawn() {
    vd::random_stream random{1};
    std::vector<vd::point<S>> points;
    for (int i = 0; i < 1024; ++i) points.push_back(vd::sample<S>(random));
    return points;
}

template <class S, class Work>
void over_points(benchmark::State& state, Work work) {
    const auto points = drawn<S>();
    for (auto _ : state)
        for (const auto& p : points) benchmark::DoNotOptimize(work(p));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(points.size()));
}

/// A table with an entry for every layer of the space, as a measurement would make it.
template <class S>
wl::latency_tables full_tables() {
    wl::latency_tables tables;
    for (std::size_t i = 0; i < S::images::size; ++i) {
        auto a = spaces::largest_arch<S>();
        a.image_size = static_cast<int>(S::images::value(i));
        wl::latency_table table{"benchmark"};
        const auto add = [&table](const std::string& key) {
            if (!table.has(key)) table.add(key, {1e-6 * static_cast<double>(key.size()), 0, 1});
        };
        for (std::size_t k = 0; k < S::kernels::size; ++k)
            for (std::size_t e = 0; e < S::expands::size; ++e) {
                a.ks.fill(static_cast<int>(S::kernels::value(k)));
                a.e.fill(static_cast<double>(S::expands::value(e)));
                const auto net = spaces::net_of(S::family, a);
                int side = wl::first_map_side(net);
                add(wl::latency_key("Conv", net.image_size, net.first_conv.in, side, net.first_conv.out));
                for (const auto& b : net.blocks) {
                    add(wl::latency_key(b, side, wl::keys_of(net)));
                    side = wl::strided(side, b.stride);
                }
                const auto &last = net.final_expand, &mix = net.feature_mix;
                add(wl::latency_key("Conv_1", side, last.in, side, last.out));
                add(wl::latency_key("AvgPool2D", side, last.out, 1, last.out));
                add(wl::latency_key("Conv_2", 1, mix.in, 1, mix.out));
                add("Logits-input:" + wl::map_text(1, mix.out) + "-output:" + std::to_string(net.classes));
            }
        tables.emplace(a.image_size, std::move(table));
    }
    return tables;
}

using ofa = spaces::ofa_mobilenet_v3<>;
using moofa = spaces::moofa_v3;

void peak_and_macs_ofa(benchmark::State& state) {
    over_points<ofa>(state, [](const auto& p) { return spaces::cost_of(p); });
}
void peak_and_macs_moofa(benchmark::State& state) {
    over_points<moofa>(state, [](const auto& p) { return spaces::cost_of(p); });
}
void layer_by_layer_moofa(benchmark::State& state) {
    over_points<moofa>(state, [](const auto& p) { return wl::cost_of(spaces::net_of(p)); });
}
void table_latency_ofa(benchmark::State& state) {
    const vd::table_latency<ofa> evaluate{full_tables<ofa>()};
    over_points<ofa>(state, [&](const auto& p) { return evaluate.latency_of(p); });
}
void operator_graph_moofa(benchmark::State& state) {
    over_points<moofa>(state, [](const auto& p) { return wl::operators(spaces::net_of(p)).operations.size(); });
}
void reachable_peaks_moofa(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(spaces::reachable_peaks<moofa>().size());
}

BENCHMARK(peak_and_macs_ofa);
BENCHMARK(peak_and_macs_moofa);
BENCHMARK(layer_by_layer_moofa);
BENCHMARK(table_latency_ofa);
BENCHMARK(operator_graph_moofa);
BENCHMARK(reachable_peaks_moofa);

} // namespace
