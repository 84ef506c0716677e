#include <verdant/io/document/json.hpp>
#include <verdant/spaces/once_for_all/elastic_arch.hpp>
#include <verdant/supernet/run_record.hpp>

#include "catch.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace supernet = verdant::supernet;

TEST_CASE("the record of a run has the keys of the original") {
    const auto folder = std::filesystem::temp_directory_path() / "verdant_run_record";
    std::filesystem::remove_all(folder);
    verdant::spaces::elastic_arch<2, 1> a{.ks = {3, 7}, .e = {1.5, 2}, .d = {2}, .image_size = 32};
    supernet::run_record r;
    r.predicted_accuracy = 0.5;
    r.real_accuracy = 0.25;
    r.peak_memory = 12345;
    r.config = supernet::arch_json(a);
    r.memory_history = {1, 12345};
    r.flops = 1.5;
    r.avg_forward_time = 0.125;
    supernet::write_record(folder / "below", r);
    const auto text = (folder / "below" / "info.json").string();
    const auto read = verdant::io::read_json<nlohmann::ordered_json>(text);
    std::vector<std::string> keys;
    for (const auto& [key, value] : read.items()) keys.push_back(key);
    CHECK(keys ==
          std::vector<std::string>{"predicted_accuracy", "real_accuracy", "peak_memory", "config", "memory_history", "flops", "avg_forward_time"});
    CHECK(read["peak_memory"].is_number_integer());
    CHECK(read["config"].dump() == R"({"ks":[3,7],"e":[1.5,2],"d":[2],"image_size":32})");
    CHECK(read["memory_history"] == std::vector<int>{1, 12345});
    CHECK_FALSE(read.contains("accuracy"));
    std::filesystem::remove_all(folder);
}
