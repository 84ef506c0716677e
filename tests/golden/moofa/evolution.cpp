// Seeded searches of the published program, every one of them: history, best sub-network, its peak, number of evaluations of the peak.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/io/tensor_file.hpp>
#include <verdant/spaces/accuracy_predictor.hpp>
#include <verdant/spaces/published_evolution.hpp>
#include <verdant/workload/mobile_costs.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <string>

using namespace verdant;
using golden::json;
namespace published = verdant::spaces::reference;

namespace {

template <class S>
void repeat_run(golden::summary& sum, const json& run, const surrogate::mlp& network) {
    const spaces::accuracy_predictor<spaces::moofa_encoding<S>> predictor{network};
    typename spaces::accuracy_predictor<spaces::moofa_encoding<S>>::workspace room;
    const auto predict = [&](std::span<const spaces::ofa_arch> archs, std::span<float> out) { predictor.predict(archs, out, room); };
    const auto peak = [](const spaces::ofa_arch& a) { return workload::peak_memory(spaces::net_of(S::family, a)); };
    const auto seed = run.at("seed").get<std::uint32_t>();
    reference::python_random python{seed};
    reference::numpy_random numpy{seed};
    const auto found = published::published_evolution<S>(
        run.at("constraint").get<double>(), predict, peak, python, numpy,
        {.population = run.at("population_size").get<std::size_t>(), .iterations = run.at("max_time_budget").get<std::size_t>()});
    sum.next_row();
    const auto& best = run.at("best");
    sum.equal("evaluations of the peak", run.at("efficiency_calls").get<std::uint64_t>(), found.efficiency_calls);
    sum.equal("best sub-network", golden::arch_of(best.at("arch")), found.arch);
    sum.compare("its peak", best.at("peak").get<double>(), found.efficiency);
    sum.compare("its accuracy", best.at("acc").get<double>(), found.accuracy);
    sum.equal("iterations", run.at("best_valids").size(), found.best_values.size());
    for (std::size_t i = 0; i < found.best_values.size(); ++i) sum.compare("history", run.at("best_valids").at(i).get<double>(), found.best_values[i]);
}

} // namespace

TEST_CASE("Seeded evolutionary searches equal the original's", "[golden]") {
    const auto path = golden::find("moofa/search/evolution_goldens.json");
    if (!path) return;
    const std::map<std::string, std::string> files{{"OFA", "MIT_OFA"}, {"CompOFA", "CompOFA"}, {"MOOFA_V3", "MC_OFA"}};
    std::map<std::string, surrogate::mlp> networks;
    for (const auto& [family, file] : files) {
        const auto checkpoint = golden::find("moofa/predictors/" + file + ".safetensors");
        if (!checkpoint) return;
        networks.emplace(family, surrogate::mlp::from(io::read_tensors(checkpoint->string())));
    }
    golden::summary sum{"evolution_goldens.json", 2e-6};
    for (const auto& run : golden::read_json(*path)) {
        const auto family = run.at("family").get<std::string>();
        golden::with_space(family, [&]<class S>() { repeat_run<S>(sum, run, networks.at(family)); });
    }
}
