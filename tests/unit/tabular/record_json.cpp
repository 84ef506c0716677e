#include <verdant/error.hpp>
#include <verdant/space/text.hpp>
#include <verdant/tabular/record_json.hpp>

#include "catch.hpp"
#include "unit/tabular/toy_space.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

using namespace verdant;
using namespace verdant::tabular;
using nlohmann::ordered_json;
using test_tabular::toy;

namespace {

const record_schema schema{{{"val_top1", "val_top1", "%", 0, 100}}, {{"macs", "macs_M", "1e6"}}, {"latency_npu"}};

ordered_json sound() {
    return ordered_json::parse(
        R"({"architecture": {"width": 16, "kernel": 5, "excite": true}, "metrics": {"val_top1": 61.5}, "model_info": {"macs": 3.25},
        "platform_perf": {"latency_npu": {"latency_mean": 2.5, "latency_std": null}, "throughput_cpu": {"throughput_mean": 99.5, "throughput_std": 0.25}}})");
}

network_record<toy> read(const ordered_json& json) { return record_from_json<toy>(json, 7, "result_7.json", schema); }

struct folder {
    folder() : path{std::filesystem::temp_directory_path() / ("verdant_records_" + std::to_string(::getpid()))} {
        std::filesystem::create_directories(path);
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() { std::filesystem::remove_all(path); }
    void put(const std::string& name, const std::string& text) const { std::ofstream{path / name} << text; }
    std::filesystem::path path;
};

} // namespace

TEST_CASE("A record is read from JSON, with its units", "[tabular]") {
    const auto r = read(sound());
    CHECK(r.id == 7);
    CHECK(r.architecture == parse_point<toy>("width=16 kernel=5 excite=true"));
    REQUIRE(r.metrics.size() == 4);
    CHECK(r.find("val_top1")->mean == 61.5);
    CHECK(r.find("val_top1")->unit == "%");
    CHECK(r.find("latency_npu")->unit == "ms");
    CHECK_FALSE(r.find("latency_npu")->deviation);
    CHECK(r.find("throughput_cpu")->unit == "images/s");
    CHECK(r.find("throughput_cpu")->deviation == 0.25);
    CHECK(r.find("throughput_npu") == nullptr);
    CHECK(r.provenance.empty());

    auto words = sound();
    words["architecture"]["excite"] = "False"; // as Python programs write it
    words["provenance"] = {{"engine", "onednn"}};
    CHECK(read(words).architecture == parse_point<toy>("width=16 kernel=5 excite=false"));
    CHECK(read(words).provenance == std::vector<std::pair<std::string, std::string>>{{"engine", "onednn"}});

    auto missing = sound();
    missing["platform_perf"]["latency_npu"]["latency_mean"] = nullptr;
    CHECK(read(missing).find("latency_npu") == nullptr);
}

TEST_CASE("What is wrong in a record is refused by name", "[tabular]") {
    const auto refused = [](const std::string& pointer, const ordered_json& value, const std::string& said) {
        auto json = sound();
        const ordered_json::json_pointer place{pointer};
        if (value.is_discarded()) json.at(place.parent_pointer()).erase(place.back());
        else json[place] = value;
        INFO(pointer << " " << said);
        CHECK_THROWS_WITH(read(json), Catch::Contains("result_7.json") && Catch::Contains(said));
        CHECK_THROWS_AS(read(json), input_error);
    };
    const ordered_json gone(ordered_json::value_t::discarded); // braces would make a list of it
    refused("/architecture", gone, "architecture: expected a value, found nothing");
    refused("/architecture/width", gone, "width: expected a value, found nothing");
    refused("/architecture/width", 24, "width: expected one of 8, 16, 32, found 24");
    refused("/architecture/excite", "maybe", "excite");
    refused("/architecture/widht", 8, "did you mean 'width'?");
    refused("/metrics", gone, "metrics: expected a value, found nothing");
    refused("/metrics", 3, "metrics: expected an object, found number");
    refused("/metrics/val_top1", gone, "metrics.val_top1: expected a value, found nothing");
    refused("/metrics/val_top1", nullptr, "metrics.val_top1: expected a number, found null");
    refused("/metrics/val_top1", "61", "metrics.val_top1: expected a number or null, found \"61\"");
    refused("/metrics/val_top1", 100.5, "metrics.val_top1: expected a number from 0 to 100, found 100.5");
    refused("/metrics/val_top1", std::numeric_limits<double>::quiet_NaN(), "metrics.val_top1: expected a number from 0 to 100, found nan");
    refused("/metrics/val_top2", 3, "metrics.val_top2: expected a member that is known here, found 'val_top2'; did you mean 'val_top1'?");
    refused("/model_info/macs", -1, "model_info.macs: expected a number from 0 on, found -1");
    refused("/platform_perf/latency_npu", gone, "platform_perf.latency_npu: expected a value, found nothing");
    refused("/platform_perf/latency_npu", 2.5, "platform_perf.latency_npu: expected an object");
    refused("/platform_perf/latency_npu/latency_std", gone, "platform_perf.latency_npu.latency_std: expected a value, found nothing");
    refused("/platform_perf/latency_npu/latency_mean", 0, "platform_perf.latency_npu: expected a number above 0, found 0");
    refused("/platform_perf/throughput_cpu/throughput_mean", nullptr, "expected a mean beside the standard deviation, found null");
    refused("/platform_perf/throughput_cpu/throughput_std", -0.5, "standard deviation: expected a number from 0 on");
    refused("/platform_perf/lateny_npu", ordered_json::object(), "did you mean 'latency_npu'?");
    refused("/platform_pref", 1, "did you mean 'platform_perf'?");
    refused("/provenance", {{"threads", 4}}, "provenance.threads: expected a text, found 4");
    CHECK_THROWS_AS(read(ordered_json::array()), input_error);
}

TEST_CASE("Records are written whole, under their ids, and read back", "[tabular]") {
    const folder f;
    auto r = read(sound());
    r.provenance = {{"engine", "onednn"}, {"resolution", "192"}};
    const auto path = write_record(f.path.string(), r, schema);
    CHECK(std::filesystem::path{path}.filename() == "result_7.json");
    auto other = r;
    other.id = 12;
    other.set({"val_top1", 0.1 + 0.2, {}, "%"});
    write_record(f.path.string(), other, schema);
    f.put("log.txt", "no record");
    f.put("result_7.json.part-1-1", "half of one");
    CHECK(read_record<toy>(path, schema) == r);
    CHECK(read_records<toy>(f.path.string(), schema) == std::vector{r, other});

    f.put("result_012.json", "{}");
    CHECK_THROWS_WITH(read_records<toy>(f.path.string(), schema), Catch::Contains("result_012.json"));
    CHECK_THROWS_AS(read_records<toy>((f.path / "nowhere").string(), schema), file_error);
    CHECK_THROWS_WITH(read_record<toy>((f.path / "log.txt").string(), schema), Catch::Contains("result_<number>.json"));
}

TEST_CASE("A record that its schema does not fit is not written", "[tabular]") {
    auto r = read(sound());
    r.set({"loss", 1, {}, ""});
    CHECK_THROWS_WITH(record_json(r, schema), Catch::Contains("record 7, loss"));
    r = read(sound());
    r.set({"latency_npu", std::numeric_limits<double>::infinity(), {}, "ms"});
    CHECK_THROWS_WITH(record_json(r, schema), Catch::Contains("latency_npu"));
    r = read(sound());
    r.set({"val_top1", 61.5, 0.5, "%"}); // which would be lost
    CHECK_THROWS_WITH(record_json(r, schema), Catch::Contains("val_top1: expected no standard deviation"));
    r.set({"val_top1", 0.615, {}, "1"});
    CHECK_THROWS_WITH(record_json(r, schema), Catch::Contains("val_top1: expected a number in %, found one in '1'"));
    r = read(sound());
    r.set({"latency_npu", 0.0025, {}, "s"});
    CHECK_THROWS_WITH(record_json(r, schema), Catch::Contains("latency_npu: expected a number in ms, found one in 's'"));
    r = read(sound());
    std::erase_if(r.metrics, [](const recorded_metric& m) { return m.name == "macs"; });
    CHECK_THROWS_WITH(record_json(r, schema), Catch::Contains("macs: expected a number, found nothing"));
    r = read(sound());
    std::erase_if(r.metrics, [](const recorded_metric& m) { return m.name == "latency_npu"; });
    CHECK(record_json(r, schema)["platform_perf"]["latency_npu"]["latency_mean"].is_null());
}
