// Operations and parameters of Accel-NASBench's records and networks.

#include "golden/anb/anb_networks.hpp"
#include "golden/golden.hpp"

#include <verdant/spaces/mnasnet/mnasnet_costs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/workload/convnet/mobile_net_1d.hpp>
#include <verdant/workload/convnet/thop_counts.hpp>

#include <cstdint>
#include <string>

namespace spaces = verdant::spaces;
namespace workload = verdant::workload;

namespace {

void compare_counts(golden::summary& rows, const golden::json& expected, const workload::thop_counts& found) {
    const auto equal = [&](const char* name, std::int64_t value) { rows.equal<std::int64_t>(name, expected.at(name).get<std::int64_t>(), value); };
    equal("params", found.parameters);
    equal("conv_macs", found.convolutions);
    equal("linear_macs", found.linear);
    equal("bn_elements", found.normalised);
    equal("pool_ops", found.pooled);
    if (expected.contains("thop_ops")) equal("thop_ops", found.operations());
}

} // namespace

TEST_CASE("operations and parameters of Accel-NASBench's records", "[golden]") {
    for (const auto& file : golden::find_all("anb/anb_dataset*.csv")) {
        golden::summary rows{file.name, 0};
        for (const auto& r : golden::read_csv(file.path)) {
            rows.next_row();
            const auto counts = spaces::thop_counts_of(golden::mnasnet_of(r));
            rows.compare("macs_M", std::stod(r.at("macs_M")), static_cast<double>(counts.operations()) / 1e6);
            rows.compare("params_M", std::stod(r.at("params_M")), static_cast<double>(counts.parameters) / 1e6);
        }
    }
}

TEST_CASE("counts of Accel-NASBench's networks by kind of layer", "[golden]") {
    for (const auto& file : golden::find_all("anb/net_flops_params*.json")) {
        golden::summary rows{file.name, 0};
        const auto all = golden::read_json(file.path);
        const int image_size = all.value("resolution", 224);
        for (const auto& one : all.at("configs")) {
            rows.next_row();
            const auto p = golden::mnasnet_of(one);
            const auto counts = workload::thop_counts_of(spaces::net_of(p, {.image_size = image_size}));
            compare_counts(rows, one, counts);
            if (image_size == 224) rows.equal("counts from the table", counts, spaces::thop_counts_of(p));
        }
    }
}

TEST_CASE("counts of Accel-NASBench's networks for signals", "[golden]") {
    for (const auto& file : golden::find_all("anb/net1d*.json")) {
        golden::summary rows{file.name, 0};
        for (const auto& one : golden::read_json(file.path)) {
            rows.next_row();
            const auto task = spaces::signal_task_named(one.at("dataset").get<std::string>());
            rows.equal("in_channels", one.at("in_channels").get<int>(), task.channels);
            rows.equal("length", one.at("length").get<int>(), task.length);
            rows.equal("num_classes", one.at("num_classes").get<int>(), task.classes);
            compare_counts(rows, one, workload::thop_counts_of(spaces::net_of(golden::mnasnet_1d_of(one.at("config")), task)));
        }
    }
}
