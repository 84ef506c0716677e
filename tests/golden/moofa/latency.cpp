// Latency tables of the Note 10 and of a ProxylessNAS phone, sums over networks.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"
#include "golden/moofa/specialized.hpp"

#include <verdant/evaluators/table_latency.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/latency/latency_csv.hpp>

#include <cmath>
#include <cstddef>
#include <map>
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
    const auto table_path = golden::find("moofa/latency/note10_lut.csv");
    if (!table_path) return;
    const auto tables = workload::read_latency_csv(table_path->string());
    {
        golden::summary rows{"moofa/latency/note10_lut.csv", 0};
        std::map<int, std::size_t> entries;
        const auto all = golden::read_csv(*table_path);
        for (const auto& r : all) ++entries[std::stoi(r.at("resolution"))];
        CHECK(tables.size() == entries.size());
        for (const auto& r : all) {
            rows.next_row();
            const auto& table = workload::table_of(tables, std::stoi(r.at("resolution")));
            rows.compare("mean_ms", std::stod(r.at("mean_ms")), table.mean(r.at("key")));
            rows.equal("entries", entries.at(std::stoi(r.at("resolution"))), table.entries().size());
            const auto& entry = table.entries().at(r.at("key"));
            rows.compare("std_ms", std::stod(r.at("std_ms")), entry.spread);
            rows.equal("count", std::stoll(r.at("count")), static_cast<long long>(entry.count));
        }
    }
    for (const auto& f : golden::find_all("moofa/latency/note10_golden*.csv")) {
        golden::summary rows{f.name, 1e-12};
        const verdant::table_latency<note10_space> evaluate{tables};
        for (const auto& r : golden::read_csv(f.path)) {
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
    for (const auto& f : golden::find_all("moofa/specialized/specialized_nets*.json")) {
        golden::summary rows{f.name + " (latency)", 1e-12};
        const auto file = golden::read_json(f.path);
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
    }
}

TEST_CASE("the table of a ProxylessNAS phone", "[golden]") {
    for (const auto& f : golden::find_all("moofa/latency/proxyless_*_lut.csv")) {
        const auto tables = workload::read_latency_csv(f.path.string());
        golden::summary rows{f.name, 0};
        std::map<int, std::size_t> entries;
        for (const auto& r : golden::read_csv(f.path)) {
            rows.next_row();
            const auto resolution = r.contains("resolution") ? std::stoi(r.at("resolution")) : tables.begin()->first;
            rows.compare("mean_ms", std::stod(r.at("mean_ms")), workload::table_of(tables, resolution).mean(r.at("key")));
            ++entries[resolution];
        }
        // What a table has not is named where it is asked for: the first layer of the published width, where that is missing.
        for (const auto& [resolution, count] : entries) {
            const auto& table = workload::table_of(tables, resolution);
            rows.equal("entries", count, table.entries().size());
            auto wide = spaces::net_of(verdant::point<spaces::ofa_proxyless<>>{}.with<"image_size", 224>());
            wide.image_size = resolution;
            const auto first =
                workload::latency_key("Conv", wide.image_size, wide.first_conv.in, wide.image_size / wide.first_conv.stride, wide.first_conv.out);
            if (!table.has(first))
                CHECK_THROWS_WITH(workload::latency_of(wide, table), Catch::Contains(first) && Catch::Contains(f.path.filename().string()));
        }
        // The keys that the table lacks for the published nets (missing_key) are in proxyless_nets.cpp.
    }
}
