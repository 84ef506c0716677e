// anb query
#pragma once

#include "data.hpp"
#include "models.hpp"
#include "networks.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/space/text.hpp>
#include <verdant/surrogate/index_features.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace anb {

/// Asks surrogates about networks.
struct query_command {
    static constexpr const char* name = "query";
    static constexpr const char* about = "what surrogates say of networks: mean and standard deviation, in units";

    std::vector<std::string> models, networks;
    std::string target, trees, out;
    bool members = false;

    void add_options(CLI::App& app) {
        app.add_option("--model", models, "surrogates: what fit wrote, or models of XGBoost's; several answer side by side")
            ->check(terminal::path())
            ->required();
        app.add_option("--target", target, "what a model of XGBoost's predicts, such as acc or throughput_a100");
        add_trees(app, trees);
        app.add_option("--network", networks, network_forms)->required();
        app.add_flag("--members", members, "also what each member of an ensemble says");
        app.add_option("--out", out, "writes the answers as a table, with the parameters of the networks")->check(terminal::path());
    }

    [[nodiscard]] int run() const {
        std::set<std::filesystem::path> seen; // however their paths are written
        for (const auto& m : models)
            if (!seen.insert(std::filesystem::weakly_canonical(std::filesystem::absolute(m))).second)
                throw vd::input_error{"anb query", "--model", "each surrogate once", m + " twice"};
        terminal::require_another_file("--out", out, models, "the surrogates");
        terminal::require_another_file("--out", out, networks, "the networks");
        std::vector<vd::tabular::target_model> surrogates;
        // What fit wrote says itself what it predicts; beside a model of XGBoost's the target is of that one.
        const bool some_xgboost = std::any_of(models.begin(), models.end(), [](const auto& m) { return !std::filesystem::is_directory(m); });
        for (const auto& m : models) {
            const bool beside = some_xgboost && std::filesystem::is_directory(m);
            surrogates.push_back(load_model(m, beside ? std::string{} : target, beside ? std::string{} : trees));
        }
        const auto asked = networks_of(networks);
        vd::io::csv_table to;
        to.columns = {"name"};
        for (const auto& n : asked) to.rows.push_back({n.name});
        for (std::size_t i = 0; i < surrogates.size(); ++i) {
            const auto same =
                std::count_if(surrogates.begin(), surrogates.end(), [&](const auto& s) { return s.target() == surrogates[i].target(); });
            add_answers(surrogates[i], same > 1 ? ", " + models[i] : "", asked, to);
        }
        print(to);
        if (out.empty()) return 0;
        for (std::size_t p = 0; p < vd::parameter_count<mnasnet>; ++p) {
            to.columns.emplace_back(vd::view_of<mnasnet>.name(p));
            for (std::size_t i = 0; i < asked.size(); ++i)
                to.rows[i].push_back(vd::view_of<mnasnet>.kind(p) == vd::value_kind::boolean
                                         ? (asked[i].architecture[p] == 0 ? "1" : "0")
                                         : vd::value_text(vd::view_of<mnasnet>, p, asked[i].architecture[p]));
        }
        vd::io::write_file(out, vd::io::csv_text(to));
        std::printf("%s\n", out.c_str());
        return 0;
    }

private:
    /// @param which ends the names of its columns, where several surrogates predict the same
    void add_answers(const vd::tabular::target_model& s, const std::string& which, const std::vector<named_network>& asked,
                     vd::io::csv_table& to) const {
        // Refuses surrogates of other spaces, whose features would mean something else.
        static_cast<void>(vd::tabular::source_of<mnasnet>(s));
        std::vector<float> features(asked.size() * s.features());
        for (std::size_t i = 0; i < asked.size(); ++i)
            vd::surrogate::index_features(asked[i].architecture, std::span{features}.subspan(i * s.features(), s.features()));
        const vd::surrogate::feature_rows rows{features, s.features()};
        std::vector<double> mean(asked.size()), std(asked.size());
        s.predict_uncertain(rows, mean, std);
        const auto add = [&](const std::string& column, const std::vector<double>& values) {
            to.columns.push_back(column + which);
            for (std::size_t i = 0; i < values.size(); ++i) to.rows[i].push_back(vd::rounded_text(values[i], 7));
        };
        const auto column = s.target() + (s.unit().empty() ? "" : " (" + s.unit() + ')');
        add(column, mean);
        add(s.target() + " std", std);
        if (!members) return;
        for (std::size_t m = 0; m < s.members().size(); ++m) {
            s.members()[m].predict(rows, mean);
            add(s.target() + " member " + std::to_string(m + 1), mean);
        }
    }

    static void print(const vd::io::csv_table& table) {
        std::vector<std::size_t> widths;
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            widths.push_back(table.columns[c].size());
            for (const auto& row : table.rows) widths[c] = std::max(widths[c], row[c].size());
        }
        const auto line = [&](const std::vector<std::string>& row) {
            std::string text;
            for (std::size_t c = 0; c < row.size(); ++c) {
                const std::string pad(widths[c] - row[c].size(), ' ');
                text += (c == 0 ? "" : "  ") + (c == 0 ? row[c] + pad : pad + row[c]);
            }
            std::printf("%s\n", text.c_str());
        };
        line(table.columns);
        for (const auto& row : table.rows) line(row);
    }
};

} // namespace anb
