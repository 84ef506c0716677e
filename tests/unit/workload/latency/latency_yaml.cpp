#include <verdant/workload/latency/latency_yaml.hpp>

#include "catch.hpp"

#include <cmath>
#include <filesystem>
#include <string>

using namespace verdant;
using Catch::Contains;

TEST_CASE("latency tables in YAML, both ways") {
    const auto table = workload::parse_latency_yaml("Conv-input:8x8x3-output:4x4x8:\n  count: 12\n  mean: 0.25\n  std: 0.5\n"
                                                    "Logits-input:1x1x8-output:10: {count: 3, mean: 1e-3, var: 2}\n",
                                                    "phone.yaml");
    CHECK(table.mean("Conv-input:8x8x3-output:4x4x8") == 0.25);
    CHECK(table.entries().at("Logits-input:1x1x8-output:10").spread == std::sqrt(2.0)); // a deviation, as all are
    CHECK(table.entries().at("Logits-input:1x1x8-output:10").count == 3);
    const auto again = workload::parse_latency_yaml(workload::latency_yaml(table), "again");
    CHECK(again.mean("Logits-input:1x1x8-output:10") == 1e-3);
    CHECK(workload::parse_latency_yaml(workload::latency_yaml(workload::latency_table{}), "empty").entries().empty());
}

TEST_CASE("any key comes back from YAML") {
    workload::latency_table table;
    for (const std::string key :
         {"a: b", "a #b", "- a", "\"quoted\" \\ and\ttab", "?", "", "*star", "a:", "null", "{x}", "line\nbreak", "Conv-input:8x8x3-output:4x4x8"})
        table.add(key, {.mean = 1, .spread = 0.5, .count = 2});
    const auto again = workload::parse_latency_yaml(workload::latency_yaml(table), "again");
    CHECK(again.entries().size() == table.entries().size());
    for (const auto& [key, entry] : table.entries()) {
        INFO(key);
        CHECK(again.has(key));
    }
    CHECK_THAT(workload::latency_yaml(table), Contains("\nConv-input:8x8x3-output:4x4x8:\n"));
}

TEST_CASE("a deviation beside a variance is refused") {
    CHECK_THROWS_WITH(workload::parse_latency_yaml("Conv: {mean: 1, std: 1, var: 2}\n", "phone.yaml"),
                      "verdant: phone.yaml, line 1, key 'Conv': expected std or var, found both");
}

TEST_CASE("numbers that a latency table cannot have are refused by line and key") {
    const auto parse = [](const std::string& entry) { return workload::parse_latency_yaml("Conv: {mean: 1, " + entry + "}\n", "phone.yaml"); };
    for (const std::string count : {"nan", "inf", "1e300", "-1", "2.5", "-1e300", "9223372036854775808"})
        CHECK_THROWS_WITH(parse("count: " + count), Contains("phone.yaml, line 1, key 'Conv': expected a count of measurements"));
    CHECK(parse("count: 1e3").entries().at("Conv").count == 1000);
    for (const std::string spread : {"nan", "inf", "-0.5"})
        CHECK_THROWS_WITH(parse("std: " + spread), Contains("phone.yaml, Conv") && Contains("spread"));
}

TEST_CASE("files that are no latency table") {
    CHECK_THROWS_WITH(workload::parse_latency_yaml("- 1\n- 2\n", "phone.yaml"), Contains("phone.yaml: expected a map"));
    CHECK_THROWS_WITH(workload::parse_latency_yaml("Conv: 3\n", "phone.yaml"), Contains("line 1, key 'Conv'") && Contains("mean"));
    CHECK_THROWS_WITH(workload::parse_latency_yaml("Conv: {mean: fast}\n", "phone.yaml"), Contains("key 'Conv'") && Contains("'fast'"));
    CHECK_THROWS_WITH(workload::parse_latency_yaml("Conv: {mean: 1\n", "phone.yaml"), Contains("phone.yaml, line"));
    CHECK_THROWS_AS(workload::read_latency_yaml("no such file.yaml"), file_error);
}
