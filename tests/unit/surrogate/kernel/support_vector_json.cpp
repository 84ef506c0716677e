// Files of support vectors.

#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/surrogate/kernel/kernel_function.hpp>
#include <verdant/surrogate/kernel/support_vector_json.hpp>
#include <verdant/surrogate/kernel/support_vector_regressor.hpp>

#include <functional>
#include <string>
#include <vector>

namespace surrogate = verdant::surrogate;
using nlohmann::json;

TEST_CASE("support vectors are read as they were written") {
    const std::vector<float> x{0, 1.5F, 2, -3, 0.1F, 7};
    for (const auto kind : {surrogate::kernel_kind::rbf, surrogate::kernel_kind::linear, surrogate::kernel_kind::polynomial, surrogate::kernel_kind::sigmoid}) {
        const surrogate::support_vector_regressor model{{.kind = kind, .gamma = 0.3, .offset = -0.25, .degree = 4}, {x, 2}, {1.0 / 3, -0.5, 2}, 61.25};
        const auto text = surrogate::support_vectors_json(model).dump();
        CHECK(surrogate::support_vectors_from(verdant::io::parse_json(text, "model"), "model") == model);
    }
}

TEST_CASE("what is no file of support vectors is refused by name") {
    const auto good = json::parse(R"({"kernel": "rbf", "gamma_value": 0.5, "intercept": 1, "n_sv": 2, "support_vectors": [[0, 1], [2, 0]], "dual_coef": [1, -1], "C": 1, "nu": null})");
    CHECK(surrogate::support_vectors_from(good, "m").features() == 2);
    const auto refuses = [&](const std::function<void(json&)>& damage, const std::string& place) {
        auto damaged = good;
        damage(damaged);
        INFO(damaged.dump());
        CHECK_THROWS_WITH(surrogate::support_vectors_from(damaged, "m"), Catch::Contains(place));
    };
    refuses([](json& j) { j["kernel"] = "rbg"; }, "'rbf'");
    refuses([](json& j) { j["kernel"] = 3; }, "kernel");
    refuses([](json& j) { j["kernel"] = "poly"; }, "coef0");
    refuses([](json& j) { j.erase("gamma_value"); }, "gamma_value");
    refuses([](json& j) { j["gamma_value"] = -1; }, "gamma");
    refuses([](json& j) { j["intercept"] = nullptr; }, "intercept");
    refuses([](json& j) { j["n_sv"] = 3; }, "n_sv");
    refuses([](json& j) { j["n_sv"] = -2; }, "n_sv");
    refuses([](json& j) { j["dual_coef"] = {1}; }, "support_vectors");
    refuses([](json& j) { j["dual_coef"][1] = "1"; }, "dual_coef[1]");
    refuses([](json& j) { j["support_vectors"][1] = {1}; }, "support_vectors[1]");
    refuses([](json& j) { j["support_vectors"][1] = 1; }, "support_vectors[1]");
    refuses([](json& j) { j["support_vectors"][0][1] = 1e300; }, "support_vectors[0][1]");
    refuses([](json& j) { j["gama"] = 1; }, "gama");
    CHECK_THROWS_AS(surrogate::support_vectors_from(json::array(), "m"), verdant::input_error);
}
