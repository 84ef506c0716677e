// A latency table for one's own device: measured layer by layer, kept in a file that an interruption does not harm, and used as an objective of a search.

#include <verdant/evaluators/network_costs.hpp>
#include <verdant/evaluators/table_latency.hpp>
#include <verdant/goal.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/latency_meter.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/latency_layers.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/latency/latency_collection.hpp>
#include <verdant/workload/latency/latency_csv.hpp>

#include <cstdio>
#include <vector>

namespace vd = verdant;

constexpr vd::spaces::mobile_family narrow{
    .first_conv = 8,
    .first_block = 8,
    .stages = {{{16, 2, vd::spaces::nonlinearity::relu, true, 2}, {24, 2, vd::spaces::nonlinearity::h_swish, false, 2}}},
    .stage_count = 2,
    .final_expand = 32,
    .feature_mix = 40,
    .classes = 10};

struct my_space : vd::spaces::once_for_all<narrow, vd::choices<24, 32>, vd::choices<3, 5>, vd::choices<2, 3>, vd::choices<1, 2>> {};

int main() {
    const char* const file = "own_latency.csv";
    std::remove(file);
    // [measure]
    const vd::nn::thread_scope threads{1};
    const vd::nn::latency_meter<vd::nn::cpu> meter{{.warm_up = 2, .repetitions = 20}}; // nn::cuda<> for a graphics card
    vd::workload::latency_collection collection{file, {"my_space", vd::nn::device_name(vd::nn::cpu::device()), 1}};
    vd::workload::collect_latencies(
        collection, {{24, vd::spaces::latency_layers<my_space>(24)}, {32, vd::spaces::latency_layers<my_space>(32)}},
        [&](const vd::workload::latency_layer& layer) -> vd::workload::latency_measurement {
            const auto t = meter(layer);
            return {{t.mean, t.deviation, t.count}, t.median};
        },
        [](const vd::workload::latency_progress& p) {
            if (p.done == p.all) std::printf("%zu layers measured\n", p.all);
        });
    // [/measure]

    // [search]
    using study = vd::search<my_space, vd::minimize<vd::latency>, vd::maximize<vd::parameters>, vd::nsga2<>>;
    const vd::table_latency<my_space> latency{vd::workload::read_latency_csv(file)};
    const auto found = study{latency, vd::network_costs{}}.run({.trials = 300, .seed = 2});
    // [/search]
    bool longer = found.size() > 1;
    for (const auto& t : found.front()) longer = longer && t.get<vd::latency>() > vd::si::time{};
    std::printf("a front of several networks: %s\n", longer ? "yes" : "no");

    // [whole]
    const auto net = vd::spaces::net_of(found.front().front().point);
    const auto sum = vd::in<vd::milliseconds>(vd::workload::latency_of(net, vd::workload::table_of(collection.tables(), net.image_size)));
    const auto whole = meter(net); // the network itself, for comparison
    // [/whole]
    std::printf("sum and network are of one order: %s\n", sum < 20 * whole.median && whole.median < 20 * sum ? "yes" : "no");
    std::remove(file);
}
