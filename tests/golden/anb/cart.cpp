// A regression tree of scikit-learn, grown here from the same rows; and forests against its predictions.

#include "golden/anb/rows.hpp"
#include "golden/golden.hpp"

#include <verdant/surrogate/forest/fit_forest.hpp>
#include <verdant/surrogate/forest/forest_options.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

namespace surrogate = verdant::surrogate;

namespace anb_cart {

void compare(golden::summary& rows, const golden::json& expected, const surrogate::forest_tree& found, std::size_t a, std::size_t b) {
    const auto left = expected.at("left").at(a).get<int>(), right = expected.at("right").at(a).get<int>();
    rows.next_row();
    rows.equal("whether a node is a leaf", left == -1, found.leaf(b));
    if ((left == -1) != found.leaf(b)) return;
    if (left == -1) {
        rows.compare("leaf", expected.at("value").at(a), found.value[b]);
        return;
    }
    rows.equal("feature", expected.at("feature").at(a).get<std::uint32_t>(), found.feature[b]);
    rows.equal("threshold", expected.at("threshold").at(a).get<double>(), found.threshold[b]);
    compare(rows, expected, found, static_cast<std::size_t>(left), static_cast<std::size_t>(found.left[b]));
    compare(rows, expected, found, static_cast<std::size_t>(right), static_cast<std::size_t>(found.right[b]));
}

} // namespace anb_cart

TEST_CASE("a regression tree is that of scikit-learn", "[golden]") {
    for (const auto& f : golden::find_all("anb/det_models_goldens*.json")) {
        const auto data = f.path.parent_path() / "anb_dataset.csv";
        const auto models = golden::read_json(f.path);
        for (const auto& [name, model] : models.items()) {
            if (!name.starts_with("cart_depth")) continue;
            if (!std::filesystem::exists(data)) {
                golden::skip(f.name + ", " + name, "no rows beside it");
                continue;
            }
            const auto table = golden::read_anb_table(data);
            const auto training = golden::anb_split(table, "acc", {"train"}), validation = golden::anb_split(table, "acc", {"val", "val_dev"});
            if (const auto rows = model.at("tree").at("n").at(0).get<std::size_t>();
                rows != training.y.size() || model.at("val_pred").size() != validation.y.size()) {
                golden::skip(f.name + ", " + name,
                             "grown from " + std::to_string(rows) + " rows, of which the table has " + std::to_string(training.y.size()));
                continue;
            }
            const auto tree = surrogate::fit_regression_tree(training.rows(), {.depth = std::stoul(name.substr(10))});
            golden::summary rows{f.name + ", " + name, 1e-12};
            anb_cart::compare(rows, model.at("tree"), tree, 0, 0);
            const surrogate::tree_forest forest{training.columns, {tree}};
            for (std::size_t r = 0; r < validation.y.size(); ++r)
                rows.compare("prediction", model.at("val_pred").at(r), forest.predict(validation.rows().x[r]));
        }
    }
}
