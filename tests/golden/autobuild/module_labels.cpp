// Scores of modules, the best of each unit, and scores of features.

#include "golden/autobuild/configs.hpp"

#include <verdant/predictor/module_labels.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/surrogate/graph/feature_embedding.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace spaces = verdant::spaces;
namespace surrogate = verdant::surrogate;
namespace predictor = verdant::predictor;
using golden::json;

namespace autobuild_labels {

spaces::mbconv_units module_of(const json& config, spaces::mbconv_family family) {
    return golden::units_of(config.at(0).is_array() ? config : json::array({config}), family);
}

void compare(golden::summary& sum, const std::string& what, const json& expected, const predictor::labelled_module& found,
             spaces::mbconv_family family) {
    sum.next_row();
    sum.equal(what + ", index", expected.at("index").get<std::uint32_t>(), found.index);
    sum.equal(what + ", unit", expected.at("unit").get<int>(), static_cast<int>(found.module.unit));
    sum.equal(what + ", hops", expected.at("hops").get<std::size_t>(), found.module.hops());
    sum.equal(what + ", config", true, module_of(expected.at("config"), family) == predictor::units_of(found.module, family));
    sum.compare(what + ", raw_norm", expected.at("raw_norm").get<double>(), found.norm);
    sum.compare(what + ", score", expected.at("score").get<double>(), found.score);
}

} // namespace autobuild_labels

TEST_CASE("labels of modules", "[golden]") {
    for (const auto& file : golden::find_all("autobuild/units_*.json")) {
        golden::summary sum{file.name, 1e-5};
        const auto all = golden::read_json(file.path);
        const auto model = all.at("model").get<std::string>();
        const auto checkpoint = golden::find("autobuild/" + model + ".safetensors");
        if (!checkpoint) {
            sum.leave_out("no predictor " + model);
            continue;
        }
        const auto weights = surrogate::read_graph_predictor(checkpoint->string());
        const auto family = golden::autobuild_family(model);
        const auto labels = predictor::label_modules(weights, family);
        sum.equal("total_units", all.at("total_units").get<std::size_t>(), labels.modules.size());
        for (const auto& [unit, count] : all.at("per_unit_count").items())
            sum.equal("modules of unit " + unit, count.get<std::size_t>(), labels.of_unit(std::stoul(unit)).size());
        for (const auto& row : all.at("sample"))
            autobuild_labels::compare(sum, "module " + row.at("index").dump(), row, labels.modules.at(row.at("index").get<std::size_t>()), family);
        for (const auto& [unit, best] : all.at("top25").items()) {
            const auto found = predictor::best_modules(labels, std::stoul(unit), best.size());
            for (std::size_t i = 0; i < best.size(); ++i) {
                // Modules whose scores are the same but for rounding may change places; the score of a place may not.
                const auto what = "place " + std::to_string(i + 1) + " of unit " + unit;
                autobuild_labels::compare(sum, what, best[i], labels.modules.at(best[i].at("index").get<std::size_t>()), family);
                sum.compare(what + ", score there", best[i].at("score").get<double>(), found.at(i).score);
            }
        }
        const auto numbers = [&](const char* tensor) { return weights.tensors.at(tensor).to<double>(); };
        const auto hops = numbers("hop_moments"), moments = numbers("embed_layer.moment_tsr"), scale = numbers("mlp_moments");
        for (std::size_t r = 0, i = 0; r < 2; ++r)
            for (const auto& v : all.at("hop_moments").at(r)) sum.compare("hop_moments", v.get<double>(), hops.at(i++));
        std::size_t i = 0;
        for (const auto& unit : all.at("moment_tsr"))
            for (const auto& hop : unit)
                for (const auto& v : hop) sum.compare("moment_tsr", v.get<double>(), moments.at(i++));
        for (std::size_t k = 0; k < 2; ++k) sum.compare("mlp_moments", all.at("mlp_moments").at(k).get<double>(), scale.at(k));

        const surrogate::feature_embedding embedding{weights.options.features, weights.tensors};
        const auto& scores = all.at("fe_mlp_importance");
        const std::vector<std::string> names{"stage", "layer", "mbconv", "expand_3_4_6", "kernel_3_5_7"};
        for (std::size_t f = 0; f < names.size(); ++f) {
            const auto found = embedding.category_scores(f);
            sum.equal("categories of " + names[f], scores.at(names[f]).size(), found.size());
            for (std::size_t c = 0; c < found.size(); ++c)
                sum.compare(names[f], scores.at(names[f]).at(c).get<double>(), static_cast<double>(found[c]));
        }
        const std::vector<float> sides{192, 208, 224};
        for (std::size_t c = 0; c < sides.size(); ++c) {
            const float raw = sides[c], scaled = (raw - 192) / 32;
            sum.compare("raw resolution", scores.at("resolution_raw_192_208_224").at(c).get<double>(),
                        static_cast<double>(embedding.score(5, {&raw, 1})));
            sum.compare("scaled resolution", scores.at("resolution_scaled_192_208_224").at(c).get<double>(),
                        static_cast<double>(embedding.score(5, {&scaled, 1})));
        }
        sum.equal("kinds of importance", names.size() + 2, scores.size());
    }
}
