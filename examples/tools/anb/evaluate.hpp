// anb evaluate
#pragma once

#include "data.hpp"
#include "models.hpp"
#include "quality.hpp"

#include <verdant/tabular/target_rows.hpp>

#include <cstdio>
#include <string>

namespace anb {

/// Judges a surrogate by records.
struct evaluate_command {
    static constexpr const char* name = "evaluate";
    static constexpr const char* about = "how well a surrogate predicts records: MAE, RMSE, R2, Kendall's tau also of rounded predictions, Spearman, KL, for each split";

    data_settings data;
    model_settings model;

    void add_options(CLI::App& app) {
        add_model(app, model);
        add_data(app, data);
    }

    [[nodiscard]] int run() const {
        const auto surrogate = load_model(model);
        const auto table = load_records(data, name);
        const auto target = vd::tabular::target_name(table, surrogate.target()); // also where no split has it
        std::printf("%s in %s, by %s\n", target.c_str(), surrogate.unit().c_str(), described(surrogate).c_str());
        print_quality(surrogate, table);
        return 0;
    }
};

} // namespace anb
