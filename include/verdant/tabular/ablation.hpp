#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/numeric/surrogate_quality.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What cheap training costs in trust: the same networks trained with proxies and without, several times each.
namespace verdant::tabular {

/// Trainings of some architectures with one recipe and several seeds.
struct seeded_trainings {
    std::vector<std::vector<double>> top1;    ///< seed by seed, of each architecture, in per cent
    std::vector<std::vector<double>> seconds; ///< the same, of the training

    [[nodiscard]] std::size_t seeds() const noexcept { return top1.size(); }
    [[nodiscard]] std::size_t architectures() const noexcept { return top1.empty() ? 0 : top1.front().size(); }

    /// Mean accuracy of each architecture over some seeds, counted from 0. @throws input_error for one that there is not, and for none
    [[nodiscard]] std::vector<double> mean_over(std::span<const std::size_t> which) const {
        if (which.empty()) throw input_error{"ablation", "seeds", "at least one", "none"};
        std::vector<double> mean(architectures());
        for (const auto s : which) {
            if (s >= seeds()) throw input_error{"ablation", "seed", "one below " + std::to_string(seeds()), std::to_string(s)};
            for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += top1[s][i] / static_cast<double>(which.size());
        }
        return mean;
    }
    [[nodiscard]] std::vector<double> mean() const {
        std::vector<std::size_t> all(seeds());
        for (std::size_t s = 0; s < all.size(); ++s) all[s] = s;
        return mean_over(all);
    }
    /// Sample standard deviation of each architecture over the seeds. @pre two seeds or more
    [[nodiscard]] std::vector<double> deviation() const {
        const auto middle = mean();
        std::vector<double> out(middle.size());
        for (std::size_t i = 0; i < out.size(); ++i) {
            double sum = 0;
            for (const auto& of_seed : top1) sum += (of_seed[i] - middle[i]) * (of_seed[i] - middle[i]);
            out[i] = std::sqrt(sum / static_cast<double>(seeds() - 1));
        }
        return out;
    }
    /// Mean of `deviation`: how far two trainings of one network are apart.
    [[nodiscard]] double mean_deviation() const {
        double sum = 0;
        for (const auto d : deviation()) sum += d;
        return sum / static_cast<double>(architectures());
    }
    /// Of all trainings.
    [[nodiscard]] double hours() const {
        double sum = 0;
        for (const auto& of_seed : seconds)
            for (const auto s : of_seed) sum += s;
        return sum / 3600;
    }
};

/// A node that trains, and the grid that it draws from (Accel-NASBench, plots/ablations_plots/scatter_multiseed_eval.py).
struct training_node {
    double kilowatts = 1.5;                 ///< of a node with four GPUs
    double kilograms_per_kilowatt_hour = 0.71; ///< CO2e

    [[nodiscard]] double emissions(double hours) const { return kilowatts * kilograms_per_kilowatt_hour * hours; } ///< kg CO2e
};

/// Both recipes for the same architectures.
struct proxy_ablation {
    seeded_trainings proxified, few_proxy;

    /// Reads a table with the columns `proxified_seed<k>_top1`, `fewproxy_seed<k>_top1` and `..._train_time_s` for k from 1. Throws input_error that
    /// names file, line and column where a column of a seed is missing, be it of one between others, a number is none, an accuracy is not from 0 to
    /// 100 or a time is not above 0, and where there are fewer than two seeds or architectures.
    [[nodiscard]] static proxy_ablation from(const io::csv_table& table) {
        proxy_ablation out;
        read(table, "proxified", out.proxified);
        read(table, "fewproxy", out.few_proxy);
        return out;
    }
    /// How well one series tells the other; `predicted` and `actual` as `surrogate_quality_of` has them.
    [[nodiscard]] surrogate::surrogate_quality quality() const { return surrogate::surrogate_quality_of(proxified.mean(), few_proxy.mean()); }

private:
    static void read(const io::csv_table& table, const std::string& recipe, seeded_trainings& into) {
        const auto has = [&](const std::string& name) { return std::find(table.columns.begin(), table.columns.end(), name) != table.columns.end(); };
        for (std::size_t k = 1; k == 1 || has(recipe + "_seed" + std::to_string(k) + "_top1"); ++k) {
            const auto seed = recipe + "_seed" + std::to_string(k);
            into.top1.push_back(numbers(table, table.column(seed + "_top1"), 0, 100));
            into.seconds.push_back(numbers(table, table.column(seed + "_train_time_s"), 1e-9, 1e12));
        }
        // What is of a seed behind a gap, or of none, would be left out without a word.
        for (const auto& name : table.columns) {
            if (!name.starts_with(recipe + "_seed")) continue;
            const auto rest = std::string_view{name}.substr(recipe.size() + 5);
            const auto digits = rest.substr(0, rest.find('_'));
            bool read = false;
            for (std::size_t k = 1; k <= into.seeds(); ++k) read = read || digits == std::to_string(k);
            if (!read)
                throw input_error{table.source, "header",
                                  "a column '" + recipe + "_seed" + std::to_string(into.seeds() + 1) + "_top1' before others of its kind",
                                  '\'' + name + '\''};
        }
        if (into.seeds() < 2) throw input_error{table.source, recipe, "trainings with two seeds or more", std::to_string(into.seeds())};
        if (into.architectures() < 2) throw input_error{table.source, "rows", "two architectures or more", std::to_string(into.architectures())};
    }
    [[nodiscard]] static std::vector<double> numbers(const io::csv_table& table, std::size_t column, double least, double most) {
        std::vector<double> out;
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            const auto v = table.number(r, column);
            if (!(v >= least && v <= most))
                throw input_error{table.source, "line " + std::to_string(table.lines.at(r)) + ", column '" + table.columns.at(column) + '\'',
                                  most == 100 ? "per cent, 0 to 100" : "seconds above 0", table.rows[r][column]};
            out.push_back(v);
        }
        return out;
    }
};

} // namespace verdant::tabular
