#include <verdant/error.hpp>
#include <verdant/space/text.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/forest/fit_distributional_trees.hpp>
#include <verdant/surrogate/forest/fit_forest.hpp>
#include <verdant/surrogate/forest/xgboost_model.hpp>
#include <verdant/surrogate/kernel/fit_support_vectors.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
#include <verdant/surrogate/logarithmic.hpp>
#include <verdant/tabular/benchmark.hpp>
#include <verdant/tabular/device_metrics.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/tabular/target_model_files.hpp>

#include "catch.hpp"
#include "laws/regressor.hpp"
#include "unit/tabular/toy_space.hpp"

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

using namespace verdant;
using namespace verdant::tabular;
using test_tabular::toy;

namespace {

/// All points of the space, as features.
std::vector<float> every_row() {
    std::vector<float> rows;
    for (int w = 0; w < 3; ++w)
        for (int k = 0; k < 2; ++k)
            for (int e = 0; e < 2; ++e) rows.insert(rows.end(), {static_cast<float>(w), static_cast<float>(k), static_cast<float>(e)});
    return rows;
}

const auto rows_of_all = every_row();
const surrogate::feature_rows all{rows_of_all, 3};

std::vector<double> labels_of(double slope) {
    std::vector<double> y;
    for (std::size_t i = 0; i < all.rows(); ++i)
        y.push_back(50 + slope * static_cast<double>(all[i][0] + 2 * all[i][1]) - static_cast<double>(all[i][2]));
    return y;
}

fitted_model trees(double slope) {
    const auto y = labels_of(slope);
    return fitted_model::any_model{surrogate::fit_boosted_trees({all, y}, {.rounds = 50, .rate = 0.3, .depth = 2}).model};
}
fitted_model vectors(double slope) {
    const auto y = labels_of(slope);
    return fitted_model::any_model{surrogate::fit_support_vectors({all, y}).model};
}
fitted_model forest(double slope, surrogate::label_scale labels) {
    const auto y = labels == surrogate::label_scale::plain ? labels_of(slope) : surrogate::logarithms_of(labels_of(slope), "toy");
    return {surrogate::fit_random_forest({all, y}, {.trees = 10}), labels};
}
fitted_model distributions(double slope) {
    const auto y = labels_of(slope);
    return fitted_model::any_model{surrogate::fit_distributional_trees({all, y}, {.rounds = 20}).model};
}
target_model model_of(std::vector<fitted_model> members) { return {"val_top1", "%", parameter_names<toy>(), std::move(members)}; }

struct folder {
    folder() : path{std::filesystem::temp_directory_path() / ("verdant_model_" + std::to_string(::getpid()))} { std::filesystem::remove_all(path); }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

} // namespace

TEST_CASE("A model of XGBoost's whose features have the parameters' names has them in their order", "[tabular]") {
    const std::vector<std::string> parameters{"width", "kernel", "excited"};
    const auto y = labels_of(2);
    surrogate::xgboost_model m{surrogate::fit_boosted_trees({all, y}, {.rounds = 3, .rate = 0.3, .depth = 2}).model, "reg:squarederror", {}, {}, {}};
    const auto named = [&](std::vector<std::string> names) {
        auto one = m;
        one.feature_names = std::move(names);
        return trees_over(std::move(one), parameters, "m.json").predict(all[5]);
    };
    const auto plain = m.trees.predict(all[5]);
    CHECK(named({}) == plain);
    CHECK(named({"f0", "f1", "f2"}) == plain);
    CHECK(named({"width", "kernel", "excited"}) == plain);
    CHECK_THROWS_WITH(named({"kernel", "width", "excited"}),
                      "verdant: m.json, learner.feature_names[0]: expected 'width', as the parameters are ordered, found 'kernel'");
    CHECK_THROWS_WITH(named({"width", "kernel", "depth"}), Catch::Contains("learner.feature_names[2]: expected 'excited'"));
}

TEST_CASE("Surrogates of a target are regressors", "[tabular]") {
    laws::obeys_uncertain_regressor_laws(trees(3), all);
    laws::obeys_uncertain_regressor_laws(model_of({trees(3)}), all);
    laws::obeys_uncertain_regressor_laws(model_of({trees(3), trees(4), vectors(3)}), all);
    laws::obeys_uncertain_regressor_laws(forest(3, surrogate::label_scale::logarithm), all);
    laws::obeys_uncertain_regressor_laws(model_of({distributions(3)}), all);
}

TEST_CASE("An ensemble's mean and deviation are those of its members", "[tabular]") {
    const auto m = model_of({trees(3), trees(4)});
    const double a = m.members()[0].predict(all[7]), b = m.members()[1].predict(all[7]);
    CHECK(m.predict_uncertain(all[7]).mean == (a + b) / 2);
    CHECK(m.predict_uncertain(all[7]).std == Approx(std::abs(a - b) / 2));
    CHECK(m.members()[0].predict(all[7]) ==
          std::get<surrogate::boosted_trees>(m.members()[0].model()).predict(all[7])); // the fast form gives the same bits
    CHECK(m.members()[0].family() == "boosted_trees");
    CHECK(vectors(3).family() == "support_vectors");

    const benchmark<toy, no_device, top1> bench{source_of<toy>(m)};
    const auto p = parse_point<toy>("width=16 kernel=5 excite=false");
    CHECK(bench.members<top1>(p).size() == 2);
    CHECK(bench.query(p).mean.get<top1>() == Approx((a + b) / 200));
}

TEST_CASE("Surrogates are written and read back, bit for bit", "[tabular]") {
    const folder f;
    const auto path = f.path.string();
    const auto m =
        model_of({trees(3), forest(4, surrogate::label_scale::logarithm), forest(3, surrogate::label_scale::plain), distributions(3), vectors(3)});
    write_target_model(path, m);
    const auto back = read_target_model(path);
    CHECK(back.target() == "val_top1");
    CHECK(back.unit() == "%");
    REQUIRE(back.members().size() == 5);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(back.members()[i].family() == m.members()[i].family());
        CHECK(back.members()[i].labels() == m.members()[i].labels());
        for (std::size_t r = 0; r < all.rows(); ++r) CHECK(back.members()[i].predict_uncertain(all[r]) == m.members()[i].predict_uncertain(all[r]));
    }
    for (std::size_t i = 0; i < all.rows(); ++i) CHECK(back.predict_uncertain(all[i]) == m.predict_uncertain(all[i]));
    write_target_model(path, model_of({vectors(4)})); // in the place of it
    CHECK(read_target_model(path).members().size() == 1);
    CHECK_FALSE(std::filesystem::exists(f.path / "member_2.json"));
}

TEST_CASE("What is wrong with a surrogate is refused", "[tabular]") {
    CHECK_THROWS_AS(model_of({}), input_error);
    CHECK_THROWS_WITH((target_model{"val_top1", "%", {"width", "kernel"}, {trees(3)}}), Catch::Contains("member 1: expected 2 features"));
    CHECK_THROWS_WITH(source_of<toy>(target_model{"val_top1", "%", {"width", "kernel", "excited"}, {trees(3)}}),
                      Catch::Contains("parameter 3: expected 'excite' as the space has it, found 'excited'"));
    CHECK_THROWS_WITH(source_of<toy>(target_model{"val_top1", "points", parameter_names<toy>(), {trees(3)}}), Catch::Contains("'points'"));

    const folder f;
    const auto path = f.path.string();
    CHECK_THROWS_AS(read_target_model(path), file_error);
    write_target_model(path, model_of({trees(3)}));
    const auto list = f.path / "model.json";
    const auto put = [&list](const std::string& text) { std::ofstream{list} << text; };
    const std::string head =
        R"({"format": "verdant surrogate 1", "target": "val_top1", "unit": "%", "parameters": ["width", "kernel", "excite"], "members": )";
    const auto refused = [&](const std::string& text, const std::string& said) {
        put(text);
        CHECK_THROWS_WITH(read_target_model(path), Catch::Contains("model.json") && Catch::Contains(said));
    };
    refused("{", "JSON");
    refused("[]", "an object that describes a surrogate");
    refused(head + "3}", "members: expected a list");
    refused(head + "[]}", "members: expected at least one");
    refused(head + "[3]}", "members[0]");
    refused(head + R"([{"family": "boosted_treas", "file": "member_1.json"}]})", "did you mean 'boosted_trees'?");
    refused(head + R"([{"family": "boosted_trees", "file": "../member_1.json"}]})", "the name of a file in the same folder");
    refused(head + R"([{"family": "boosted_trees", "labels": "log", "file": "member_1.json"}]})",
            "members[0].labels: expected plain or logarithm, found 'log'");
    refused(head + R"([{"family": "boosted_trees"}]})", "members[0].file: expected a text, found nothing");
    refused(R"({"format": "verdant surrogate 2", "members": []})", "format");
    put(head + R"([{"family": "boosted_trees", "file": "member_1.json"}]})");
    CHECK_NOTHROW(read_target_model(path));
    std::ofstream{f.path / "member_1.json"} << "{";
    CHECK_THROWS_WITH(read_target_model(path), Catch::Contains("member_1.json"));

    // What a write that was cut off has left is replaced.
    std::filesystem::remove(list);
    std::ofstream{f.path / "member_2.json.new"} << "{";
    write_target_model(path, model_of({trees(3)}));
    CHECK_NOTHROW(read_target_model(path));
}

TEST_CASE("A surrogate takes the place of a surrogate, and of nothing else", "[tabular]") {
    namespace fs = std::filesystem;
    const folder f;
    const auto path = f.path.string();
    const auto list = f.path / "model.json";
    const auto text = [](const fs::path& file) {
        std::ifstream in{file};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    };
    fs::create_directories(f.path);
    for (const std::string other : {R"({"embed_dim": 512})", R"({"format": "another"})", "[]", "no JSON"}) {
        std::ofstream{list} << other;
        CHECK_THROWS_WITH(write_target_model(path, model_of({trees(3)})), Catch::Contains("something else than a surrogate"));
        CHECK(text(list) == other);
        CHECK_FALSE(fs::exists(f.path / "member_1.json"));
    }
    fs::remove(list);
    std::ofstream{f.path / "notes.txt"} << "mine";
    CHECK_THROWS_WITH(write_target_model(path, model_of({trees(3)})), Catch::Contains("something else than a surrogate"));
    fs::remove(f.path / "notes.txt");

    // A write that fails leaves the one that is there.
    write_target_model(path, model_of({trees(3)}));
    const auto before = text(list), member = text(f.path / "member_1.json");
    fs::create_directories(f.path / "member_2.json.new" / "in_the_way");
    CHECK_THROWS_AS(write_target_model(path, model_of({vectors(4), vectors(5)})), file_error);
    CHECK(text(list) == before);
    CHECK(text(f.path / "member_1.json") == member);
    CHECK_FALSE(fs::exists(f.path / "member_1.json.new"));
    CHECK(read_target_model(path).members().size() == 1);
}
