#include <verdant/io/document/csv.hpp>
#include <verdant/numeric/surrogate_quality.hpp>
#include <verdant/tabular/ablation.hpp>

#include "golden/golden.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

using namespace verdant;

namespace {

constexpr double tolerance = 1e-9;

void compare(golden::summary& summary, const golden::json& expected, const std::vector<double>& predicted, const std::vector<double>& actual,
             bool all_there, const std::string& what) {
    const auto q = surrogate::surrogate_quality_of(predicted, actual);
    summary.next_row();
    if (!all_there) {
        // Two thirds of the architectures: as good, but not the same numbers.
        const auto near = [&](const char* name, double found, double margin) {
            summary.equal(what + ", " + name + " of some of the architectures", true, std::abs(found - expected.at(name).get<double>()) <= margin);
        };
        near("kendall_tau", q.kendall_tau, 0.02);
        near("spearmanr", q.spearman, 0.01);
        near("mae", q.mae, 0.05 * expected.at("mae").get<double>() + 0.05);
        near("kl", q.kl_divergence, 0.3 * expected.at("kl").get<double>());
        return;
    }
    summary.compare(what + ", kl", expected.at("kl").get<double>(), q.kl_divergence);
    summary.compare(what + ", mae", expected.at("mae").get<double>(), q.mae);
    summary.compare(what + ", rmse", expected.at("rmse").get<double>(), q.rmse);
    summary.compare(what + ", r2", expected.at("r2").get<double>(), q.r2);
    summary.compare(what + ", kendall_tau", expected.at("kendall_tau").get<double>(), q.kendall_tau);
    summary.compare(what + ", spearmanr", expected.at("spearmanr").get<double>(), q.spearman);
}

} // namespace

TEST_CASE("What proxies cost and save is what was published", "[golden]") {
    for (const auto& f : golden::find_all("anb/ablation_metrics*.json")) {
        golden::summary summary{f.name, tolerance};
        const auto file = golden::read_json(f.path);
        const tabular::training_node node;
        double emissions[2]{};
        for (std::size_t i = 0; const char* recipe : {"proxified", "fewproxy"}) {
            summary.next_row();
            emissions[i] = node.emissions(file.at("train_hours_one_4gpu_node").at(recipe).get<double>());
            summary.compare(std::string{"emissions, "} + recipe, file.at("co2_kg").at(recipe).get<double>(), emissions[i]);
            ++i;
        }
        summary.compare("ratio of emissions", file.at("co2_ratio").get<double>(), emissions[1] / emissions[0]);

        const auto table = golden::find("anb/ablation" + f.star + ".csv");
        if (!table) continue;
        const auto a = tabular::proxy_ablation::from(io::read_csv(table->string()));
        const bool all_there = a.proxified.architectures() == file.at("n_architectures").get<std::size_t>();
        if (!all_there) golden::skip(f.name, "exact metrics: the table has some of the architectures only; they are compared within margins");
        const auto other_two = std::vector<std::size_t>{1, 2}, first_two = std::vector<std::size_t>{0, 1};
        const auto seed = [](std::size_t s) { return std::vector<std::size_t>{s}; };
        compare(summary, file.at("mean_proxified_vs_mean_fewproxy"), a.proxified.mean(), a.few_proxy.mean(), all_there, "means");
        compare(summary, file.at("tab_fewprox1_vs_fewprox23"), a.few_proxy.mean_over(seed(0)), a.few_proxy.mean_over(other_two), all_there,
                "few proxies, seed 1");
        compare(summary, file.at("tab_prox2_vs_fewprox23"), a.proxified.mean_over(seed(1)), a.few_proxy.mean_over(other_two), all_there,
                "proxified, seed 2");
        compare(summary, file.at("tab_prox1_vs_prox23"), a.proxified.mean_over(seed(0)), a.proxified.mean_over(other_two), all_there,
                "proxified, seed 1");
        compare(summary, file.at("tab_prox3_vs_prox12"), a.proxified.mean_over(seed(2)), a.proxified.mean_over(first_two), all_there,
                "proxified, seed 3");
        summary.next_row();
        if (all_there) {
            summary.compare("deviation, proxified", file.at("mean_std_proxified").get<double>(), a.proxified.mean_deviation());
            summary.compare("deviation, few proxies", file.at("mean_std_fewproxy").get<double>(), a.few_proxy.mean_deviation());
            summary.compare("hours, proxified", file.at("train_hours_one_4gpu_node").at("proxified").get<double>(), a.proxified.hours());
            summary.compare("hours, few proxies", file.at("train_hours_one_4gpu_node").at("fewproxy").get<double>(), a.few_proxy.hours());
        } else {
            const auto share = static_cast<double>(a.proxified.architectures()) / file.at("n_architectures").get<double>();
            const auto near = [&](const char* what, double expected, double found) {
                summary.equal(what, true, std::abs(found / expected - 1) < 0.12);
            };
            near("deviation, proxified", file.at("mean_std_proxified").get<double>(), a.proxified.mean_deviation());
            near("deviation, few proxies", file.at("mean_std_fewproxy").get<double>(), a.few_proxy.mean_deviation());
            near("hours, proxified", share * file.at("train_hours_one_4gpu_node").at("proxified").get<double>(), a.proxified.hours());
            near("hours, few proxies", share * file.at("train_hours_one_4gpu_node").at("fewproxy").get<double>(), a.few_proxy.hours());
        }
    }
}
