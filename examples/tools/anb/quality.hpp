// How well a surrogate predicts, split by split.
#pragma once

#include "data.hpp"

#include <verdant/numeric/surrogate_quality.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/tabular/target_rows.hpp>
#include <verdant/text/number.hpp>

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace anb {

[[nodiscard]] inline vd::surrogate::surrogate_quality quality_on(const vd::tabular::target_model& model, const vd::tabular::target_rows& rows) {
    std::vector<double> predicted(rows.rows());
    model.predict(rows.features(), predicted);
    return vd::surrogate::surrogate_quality_of(predicted, rows.y);
}

/// A line for each split of the records, whose metric the model predicts. Records that lack it are counted.
inline void print_quality(const vd::tabular::target_model& model, const record_table& table) {
    std::printf("%-8s %7s %10s %10s %9s %8s %11s %11s %9s %10s\n", "split", "records", "MAE", "RMSE", "R2", "tau", "tau (0.01)", "tau (0.1)", "Spearman", "KL");
    for (const auto& split : table.split_names()) {
        const auto chosen = table.split(split);
        vd::tabular::target_rows rows;
        try {
            rows = vd::tabular::rows_of(table, chosen, model.target());
        } catch (const vd::input_error&) { // of a split in which nobody measured it there is nothing to say
            std::printf("%-8s %7d  all %zu lack %s\n", split.c_str(), 0, chosen.size(), model.target().c_str());
            continue;
        }
        if (rows.rows() < 2) {
            std::printf("%-8s %7zu\n", split.c_str(), rows.rows());
            continue;
        }
        const auto q = quality_on(model, rows);
        const auto text = [](double value, int digits) { return vd::rounded_text(value, digits); };
        std::printf("%-8s %7zu %10s %10s %9s %8s %11s %11s %9s %10s", split.c_str(), rows.rows(), text(q.mae, 5).c_str(), text(q.rmse, 5).c_str(),
                    text(q.r2, 5).c_str(), text(q.kendall_tau, 4).c_str(), text(q.kendall_tau_2_decimals, 4).c_str(),
                    text(q.kendall_tau_1_decimal, 4).c_str(), text(q.spearman, 4).c_str(), text(q.kl_divergence, 4).c_str());
        if (rows.lacking > 0) std::printf("  %zu lack it", rows.lacking);
        std::printf("\n");
    }
}

} // namespace anb
