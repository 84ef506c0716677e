#include <verdant/io/document/csv.hpp>
#include <verdant/numeric/surrogate_quality.hpp>
#include <verdant/tabular/ablation.hpp>

#include "golden/golden.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace verdant;

namespace {

constexpr double tolerance = 1e-9;

/// Metrics of a part of the architectures may be off by this many standard errors.
constexpr double most_errors = 5;

/// How far a figure of a sample of architectures strays from that of all, by those of random halves of it: without replacement, halves of a sample
/// stray as the sample itself does from what it is a sample of, and less where that is not much larger.
template <class Figure>
double standard_error(std::size_t architectures, std::size_t all, const Figure& figure) {
    std::mt19937 numbers{1};
    std::vector<std::size_t> order(architectures);
    std::iota(order.begin(), order.end(), std::size_t{0});
    double mean = 0, squares = 0;
    constexpr int halves = 100;
    for (int h = 0; h < halves; ++h) {
        for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[numbers() % i]);
        const double value = figure(std::vector<std::size_t>(order.begin(), order.begin() + static_cast<std::ptrdiff_t>((architectures + 1) / 2)));
        const double step = value - mean;
        mean += step / (h + 1);
        squares += step * (value - mean);
    }
    return std::sqrt(squares / (halves - 1) * (1 - static_cast<double>(architectures) / static_cast<double>(all)));
}

std::vector<double> picked(const std::vector<double>& all, const std::vector<std::size_t>& rows) {
    std::vector<double> out;
    for (const auto r : rows) out.push_back(all[r]);
    return out;
}

void compare(golden::summary& summary, const golden::json& expected, const std::vector<double>& predicted, const std::vector<double>& actual,
             std::size_t all, const std::string& what) {
    const auto q = surrogate::surrogate_quality_of(predicted, actual);
    summary.next_row();
    if (actual.size() != all) {
        // As good, but not the same numbers.
        const auto near = [&](const char* name, double surrogate::surrogate_quality::* metric) {
            const auto error = standard_error(actual.size(), all, [&](const std::vector<std::size_t>& rows) {
                return surrogate::surrogate_quality_of(picked(predicted, rows), picked(actual, rows)).*metric;
            });
            INFO(q.*metric << " of some, " << expected.at(name).get<double>() << " of all, standard error " << error);
            summary.equal(what + ", " + name + " of some of the architectures", true,
                          std::abs(q.*metric - expected.at(name).get<double>()) <= most_errors * error);
        };
        near("kendall_tau", &surrogate::surrogate_quality::kendall_tau);
        near("spearmanr", &surrogate::surrogate_quality::spearman);
        near("mae", &surrogate::surrogate_quality::mae);
        near("kl", &surrogate::surrogate_quality::kl_divergence);
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
        const auto all = file.at("n_architectures").get<std::size_t>();
        const bool all_there = a.proxified.architectures() == all;
        if (a.proxified.architectures() < 20 || a.proxified.architectures() > all) {
            golden::skip(f.name, "the table has " + std::to_string(a.proxified.architectures()) + " of " + std::to_string(all) + " architectures");
            continue;
        }
        if (!all_there) golden::skip(f.name, "exact metrics: the table has some of the architectures only; they are compared within margins");
        const auto other_two = std::vector<std::size_t>{1, 2}, first_two = std::vector<std::size_t>{0, 1};
        const auto seed = [](std::size_t s) { return std::vector<std::size_t>{s}; };
        compare(summary, file.at("mean_proxified_vs_mean_fewproxy"), a.proxified.mean(), a.few_proxy.mean(), all, "means");
        compare(summary, file.at("tab_fewprox1_vs_fewprox23"), a.few_proxy.mean_over(seed(0)), a.few_proxy.mean_over(other_two), all,
                "few proxies, seed 1");
        compare(summary, file.at("tab_prox2_vs_fewprox23"), a.proxified.mean_over(seed(1)), a.few_proxy.mean_over(other_two), all,
                "proxified, seed 2");
        compare(summary, file.at("tab_prox1_vs_prox23"), a.proxified.mean_over(seed(0)), a.proxified.mean_over(other_two), all, "proxified, seed 1");
        compare(summary, file.at("tab_prox3_vs_prox12"), a.proxified.mean_over(seed(2)), a.proxified.mean_over(first_two), all, "proxified, seed 3");
        summary.next_row();
        if (all_there) {
            summary.compare("deviation, proxified", file.at("mean_std_proxified").get<double>(), a.proxified.mean_deviation());
            summary.compare("deviation, few proxies", file.at("mean_std_fewproxy").get<double>(), a.few_proxy.mean_deviation());
            summary.compare("hours, proxified", file.at("train_hours_one_4gpu_node").at("proxified").get<double>(), a.proxified.hours());
            summary.compare("hours, few proxies", file.at("train_hours_one_4gpu_node").at("fewproxy").get<double>(), a.few_proxy.hours());
        } else {
            const auto near = [&](const std::string& what, double expected, const std::vector<double>& of_each) {
                const auto mean = [&](const std::vector<double>& values) {
                    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
                };
                const auto error =
                    standard_error(of_each.size(), all, [&](const std::vector<std::size_t>& rows) { return mean(picked(of_each, rows)); });
                INFO(mean(of_each) << " of some, " << expected << " of all, standard error " << error);
                summary.equal(what, true, std::abs(mean(of_each) - expected) <= most_errors * error);
            };
            const auto& hours = file.at("train_hours_one_4gpu_node");
            for (const auto& [recipe, of] : {std::pair{"proxified", &a.proxified}, std::pair{"fewproxy", &a.few_proxy}}) {
                near(std::string{"deviation, "} + recipe, file.at(std::string{"mean_std_"} + recipe).get<double>(), of->deviation());
                std::vector<double> seconds(of->architectures());
                for (const auto& seed_of_all : of->seconds)
                    for (std::size_t i = 0; i < seconds.size(); ++i) seconds[i] += seed_of_all[i];
                summary.compare(std::string{"hours of all trainings, "} + recipe, std::accumulate(seconds.begin(), seconds.end(), 0.0) / 3600,
                                of->hours());
                near(std::string{"seconds of an architecture, "} + recipe,
                     hours.at(recipe).get<double>() * 3600 / file.at("n_architectures").get<double>(), seconds);
            }
        }
    }
}
