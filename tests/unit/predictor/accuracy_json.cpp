#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/predictor/accuracy_json.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include "catch.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace spaces = verdant::spaces;
namespace io = verdant::io;

namespace {

struct temporary_file {
    std::string path = (std::filesystem::temp_directory_path() / "verdant_accuracy_json.dict").string();
    temporary_file() = default;
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file() { std::filesystem::remove(path); }
};

} // namespace

TEST_CASE("accuracies of Once-for-All's form are read in their order and written back", "[spaces]") {
    using space = spaces::moofa_v2;
    const temporary_file file;
    std::vector<spaces::accuracy_record<space>> records(2);
    records[0] = {.arch = spaces::largest_arch<space>(), .accuracy = 0.75};
    records[1] = {.arch = spaces::smallest_arch<space>(), .accuracy = 0.5};
    records[1].arch.e[3] = 1.5;
    for (auto& r : records) r.peak_memory = verdant::workload::peak_memory(spaces::net_of(space::family, r.arch));
    spaces::write_accuracy_json<space>(file.path, records);
    CHECK((spaces::read_accuracy_json<space>(file.path) == records));
    const auto text = io::read_json<nlohmann::ordered_json>(file.path);
    CHECK(text.begin().key() ==
          R"({"ks":[7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7],"e":[2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2],"d":[4,4,4,4,4],"image_size":224})");
    CHECK(text.begin().value() == 75.0);
}

TEST_CASE("what is no such file of accuracies is refused by its sub-network", "[spaces]") {
    using space = spaces::ofa_mobilenet_v3<>;
    const temporary_file file;
    const auto refusal = [&file](const nlohmann::json& content) -> std::string {
        io::write_json(file.path, content);
        try {
            (void)spaces::read_accuracy_json<space>(file.path);
        } catch (const verdant::input_error& e) { return e.what(); }
        return "accepted";
    };
    CHECK_THAT(refusal(nlohmann::json::array()), Catch::Contains("expected an object of sub-networks and their accuracies, found array"));
    CHECK_THAT(refusal({{"{", 70}}), Catch::Contains("expected JSON"));
    CHECK_THAT(refusal({{"{}", 70}}), Catch::Contains("sub-network {}: expected an object with an image_size"));
    CHECK_THAT(refusal({{R"({"image_size":128,"ks":[3]})", 70}}), Catch::Contains("expected a list ks of 20 numbers, found [3]"));
    const auto whole = [](int depth) {
        const std::vector kernels(20, 3);
        const std::vector depths(5, depth);
        return nlohmann::json{{"image_size", 128}, {"ks", kernels}, {"e", kernels}, {"d", depths}}.dump();
    };
    CHECK_THAT(refusal({{whole(2), 101}}), Catch::Contains("expected an accuracy from 0 to 100 per cent, found 101"));
    CHECK_THAT(refusal({{whole(5), 70}}), Catch::Contains("d[0]: expected a depth from 1 to 4, found 5") && Catch::Contains("sub-network {"));
    // Numbers that no network has, which would overflow the sizes of its maps.
    const auto with = [&whole](const char* key, const nlohmann::json& value) {
        auto arch = nlohmann::json::parse(whole(2));
        arch[key] = value;
        return arch.dump();
    };
    for (const auto& size : {nlohmann::json(0), nlohmann::json(-128), nlohmann::json(std::int64_t{1} << 40)})
        CHECK_THAT(refusal({{with("image_size", size), 70}}), Catch::Contains("expected an image_size from 1 to 8192, found " + size.dump()));
    CHECK_THAT(refusal({{with("ks", std::vector<std::int64_t>(20, std::int64_t{1} << 33)), 70}}),
               Catch::Contains("expected ks from 0 to 99, found 8589934592"));
    CHECK_THAT(refusal({{with("e", std::vector<double>(20, 1e300)), 70}}), Catch::Contains("expected e from 0 to 99.0, found 1e+300"));
    CHECK(refusal({{whole(2), 70}}) == "accepted");
}
