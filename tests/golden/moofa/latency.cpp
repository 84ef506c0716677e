// Latency tables of the Note 10 and of a ProxylessNAS phone, sums over networks.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"
#include "golden/moofa/specialized.hpp"

#include <verdant/spaces/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/ofa_proxyless.hpp>
#include <verdant/spaces/table_latency.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/latency_csv.hpp>
#include <verdant/workload/mobile_costs.hpp>

#include <cmath>
#include <string>

namespace spaces = verdant::spaces;
namespace workload = verdant::workload;

namespace {

// The resolutions of the table, as a space: every row of the golden is one of its points.
struct note10_space : spaces::once_for_all<spaces::mobilenet_v3_family(1.2), verdant::range<160, 224, 4>, spaces::published_kernels,
                                           verdant::choices<3, 4, 6>, spaces::published_depths> {};

double in_ms(const verdant::si::time& t) { return verdant::in<verdant::milliseconds>(t); }

} // namespace

TEST_CASE("latency on a Note 10", "[golden]") {
    const auto table_path = golden::find("moofa/latency/note10_lut.csv"), path = golden::find("moofa/latency/note10_golden.csv");
    if (!table_path || !path) return;
    const auto tables = workload::read_latency_csv(table_path->string());
    {
        golden::summary rows{"moofa/latency/note10_lut.csv", 0};
        CHECK(tables.size() == 17);
        for (const auto& r : golden::read_csv(*table_path)) {
            rows.next_row();
            const auto& table = workload::table_of(tables, std::stoi(r.at("resolution")));
            rows.compare("mean_ms", std::stod(r.at("mean_ms")), table.mean(r.at("key")));
            rows.equal("entries", std::size_t{96}, table.entries().size());
        }
    }
    {
        golden::summary rows{"moofa/latency/note10_golden.csv", 1e-12};
        const verdant::table_latency<note10_space> evaluate{tables};
        for (const auto& r : golden::read_csv(*path)) {
            rows.next_row();
            const auto a = golden::arch_of(r, {});
            const auto net = spaces::net_of(note10_space::family, a);
            const double expected = std::stod(r.at("latency_ms"));
            rows.compare("latency", expected, in_ms(workload::latency_of(net, workload::table_of(tables, net.image_size))));
            rows.compare("latency of the point", expected, in_ms(evaluate.latency_of(spaces::point_of<note10_space>(a))));
            rows.compare("flops_M", std::stod(r.at("flops_M")), static_cast<double>(workload::macs(net)) / 1e6);
        }
        CHECK(rows.rows() > 0);
    }
    if (const auto nets = golden::find("moofa/specialized/specialized_nets.json")) {
        golden::summary rows{"moofa/specialized/specialized_nets.json (latency)", 1e-12};
        const auto file = golden::read_json(*nets);
        for (const auto& j : file.at("nets")) {
            if (!j.contains("note10_lut_ms")) continue;
            rows.next_row();
            const auto net = golden::net_of(j);
            if (j.at("note10_lut_ms").is_null())
                CHECK_THROWS_AS(workload::latency_of(net, workload::table_of(tables, net.image_size)), verdant::input_error);
            else
                rows.compare("latency", j.at("note10_lut_ms").get<double>(),
                             in_ms(workload::latency_of(net, workload::table_of(tables, net.image_size))));
        }
        CHECK(rows.rows() == 7);
    }
}

TEST_CASE("the table of a ProxylessNAS phone", "[golden]") {
    const auto table_path = golden::find("moofa/latency/proxyless_mobile_trim_lut.csv"), nets = golden::find("moofa/latency/proxyless_nets.json");
    if (!table_path || !nets) return;
    const auto tables = workload::read_latency_csv(table_path->string());
    const auto& table = workload::table_of(tables, 224);
    {
        golden::summary rows{"moofa/latency/proxyless_mobile_trim_lut.csv", 0};
        for (const auto& r : golden::read_csv(*table_path)) {
            rows.next_row();
            rows.compare("mean_ms", std::stod(r.at("mean_ms")), table.mean(r.at("key")));
        }
        CHECK(rows.rows() == table.entries().size());
    }
    {
        golden::summary rows{"moofa/latency/proxyless_nets.json (missing keys)", 0};
        const auto file = golden::read_json(*nets);
        for (const auto& [name, net] : file.items()) {
            rows.next_row();
            auto key = net.at("missing_key").get<std::string>();
            key = key.substr(1, key.size() - 2);
            CHECK_FALSE(table.has(key));
            if (key.starts_with("Conv-")) // three of the nets differ from the table in their first layer
                CHECK(key == workload::latency_key("Conv", 224, 3, 112, name == "proxyless_mobile_14" ? 48 : 40));
            else
                CHECK(key == workload::latency_key({.in = 16, .mid = 48, .out = 32, .kernel = 5, .stride = 2, .expand = 3}, 112,
                                                   workload::latency_keys::proxyless));
        }
    }
    // The published width is not covered, and the message names what is missing; width 1 is covered but for the first block.
    const auto wide = spaces::net_of(verdant::point<spaces::ofa_proxyless<>>{}.with<"image_size", 224>());
    CHECK_THROWS_WITH(workload::latency_of(wide, table),
                      Catch::Contains("Conv-input:224x224x3-output:112x112x40") && Catch::Contains("proxyless_mobile_trim_lut.csv"));
}
