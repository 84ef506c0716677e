// The root of a boosted tree tells the rows that it was grown from: their number, and the sum of their labels. So the folds of ensembles are compared
// with the published members.

#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/surrogate/forest/xgboost_json.hpp>
#include <verdant/tabular/record_splits.hpp>
#include <verdant/tabular/record_table.hpp>
#include <verdant/tabular/target_rows.hpp>

#include "golden/golden.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace verdant;

TEST_CASE("Members of ensembles learn from the published folds", "[golden]") {
    const auto csv = golden::find("anb/anb_dataset.csv"), settings = golden::find("anb/surrogate_hparams.json");
    if (!csv || !settings) return;
    const auto of_accuracy = golden::read_json(*settings).at("xgb").at("acc");
    const double lambda = of_accuracy.at("param:lambda").get<double>(), alpha = of_accuracy.at("param:alpha").get<double>();
    const auto table = tabular::read_record_table<spaces::mnasnet>(csv->string(), tabular::accel_nas_bench_schema());
    auto all = table.split("train");
    constexpr std::array<std::string_view, 2> halves{"val", "val_dev"}; // of the reference's validation list
    const auto validation = table.split(halves);
    all.insert(all.end(), validation.begin(), validation.end());
    for (const auto& f : golden::find_all("anb/xgb_ensemble_acc/member*.json")) {
        golden::summary summary{f.name, 1e-6};
        const auto model = surrogate::read_xgboost_json(f.path.string());
        if (static_cast<double>(model.trees.trees().front().cover.front()) > static_cast<double>(all.size())) {
            summary.leave_out("it learnt from more rows than the table has");
            continue;
        }
        summary.next_row();
        const auto rows = tabular::rows_of(table, tabular::member_fold(all, static_cast<std::uint32_t>(std::stoul(f.star))).train, "acc");
        const auto& root = model.trees.trees().front();
        double gradient = 0;
        for (const double y : rows.y) gradient += static_cast<double>(model.trees.base_score()) - y;
        // Accuracies lie above the base score, so the sum of gradients is below 0, and L1 takes from its size.
        summary.compare("rows", static_cast<double>(rows.rows()), static_cast<double>(root.cover.front()));
        summary.compare("weight of the root", static_cast<double>(root.weight.front()),
                        -(gradient + alpha) / (static_cast<double>(rows.rows()) + lambda));
    }
}
