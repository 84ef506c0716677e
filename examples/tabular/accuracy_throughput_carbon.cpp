// Accuracy, throughput and carbon at once: two surrogates that are fitted to records, and the analytic models of a chip and of the carbon of its life.

#include <verdant/evaluators.hpp>
#include <verdant/spaces.hpp>
#include <verdant/surrogate.hpp>
#include <verdant/tabular.hpp>
#include <verdant/verdant.hpp>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace vd = verdant;
namespace tabular = verdant::tabular;
using vd::spaces::mnasnet;

// [device]
// A device of one's own, and what was measured on it: latency is not, so benchmark<mnasnet, npu, latency> does not compile.
struct npu : tabular::device<"npu", vd::throughput> {};
using bench = tabular::benchmark<mnasnet, npu, vd::top1, vd::throughput>;
// [/device]

// Records as a laboratory would have them; here a rule stands for trainings and measurements, of which each is a little off.
std::string laboratory(std::size_t networks) {
    vd::random_stream random{7};
    std::string csv = "split";
    for (std::size_t p = 0; p < vd::parameter_count<mnasnet>; ++p) csv += ',' + std::string{vd::view_of<mnasnet>.name(p)};
    csv += ",val_top1,throughput_npu_mean\n";
    for (std::size_t i = 0; i < networks; ++i) {
        const auto p = vd::sample<mnasnet>(random);
        double quality = 0, work = 1;
        csv += i % 10 == 0 ? "val" : "train";
        for (std::size_t b = 0; b < 7; ++b) {
            const auto value = [&](std::size_t at) { return static_cast<double>(vd::view_of<mnasnet>.code_of(4 * b + at, p[4 * b + at])); };
            for (std::size_t at = 0; at < 4; ++at) csv += ',' + std::to_string(static_cast<int>(value(at)));
            quality += value(0) * 0.3 + value(1) * 0.2 + value(2) * 0.5 + value(3) * 0.4;
            work += value(0) * value(2) * (1 + value(1) / 25);
        }
        const auto noise = 1 + 0.002 * (static_cast<double>(random() % 1000) / 500 - 1);
        csv += ',' + vd::rounded_text(75 - 120 / quality * noise) + ',' + vd::rounded_text(90000 / work * noise) + '\n';
    }
    return csv;
}

// [fit]
tabular::metric_source<mnasnet> surrogate_of(const tabular::record_table<mnasnet>& records, const char* target) {
    const auto train = tabular::rows_of(records, records.split("train"), target), val = tabular::rows_of(records, records.split("val"), target);
    // Six members, which differ in what each level of a tree may ask; how far they are from each other says how sure the surrogate is.
    std::vector<tabular::fitted_model> members;
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U})
        members.emplace_back(vd::surrogate::fit_boosted_trees({train.features(), train.y}, {.rounds = 400, .seed = seed}, {val.features(), val.y}).model);
    return tabular::source_of<mnasnet>(tabular::target_model{train.target, train.unit, tabular::parameter_names<mnasnet>(), std::move(members)});
}
// [/fit]

int main() {
    // [benchmark]
    const auto records = tabular::parse_record_table<mnasnet>(laboratory(600), "laboratory");
    const bench b{surrogate_of(records, "acc"), surrogate_of(records, "throughput_npu")};
    const auto answer = b.query(vd::spaces::efficientnet_b0);
    std::printf("EfficientNet-B0: top-1 %.2f +- %.2f %%, %.0f +- %.0f images/s\n", vd::in<vd::percent>(answer.mean.get<vd::top1>()),
                vd::in<vd::percent>(answer.std.get<vd::top1>()), vd::in<vd::images_per_second>(answer.mean.get<vd::throughput>()),
                vd::in<vd::images_per_second>(answer.std.get<vd::throughput>()));
    // [/benchmark]
    // [search]
    using study = vd::search<mnasnet, vd::maximize<vd::top1>, vd::maximize<vd::throughput>, vd::minimize<vd::total_carbon>, vd::track<vd::energy>, vd::nsga2<>>;
    const vd::co_design_costs on_chip{vd::whole_network{}, vd::hardware::from_clusters(1, 64, 64, 256, 128, 4)};
    const auto result = study{b, on_chip}.run({.trials = 600, .seed = 3, .threads = 0});
    // [/search]
    std::printf("%zu networks on the front of %zu; some of them:\n%8s %9s %10s %7s\n", result.front().size(), result.trials().size(), "top-1", "images/s", "g CO2e", "mJ");
    for (std::size_t i = 0; i < result.front().size(); i += result.front().size() / 5) {
        const auto& t = result.front()[i];
        std::printf("%6.1f %% %9.0f %10.2f %7.2f\n", vd::in<vd::percent>(t.get<vd::top1>()), vd::in<vd::images_per_second>(t.get<vd::throughput>()),
                    vd::in<vd::grams_co2e>(t.get<vd::total_carbon>()), 1e3 * vd::in<vd::joules>(t.get<vd::energy>()));
    }
    // [cautious]
    // What the members disagree about is taken at its worst: mean minus two standard deviations of what is maximised.
    const auto cautious = b.confidence_bound<vd::maximize<vd::top1>, vd::maximize<vd::throughput>>(-2);
    const auto safe = study{cautious, on_chip}.run({.trials = 600, .seed = 3, .threads = 0});
    // [/cautious]
    std::printf("cautiously: %zu networks on the front\n", safe.front().size());
}
