// Seeded searches of the published program, every one of them: history, best sub-network, its peak, number of evaluations of the peak.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/published/published_evolution.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

using namespace verdant;
using golden::json;
namespace published = verdant::spaces::reference;

namespace {

/// What the program found, in the form of the file.
struct outcome {
    std::uint64_t calls = 0;
    spaces::ofa_arch arch{};
    double peak = 0;
    std::vector<double> history;

    [[nodiscard]] bool same_as(const outcome& other, double tolerance) const {
        bool same = calls == other.calls && arch == other.arch && peak == other.peak && history.size() == other.history.size();
        for (std::size_t i = 0; same && i < history.size(); ++i) same = std::abs(history[i] - other.history[i]) <= tolerance;
        return same;
    }
};

/// @param noise 0 for the predictions as they are; else each is moved by one unit in the last place, up, down or not at all, as this seed says
template <class S>
outcome repeat_run(const json& run, const surrogate::mlp& network, std::uint64_t noise) {
    const spaces::accuracy_predictor<spaces::moofa_encoding<S>> predictor{network};
    typename spaces::accuracy_predictor<spaces::moofa_encoding<S>>::workspace room;
    const auto predict = [&](std::span<const spaces::ofa_arch> archs, std::span<float> out) {
        predictor.predict(archs, out, room);
        if (noise == 0) return;
        // By the value, so that equal predictions stay equal.
        for (auto& x : out)
            if (const auto way = splitmix64(noise ^ splitmix64(std::bit_cast<std::uint32_t>(x))) % 3; way > 0)
                x = std::nextafter(x, way == 1 ? 0.0F : 1.0F);
    };
    const auto peak = [](const spaces::ofa_arch& a) { return workload::peak_memory(spaces::net_of(S::family, a)); };
    const auto seed = run.at("seed").get<std::uint32_t>();
    reference::python_random python{seed};
    reference::numpy_random numpy{seed};
    const auto found = published::published_evolution<S>(
        run.at("constraint").get<double>(), predict, peak, python, numpy,
        {.population = run.at("population_size").get<std::size_t>(), .iterations = run.at("max_time_budget").get<std::size_t>()});
    return {found.efficiency_calls, found.arch, found.efficiency, found.best_values};
}

outcome repeat_run(const json& run, const surrogate::mlp& network, std::uint64_t noise) {
    const auto family = run.at("family").get<std::string>();
    // The original's search knows no coupling: OFA and CompOFA search the same networks with the same draws.
    if (family == "MOOFA_V1") return repeat_run<spaces::moofa_v1>(run, network, noise);
    if (family == "MOOFA_V2") return repeat_run<spaces::moofa_v2>(run, network, noise);
    if (family == "MOOFA_V3") return repeat_run<spaces::moofa_v3>(run, network, noise);
    return repeat_run<spaces::ofa_mobilenet_v3<>>(run, network, noise);
}

} // namespace

TEST_CASE("Seeded evolutionary searches equal the original's", "[golden]") {
    for (const auto& f : golden::find_all("moofa/search/evolution_goldens*.json")) {
        std::map<std::string, surrogate::mlp> networks;
        std::set<std::string> absent; // families
        const auto all = golden::read_json(f.path);
        for (const auto& run : all) {
            const auto family = run.at("family").get<std::string>();
            if (networks.contains(family) || absent.contains(family)) continue;
            if (std::find(golden::family_names.begin(), golden::family_names.end(), family) == golden::family_names.end()) {
                golden::skip(f.name, "no known family is called " + family);
                absent.insert(family);
                continue;
            }
            const auto checkpoint = golden::find("moofa/predictors/" + golden::set_of_family(family) + ".safetensors");
            if (!checkpoint) {
                absent.insert(family);
                continue;
            }
            networks.emplace(family, surrogate::mlp::from(io::read_tensors(checkpoint->string())));
        }
        golden::summary sum{f.name, 2e-6};
        std::size_t runs = 0, ties = 0;
        for (const auto& family : absent) sum.leave_out("there is no predictor of " + family);
        for (const auto& run : all) {
            if (absent.contains(run.at("family").get<std::string>())) continue;
            sum.next_row();
            ++runs;
            const auto& best = run.at("best");
            const outcome expected{run.at("efficiency_calls").get<std::uint64_t>(), golden::arch_of(best.at("arch")), best.at("peak").get<double>(),
                                   run.at("best_valids").get<std::vector<double>>()};
            const auto& network = networks.at(run.at("family").get<std::string>());
            auto found = repeat_run(run, network, 0);
            // Single precision leaves the last bit to the order of a sum, and one bit decides between two parents that are almost equal. Such a run
            // is not reproduced as it stands; it must come out as recorded when the predictions' last bits fall otherwise.
            if (!found.same_as(expected, 2e-6)) {
                ++ties;
                std::uint64_t noise = 0;
                while (noise < 200 && !found.same_as(expected, 2e-6)) found = repeat_run(run, network, ++noise);
                std::printf("golden %s: %s, constraint %.0f, seed %u: another course with our predictions; %s\n", f.name.c_str(),
                            run.at("family").get<std::string>().c_str(), run.at("constraint").get<double>(), run.at("seed").get<unsigned>(),
                            found.same_as(expected, 2e-6) ? ("the recorded one in variation " + std::to_string(noise) + " of their last bits").c_str()
                                                          : "no variation of their last bits gives the recorded one");
            }
            sum.equal("evaluations of the peak", expected.calls, found.calls);
            sum.equal("best sub-network", expected.arch, found.arch);
            sum.compare("its peak", expected.peak, found.peak);
            const auto& net = golden::family_named(run.at("family").get<std::string>()).net;
            sum.agree("its MACs", best.at("flops_M").get<double>(), static_cast<double>(workload::macs(spaces::net_of(net, found.arch))) / 1e6);
            if (!found.history.empty()) sum.agree("its accuracy", best.at("acc").get<double>(), found.history.back());
            sum.equal("iterations", expected.history.size(), found.history.size());
            for (std::size_t i = 0; i < expected.history.size() && i < found.history.size(); ++i)
                sum.compare("history", expected.history[i], found.history[i]);
        }
        std::printf("golden %s: %zu of %zu runs reproduced with the predictions as they are, %zu only with other last bits\n", f.name.c_str(),
                    runs - ties, runs, ties);
        // One run in fifty, as our predictions and the original's agree to the last bit but for the order of sums.
        CHECK(ties <= (runs + 49) / 50);
    }
}
