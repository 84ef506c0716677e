#include <verdant/predictor/accuracy_collection.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>

#include "catch.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <cstddef>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

using namespace verdant;
using namespace verdant::spaces;

namespace {

/// An empty folder that goes when the test ends.
struct folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("verdant-collection-" + std::to_string(::getpid()));
    folder() {
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
    }
    ~folder() { std::filesystem::remove_all(path); }
    [[nodiscard]] std::string file(const char* name) const { return (path / name).string(); }
};

double accuracy_of(const ofa_arch& a) {
    double sum = 0;
    for (const auto e : a.e) sum += e;
    return 0.5 + sum / 1000 + a.image_size / 10000.0;
}

const accuracy_collection_options few{.low = 250'000, .high = 1'000'000, .ranges = 5, .samples = 60, .attempts = 20'000, .save_every = 7, .seed = 3};

} // namespace

TEST_CASE("Every range that can be hit gets its samples, and the table keeps them exactly", "[spaces]") {
    const folder where;
    std::size_t heard = 0;
    const auto found =
        collect_accuracies<moofa_v3>(where.file("a.csv"), accuracy_of, few, [&](const auto&, std::size_t n) { REQUIRE(n == ++heard); });
    REQUIRE(heard == found.records.size());
    REQUIRE(found.counts.size() == 5);
    // No network of this space needs 700000 elements.
    CHECK(found.counts == std::vector<std::size_t>{12, 12, 12, 0, 0});
    CHECK_FALSE(found.complete);
    for (const auto& x : found.records) {
        CHECK(x.accuracy == accuracy_of(x.arch));
        CHECK(x.peak_memory == workload::peak_memory(net_of(moofa_v3::family, x.arch)));
    }
    CHECK((read_accuracy_table<moofa_v3>(where.file("a.csv")) == found.records));
}

TEST_CASE("A collection that was interrupted goes on as if it had not been", "[spaces]") {
    const folder where;
    const auto whole = collect_accuracies<moofa_v3>(where.file("whole.csv"), accuracy_of, few);
    for (const std::size_t die_at : {1U, 7U, 8U, 20U, 35U}) {
        const auto path = where.file("part.csv");
        std::filesystem::remove(path);
        std::size_t measured = 0;
        const auto mortal = [&](const ofa_arch& a) {
            if (measured++ == die_at) throw std::runtime_error{"power cut"};
            return accuracy_of(a);
        };
        REQUIRE_THROWS_AS(collect_accuracies<moofa_v3>(path, mortal, few), std::runtime_error);
        REQUIRE(read_accuracy_table<moofa_v3>(path).size() == die_at); // not only what was saved on the way
        measured = 0;
        const auto resumed = collect_accuracies<moofa_v3>(path, [&](const ofa_arch& a) { return ++measured, accuracy_of(a); }, few);
        CHECK((resumed.records == whole.records));
        CHECK(resumed.counts == whole.counts);
        CHECK(measured == whole.records.size() - die_at);
        CHECK(io::read_file(path) == io::read_file(where.file("whole.csv")));
    }
}

TEST_CASE("A table of other options or another seed is refused, and stays as it was", "[spaces]") {
    const folder where;
    const auto path = where.file("a.csv");
    static_cast<void>(collect_accuracies<moofa_v3>(path, accuracy_of, few));
    const auto before = io::read_file(path);
    auto other = few;
    other.seed = 4;
    CHECK_THROWS_AS(collect_accuracies<moofa_v3>(path, accuracy_of, other), input_error);
    CHECK_THROWS_AS(collect_accuracies<moofa_v1>(path, accuracy_of, few), input_error);
    CHECK(io::read_file(path) == before);
    io::write_file(path, "r,d\n1,2\n");
    CHECK_THROWS_AS(collect_accuracies<moofa_v3>(path, accuracy_of, few), input_error);
    other = few;
    other.ranges = 0;
    CHECK_THROWS_AS(collect_accuracies<moofa_v3>(where.file("b.csv"), accuracy_of, other), input_error);
}

TEST_CASE("An accuracy that is no share ends a collection, and what was measured before stays", "[spaces]") {
    const folder where;
    for (const double wrong : {75.0, std::numeric_limits<double>::quiet_NaN(), -0.1}) {
        const auto path = where.file("a.csv");
        std::filesystem::remove(path);
        std::size_t measured = 0;
        const auto percent = [&](const ofa_arch& a) { return ++measured == 4 ? wrong : accuracy_of(a); };
        REQUIRE_THROWS_WITH(collect_accuracies<moofa_v3>(path, percent, few),
                            Catch::Contains("expected an accuracy that is a share from 0 to 1, found "));
        CHECK(read_accuracy_table<moofa_v3>(path).size() == 3);
        std::vector<accuracy_record<moofa_v3>> records(1);
        records[0].accuracy = wrong;
        CHECK_THROWS_WITH(write_accuracy_table<moofa_v3>(path, records),
                          Catch::Contains("sample 1: expected an accuracy that is a share from 0 to 1"));
    }
}

TEST_CASE("Tables name the line and the column that is wrong", "[spaces]") {
    const folder where;
    const auto refused = [&](const std::string& row, const std::string& text) {
        io::write_file(where.file("t.csv"), "r,d,ks,e_idx,accuracy,peak_memory\n" + row + "\n");
        try {
            static_cast<void>(read_accuracy_table<moofa_v3>(where.file("t.csv")));
            FAIL("accepted");
        } catch (const input_error& e) { CHECK(std::string{e.what()}.find("line 2, column '" + text) != std::string::npos); }
    };
    const std::string d = "22222", ks(20, '3'), e(20, '0');
    refused("128,2222," + ks + "," + e + ",0.5,1", "d'");
    refused("128," + d + "," + ks + "," + std::string(20, '3') + ",0.5,1", "e_idx'");
    refused("128," + d + ",4" + std::string(19, '3') + "," + e + ",0.5,1", "ks': expected kernels of the space");
    refused("128," + d + "," + ks + "x," + e + ",0.5,1", "ks'");
    refused("128,22922," + ks + "," + e + ",0.5,1", "d': expected a depth from 1 to 4 for stage 3, found '22922'"); // which would count as 4
    refused("128,22202," + ks + "," + e + ",0.5,1", "d': expected a depth from 1 to 4 for stage 4");
    refused("128.5," + d + "," + ks + "," + e + ",0.5,1", "r'");
    refused("128," + d + "," + ks + "," + e + ",much,1", "accuracy'");
}
