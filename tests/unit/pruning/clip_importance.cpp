#include <verdant/pruning/clip_importance.hpp>
#include <verdant/pruning/importance_csv.hpp>
#include <verdant/pruning/importance_json.hpp>

#include "catch.hpp"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace supernet = verdant::supernet;

namespace {

/// A folder of its own that goes with the object.
struct scratch_folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("verdant_supernet_" + std::to_string(std::random_device{}()));
    scratch_folder() { std::filesystem::create_directory(path); }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder() { std::filesystem::remove_all(path); }
    [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
        std::ofstream{path / name, std::ios::binary} << text;
        return (path / name).string();
    }
};

template <class F>
std::string message(F&& f) {
    try {
        f();
    } catch (const verdant::error& e) { return e.what(); }
    return "accepted";
}

const supernet::importance_part heads_of_text{.vision = false, .heads = true};

} // namespace

TEST_CASE("units are ordered by falling score, equals as given", "[supernet]") {
    supernet::layer_importance units{{0, 0.5}, {1, 0.7}, {2, 0.5}, {3, 0.9}, {4, 0.7}};
    supernet::order_units(units);
    std::vector<int> order;
    for (const auto& u : units) order.push_back(u.index);
    CHECK(order == std::vector<int>{3, 1, 4, 0, 2});
    CHECK(supernet::keeping_order(units, 5, "x") == std::vector<std::int64_t>{2, 0, 4, 1, 3});
    CHECK(supernet::kept_units(units, 5, 3, "x") == std::vector<std::int64_t>{0, 2, 4});
    CHECK(supernet::kept_units(units, 5, 5, "x") == std::vector<std::int64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("a ranking of other units is refused", "[supernet]") {
    const supernet::layer_importance twice{{0, 1}, {0, 0}}, gap{{0, 1}, {2, 0}};
    CHECK(message([&] { (void)supernet::keeping_order(twice, 2, "text layer 3 heads"); }) ==
          "verdant: importance ranking, text layer 3 heads: expected each of 0 to 1 once, found 2 units that are not these");
    CHECK_THROWS_AS(supernet::keeping_order(gap, 2, "x"), verdant::input_error);
    CHECK_THROWS_AS(supernet::keeping_order(gap, 3, "x"), verdant::input_error);
    const supernet::layer_importance two{{0, 1}, {1, 0}};
    CHECK_THROWS_AS(supernet::kept_units(two, 2, 0, "x"), verdant::input_error);
    CHECK_THROWS_AS(supernet::kept_units(two, 2, 3, "x"), verdant::input_error);
}

TEST_CASE("measurements survive their file, and a killed run's half line is dropped", "[supernet]") {
    const scratch_folder folder;
    const auto path = (folder.path / "a.csv").string();
    const supernet::unit_measurement one{0, 1, {1.0 / 3, 0.1, 5e-7}}, two{11, 0, {0, 1, 0.125}};
    {
        supernet::measurement_log log{path, heads_of_text};
        log.add(one);
        log.add(two);
    }
    CHECK((supernet::read_measurements(path, heads_of_text) == std::vector{one, two}));
    std::ofstream{path, std::ios::app | std::ios::binary} << "text,11,1,0.5,0.5,0.";
    CHECK((supernet::read_measurements(path, heads_of_text) == std::vector{one, two}));
    supernet::measurement_log{path, heads_of_text}.add(one);
    CHECK((supernet::read_measurements(path, heads_of_text) == std::vector{one, two, one}));
    CHECK(supernet::read_measurements((folder.path / "none.csv").string(), heads_of_text).empty());
}

TEST_CASE("a file of another format is refused by line", "[supernet]") {
    const scratch_folder folder;
    const auto header = verdant::supernet::detail::csv_header(heads_of_text) + "\n";
    const auto refuse = [&](const std::string& text) {
        const auto path = folder.file("x.csv", text);
        const auto what = message([&] { (void)supernet::read_measurements(path, heads_of_text); });
        return what.substr(0, 9) == "verdant: " ? what.substr(9 + path.size()) : what;
    };
    CHECK(refuse("a,b\n").starts_with(", line 1: expected Text or Vision,Layer Number,Head Index Number"));
    CHECK(refuse(header + "vision,0,0,1,1,1,1,1\n") == ", line 2: expected text, layer, unit and five numbers, found vision,0,0,1,1,1,1,1");
    CHECK(refuse(header + "text,0,0,1,1,1,1,1\ntext,0,-1,1,1,1,1,1\n").starts_with(", line 3: "));
    CHECK(refuse(header + "text,0,0,1,1,1,1\n").starts_with(", line 2: "));
    CHECK(refuse(header + "text,0,0,1,1,1,1,1x\n").starts_with(", line 2: "));
    CHECK(refuse(header) == "accepted");
}

TEST_CASE("rankings survive their files, and others are refused by entry", "[supernet]") {
    const scratch_folder folder;
    const auto importance = supernet::importance_by_position({.text = {2, 16, 32, 2, 8}, .vision = {3, 24, 48, 3, 8}});
    CHECK(importance.vision.heads.size() == 3);
    CHECK(importance.vision.heads[1].front() == supernet::scored_unit{2, 0});
    supernet::write_importance(folder.path.string(), importance);
    CHECK(supernet::read_importance(folder.path.string()) == importance);
    const auto refuse = [&](const std::string& text) {
        const auto path = folder.file("ranking_head_text.json", text);
        const auto what = message([&] { (void)supernet::read_importance(folder.path.string()); });
        return what.starts_with("verdant: " + path) ? what.substr(9 + path.size()) : what;
    };
    CHECK(refuse("{}") == ": expected a list of layers, found object");
    CHECK(refuse("[[0, [[0, 1]]], [0, []]]") == ", entry 1: expected each layer below 2 once, found 0");
    CHECK(refuse("[[0, [[0, \"x\"]]]]") == ", entry 0: expected units as [index, score], found [0,\"x\"]");
    CHECK(refuse("[[0]]") == ", entry 0: expected [layer, [[index, score], ...]], found something else");
    CHECK(refuse("[[0, ").starts_with(", line 1, column "));
    CHECK_THROWS_AS(supernet::read_importance("/nowhere"), verdant::file_error);
    auto wrong = importance;
    wrong.vision.heads[1][0].score = std::nan("");
    CHECK(message([&] { supernet::write_importance(folder.path.string(), wrong); }) ==
          "verdant: " + folder.path.string() + "/ranking_head_vision.json, layer 1, unit 2: expected a finite score, found nan");
}
