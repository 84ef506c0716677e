// The published searches: how to run one, its result file and front, pictures. Costs are those of the hardware model; the accuracies are made up,
// since pruning and tuning a model takes minutes.

#include <verdant/evaluators.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/published.hpp>
#include <verdant/report.hpp>
#include <verdant/verdant.hpp>

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
namespace vd = verdant;

// [accuracy]
// Made up: larger towers do better, with diminishing returns. In earnest this prunes and evaluates the model of the point.
vd::metrics<vd::accuracy> clip_accuracy(const vd::point<vd::spaces::clip_co_design>& p) {
    const auto size = p.get<"text.layers">() * p.get<"text.width">() + 2 * p.get<"vision.layers">() * p.get<"vision.width">();
    return 0.65 * (1 - std::exp(-size / 8000.0));
}
// [/accuracy]

// [transformers]
// Layers, widths and heads from half of BERT to the whole, and 3240 accelerators.
struct bert : vd::spaces::transformer_codesign<vd::spaces::bert_base> {};

vd::metrics<vd::accuracy> bert_accuracy(const vd::point<bert>& p) { // made up, too
    return 0.85 - 0.2 * std::exp(-p.get<"model.layers">() * p.get<"model.width">() / 4000.0);
}
using bert_search = vd::published::transformer::carbon<vd::random_search, bert>;
// [/transformers]

template <class Result>
void show(const char* name, const Result& found, std::string_view mode) {
    std::cout << name << ": " << found.trials().size() << " trials, " << found.size() << " on the front, "
              << vd::published::published_front_of(found, mode).size() << " on the published one\n";
}

int main() {
    const auto folder = (std::filesystem::temp_directory_path() / ("verdant-modes-" + std::to_string(getpid()))).string() + '/';
    std::filesystem::create_directory(folder);

    // [run]
    const vd::clip_estimator cost; // CLIP ViT-B/16, used in British Columbia
    using study = vd::published::carbon<vd::random_search>;
    const auto found = study{clip_accuracy, cost}.run({.trials = 200, .seed = 1});
    // [/run]
    show("carbon", found, "carbon");

    // [bayes]
    const auto as_published = vd::published::carbon<vd::bayes<>>{clip_accuracy, cost}.run({.trials = 30, .seed = 1}); // 100 in the original
    // [/bayes]
    std::cout << "bayes: " << as_published.trials().size() << " trials\n";

    // [files]
    vd::io::write_file(folder + "carbon.csv", vd::io::csv_text(vd::published::published_table(found.trials())));
    const auto published = vd::published::published_front_of(found, "carbon"); // as the original extracts it
    const auto clean = vd::published::published_front_of(found, "carbon", vd::pareto::equal_vectors::keep_first);
    vd::io::write_file(folder + "carbon_curve.csv", vd::io::csv_text(vd::published::published_table(published)));
    // [/files]
    std::cout << "published front " << published.size() << ", clean " << clean.size() << '\n';

    // [limits]
    study tighter{clip_accuracy, cost};
    tighter.at_most<vd::latency>(30.0 * vd::milliseconds{});
    const auto quick = tighter.run({.trials = 200, .seed = 1});
    // [/limits]
    std::cout << "at most 30 ms: " << quick.size() << " on the front\n";

    // [bert]
    const vd::co_design_costs bert_cost{vd::workload::bert_base_uncased, vd::published::transformer::life}; // used in California
    const auto of_bert = bert_search{bert_accuracy, bert_cost}.run({.trials = 200, .seed = 1});
    const auto table = vd::published::published_table(of_bert.trials(), vd::workload::bert_base_uncased);
    // [/bert]
    show("BERT", of_bert, "carbon");
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        if (table.columns[c] == "Parameters") std::cout << table.rows.front()[c] << '\n';

    // [plots]
    const auto accuracy = vd::scatter_svg<vd::total_carbon, vd::accuracy, vd::latency>(found, "CLIP ViT-B/16", {.colour = {0, 50}}); // ms
    vd::io::write_file(folder + "accuracy.svg", accuracy);

    std::vector<std::pair<std::string, study::result_type>> runs;
    for (unsigned seed = 1; seed <= 4; ++seed)
        runs.emplace_back("seed " + std::to_string(seed), study{clip_accuracy, cost}.run({.trials = 100, .seed = seed}));
    vd::io::write_file(folder + "overlap.svg", vd::overlap_svg(runs, "four runs"));
    // [/plots]
    std::cout << "written:";
    for (const auto* name : {"carbon.csv", "carbon_curve.csv", "accuracy.svg", "overlap.svg"})
        if (std::filesystem::file_size(folder + name) > 0) std::cout << ' ' << name;
    std::cout << '\n';
    std::filesystem::remove_all(folder);
}
