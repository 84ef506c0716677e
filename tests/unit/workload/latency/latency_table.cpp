#include <verdant/workload/latency/latency_csv.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <verdant/evaluators/table_latency.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/units.hpp>

#include "catch.hpp"

#include <cmath>
#include <string>

using namespace verdant;
using Catch::Contains;

TEST_CASE("keys of layers") {
    const workload::mobile_block block{
        .in = 24, .mid = 72, .out = 40, .kernel = 5, .stride = 2, .expand = 3, .act = workload::nonlinearity::h_swish, .se = true};
    CHECK(workload::latency_key(block, 56, workload::latency_keys::mobilenet_v3) ==
          "expanded_conv-input:56x56x24-output:28x28x40-expand:72-kernel:5-stride:2-idskip:0-se:1-hs:1");
    CHECK(workload::latency_key(block, 56, workload::latency_keys::proxyless) ==
          "expanded_conv-input:56x56x24-output:28x28x40-expand:3-kernel:5-stride:2-idskip:0");
    CHECK(workload::latency_key("Conv", 15, 3, 8, 16) == "Conv-input:15x15x3-output:8x8x16");
}

TEST_CASE("a table refuses what is no latency") {
    workload::latency_table table{"phone.yaml"};
    table.add("Conv", {.mean = 1.5, .spread = 0.1, .count = 3});
    CHECK(table.mean("Conv") == 1.5);
    CHECK_THROWS_WITH(table.add("Conv", {.mean = 2}), Contains("phone.yaml, Conv") && Contains("twice"));
    CHECK_THROWS_WITH(table.add("Conv_1", {.mean = -2}), Contains("phone.yaml, Conv_1"));
    CHECK_THROWS_WITH(table.mean("Conv_2"), Contains("phone.yaml, Conv_2") && Contains("no such key"));
    CHECK_THROWS_WITH(workload::table_of({}, 160), Contains("resolution 160"));
}

TEST_CASE("tables from CSV") {
    const auto tables = workload::parse_latency_csv("resolution,key,count,mean_ms,std_ms\n160,Conv,4,1.5,0.5\n224,Conv,4,2.5,0.5\n", "lut.csv");
    CHECK(workload::table_of(tables, 224).mean("Conv") == 2.5);
    CHECK_THROWS_WITH(workload::table_of(tables, 192), Contains("from 160 to 224"));
    CHECK(workload::parse_latency_csv("key,count,mean_ms,var_ms2\nConv,4,1.5,0.5\n", "lut.csv", 96).at(96).entries().at("Conv").spread ==
          std::sqrt(0.5));
    CHECK_THROWS_WITH(workload::parse_latency_csv("key,count,mean_ms,std_ms,var_ms2\nConv,4,1,1,0.5\n", "lut.csv"),
                      "verdant: lut.csv, header: expected std_ms or var_ms2, found both");
    CHECK_THROWS_WITH(workload::parse_latency_csv("key,count,mean_ms,var_ms2\nConv,4,1.5,-0.5\n", "lut.csv"), Contains("spread"));
    CHECK_THROWS_WITH(workload::parse_latency_csv("key,count,mean_ms,var_ms2\nConv,4,fast,0.5\n", "lut.csv"),
                      Contains("line 2") && Contains("mean_ms"));
    CHECK_THROWS_WITH(workload::parse_latency_csv("key,count,mean_ms\nConv,4,1\n", "lut.csv"), Contains("var_ms2"));
    for (const std::string count : {"nan", "1e300", "-1", "2.5"})
        CHECK_THROWS_WITH(workload::parse_latency_csv("key,count,mean_ms,std_ms\nConv," + count + ",1.5,0.5\n", "lut.csv"),
                          Contains("lut.csv, line 2, column 'count'"));
    for (const std::string side : {"nan", "1e300", "0", "2.5"})
        CHECK_THROWS_WITH(workload::parse_latency_csv("resolution,key,count,mean_ms,std_ms\n" + side + ",Conv,4,1.5,0.5\n", "lut.csv"),
                          Contains("lut.csv, line 2, column 'resolution'"));
    CHECK_THROWS_AS(workload::parse_latency_csv("key,count,mean_ms,std_ms\nConv,4,1.5,0.5\n", "lut.csv", 0), input_error);
    CHECK_THROWS_WITH(workload::parse_latency_csv("resolution,key,count,mean_ms,std_ms\n-3,Conv,4,1.5,0.5\n", "lut.csv"), Contains("resolution"));
}

namespace {

struct tiny : spaces::once_for_all<spaces::constant_memory_family({}, 10, 2), choices<32, 64>, choices<3, 5>, choices<1, 2>, choices<1, 2>> {};
struct design : space<nest<"net", tiny>, param<"cores", choices<1, 2>>> {};

/// An entry for every layer of the networks of one size.
workload::latency_table complete(int image) {
    workload::latency_table table{"tiny.csv"};
    double next = 1;
    const auto add = [&](const std::string& key) {
        if (!table.has(key)) table.add(key, {.mean = next++});
    };
    for (const int k : {3, 5})
        for (const double e : {1.0, 2.0}) {
            tiny::arch_type a = spaces::largest_arch<tiny>();
            a.image_size = image;
            a.ks.fill(k);
            a.e.fill(e);
            const auto net = spaces::net_of(tiny::family, a);
            int side = workload::first_map_side(net);
            add(workload::latency_key("Conv", image, 3, side, 3));
            for (const auto& b : net.blocks) {
                add(workload::latency_key(b, side, workload::latency_keys::mobilenet_v3));
                side = workload::strided(side, b.stride);
            }
            add(workload::latency_key("Conv_1", side, 384, side, 392));
            add(workload::latency_key("AvgPool2D", side, 392, 1, 392));
            add(workload::latency_key("Conv_2", 1, 392, 1, 392));
            add("Logits-input:1x1x392-output:10");
        }
    return table;
}

} // namespace

TEST_CASE("latency of points is the sum over their networks") {
    const table_latency<tiny> evaluate{{{64, complete(64)}}};
    random_stream random{3};
    int checked = 0;
    for (int i = 0; i < 40; ++i) {
        const auto p = sample<tiny>(random);
        if (p.get<"image_size">() != 64) {
            CHECK_THROWS_WITH(evaluate(p), Contains("resolution 32"));
            continue;
        }
        ++checked;
        CHECK(in<milliseconds>(evaluate(p).get<latency>()) ==
              Approx(in<milliseconds>(workload::latency_of(spaces::net_of(p), complete(64)))).epsilon(1e-12));
    }
    CHECK(checked > 0);
    // A missing key is named, and only where it is needed.
    workload::latency_table partial{"partial.csv"};
    const auto all = complete(64);
    for (const auto& [key, entry] : all.entries())
        if (key.find("-kernel:5-") == std::string::npos) partial.add(key, entry);
    const table_latency<tiny> some{{{64, partial}}};
    const auto small = point<tiny>{}.with<"image_size", 64>();
    CHECK_NOTHROW(some(small));
    CHECK_THROWS_WITH(some(small.with<"stage1.block0.kernel", 5>()),
                      Contains("partial.csv") && Contains("expanded_conv-input:") && Contains("-kernel:5-"));
}

TEST_CASE("networks inside larger and smaller spaces") {
    const auto p = point<design>{}.with<"net.stage2.block0.kernel", 5>().with<"cores", 2>();
    CHECK(spaces::network_of(p) == point<tiny>{}.with<"stage2.block0.kernel", 5>());
    using fixed = fix<tiny, "image_size", 64>;
    CHECK(spaces::network_of(point<fixed>{}).get<"image_size">() == 64);
    struct outer : space<nest<"net", fixed>, param<"cores", choices<1, 2>>> {};
    CHECK(spaces::network_of(point<outer>{}).get<"image_size">() == 64);
    STATIC_REQUIRE(spaces::holds_network<design>);
    STATIC_REQUIRE_FALSE(spaces::holds_network<spaces::elastic_block<choices<3>, choices<1>>>);
}
