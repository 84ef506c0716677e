#include <verdant/surrogate/ensemble/model_file.hpp>

#include "catch.hpp"
#include "unit/surrogate/forest/drawn_trees.hpp"

#include <verdant/error.hpp>
#include <verdant/surrogate/ensemble/any_regressor.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/compiled_trees.hpp>
#include <verdant/surrogate/forest/forest_json.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>
#include <verdant/surrogate/kernel/support_vector_json.hpp>
#include <verdant/surrogate/kernel/support_vector_regressor.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

using namespace verdant;
using Catch::Contains;

namespace {

surrogate::xgboost_model boosted(float base) {
    return {surrogate::boosted_trees{4, base, drawn::trees<float>(12, drawn::domains(4), 3, 6)}, "reg:squarederror", {}, {}, {}};
}
surrogate::tree_forest forest() { return {4, drawn::trees<double>(5, drawn::domains(4), 5, 6)}; }

/// A folder of its own, removed at the end.
class folder {
public:
    folder() : path_{std::filesystem::temp_directory_path() / ("verdant_models_" + std::to_string(::getpid()))} {
        std::filesystem::create_directories(path_);
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() { std::filesystem::remove_all(path_); }
    void put(const std::string& name, const std::string& content) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream{path_ / name, std::ios::binary} << content;
    }
    [[nodiscard]] std::string path(const std::string& below = "") const { return (path_ / below).string(); }

private:
    std::filesystem::path path_;
};

const std::vector<float> row{1, 0, 2, 1};

} // namespace

TEST_CASE("a model is known by what its file holds") {
    const auto m = boosted(3);
    for (const auto& bytes :
         {surrogate::xgboost_json(m), surrogate::xgboost_ubjson(m), "\n " + nlohmann::json::parse(surrogate::xgboost_json(m)).dump(2)}) {
        const auto read = surrogate::parse_regressor(bytes, "m");
        CHECK(read.get_if<surrogate::compiled_trees>() != nullptr);
        CHECK(read.predict(row) == m.trees.predict(row));
    }
    const auto f = surrogate::parse_regressor(surrogate::forest_json(forest()).dump(), "m");
    CHECK(f.predict_uncertain(row) == forest().predict_uncertain(row));
    const std::vector<float> support{0, 1, 2, 0, 2, 0, 0, 1};
    const surrogate::support_vector_regressor v{{}, {support, 4}, {0.5, -0.25}, 3, "m"};
    CHECK(surrogate::parse_regressor(surrogate::support_vectors_json(v).dump(), "m").predict(row) == v.predict(row));
    CHECK_THROWS_WITH(surrogate::parse_regressor("", "m"), Contains("m: expected a model in JSON or UBJSON"));
    CHECK_THROWS_WITH(surrogate::parse_regressor("binf", "m"), Contains("expected a model in JSON or UBJSON"));
    CHECK_THROWS_WITH(surrogate::parse_regressor("{\"a\": 1}", "m"), Contains("found members of none of these"));
}

TEST_CASE("models that name their features are those of the parameters that are asked for") {
    auto m = boosted(0);
    const auto bytes = [&m](std::vector<std::string> names) {
        m.feature_names = std::move(names);
        return surrogate::xgboost_json(m);
    };
    const std::vector<std::string> parameters{"a", "b", "c", "d"};
    for (const auto& names : {std::vector<std::string>{}, {"f0", "f1", "f2", "f3"}, {"a", "b", "c", "d"}})
        CHECK(surrogate::parse_regressor(bytes(names), "m", parameters).predict(row) == m.trees.predict(row));
    CHECK_THROWS_WITH(surrogate::parse_regressor(bytes({"b", "a", "c", "d"}), "m", parameters),
                      "verdant: m, learner.feature_names[0]: expected 'a', as the parameters are ordered, found 'b'");
    CHECK(surrogate::parse_regressor(bytes({"b", "a", "c", "d"}), "m").predict(row) == m.trees.predict(row)); // nobody says what it is of
    // Members of an ensemble get the same rows.
    const folder f;
    f.put("mixed/member1.json", bytes({}));
    f.put("mixed/member2.json", bytes({"a", "b", "c", "d"}));
    CHECK(surrogate::read_ensemble(f.path("mixed")).members().size() == 2);
    f.put("mixed/member3.json", bytes({"a", "c", "b", "d"}));
    CHECK_THROWS_WITH(surrogate::read_ensemble(f.path("mixed")), Contains("member3.json, learner.feature_names[1]: expected 'b'"));
    CHECK_THROWS_WITH(surrogate::read_ensemble(f.path("mixed"), {"d", "c", "b", "a"}),
                      Contains("member2.json, learner.feature_names[0]: expected 'd'"));
    // Whatever the members before are called.
    for (const auto& first : {std::vector<std::string>{"f0", "f1", "f2", "f3"}, {"p", "q", "r", "s"}}) {
        f.put("three/member1.json", bytes(first));
        f.put("three/member2.json", bytes({"a", "b", "c", "d"}));
        f.put("three/member3.json", bytes({"b", "a", "c", "d"}));
        CHECK_THROWS_WITH(surrogate::read_ensemble(f.path("three")), Contains("member3.json, learner.feature_names[0]: expected 'a'"));
        CHECK_THROWS_WITH(surrogate::read_ensemble(f.path("three"), {"x", "y", "z", "w"}), Contains("member3.json"));
    }
}

TEST_CASE("an ensemble is read from the files of a folder, in the order of their numbers") {
    const folder f;
    for (const int m : {2, 10, 1}) f.put("plain/member" + std::to_string(m) + ".json", surrogate::xgboost_json(boosted(static_cast<float>(m))));
    f.put("plain/notes.txt", "none of them");
    f.put("plain/model_config.json", "{}");
    const auto plain = surrogate::read_ensemble(f.path("plain"));
    REQUIRE(plain.members().size() == 3);
    const double shift = boosted(0).trees.predict(row);
    for (std::size_t m = 0; m < 3; ++m) CHECK(plain.members()[m].predict(row) == Approx(shift + std::vector{1, 2, 10}[m]).epsilon(1e-5));
    // As Accel-NASBench's programs lay them: one folder a seed, settings beside the model.
    for (const int seed : {12, 3}) {
        f.put("runs/seed" + std::to_string(seed) + "/surrogate_model.model", surrogate::xgboost_ubjson(boosted(static_cast<float>(seed))));
        f.put("runs/seed" + std::to_string(seed) + "/other.json", "{}");
    }
    const auto runs = surrogate::read_ensemble(f.path("runs"));
    REQUIRE(runs.members().size() == 2);
    CHECK(runs.predict_uncertain(row).std == Approx(4.5).epsilon(1e-5));
    CHECK_THROWS_WITH(surrogate::read_ensemble(f.path("nothing")), Contains("nothing"));
    std::filesystem::create_directories(f.path("empty"));
    CHECK_THROWS_WITH(surrogate::read_ensemble(f.path("empty")), Contains("expected files of models"));
    f.put("plain/member11.json", "{\"learner\": 3}");
    CHECK_THROWS_WITH(surrogate::read_ensemble(f.path("plain")), Contains("member11.json, learner: expected an object, found number"));
}
