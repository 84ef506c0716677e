// A collection of measured architectures that any number of processes may share, what it emits, and the choice of a cheap training.

#include <verdant/carbon/intensity.hpp>
#include <verdant/collection.hpp>
#include <verdant/space.hpp>
#include <verdant/units.hpp>

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

namespace vd = verdant;

struct nets : vd::space<vd::param<"depth", vd::range<1, 8>>, vd::param<"width", vd::choices<8, 16, 32, 64>>> {};
struct proxies : vd::space<vd::param<"epochs", vd::choices<1, 4, 16>>, vd::param<"side", vd::choices<96, 160>>> {};

// In earnest, a training. It may also say why an architecture has no result.
vd::collection::collected measured(std::size_t id, const vd::point<nets>& p) {
    const int depth = p.get<"depth">(), width = p.get<"width">();
    if (depth * width > 150) return vd::collection::left_out{"too large for this machine"};
    return "{\"id\": " + std::to_string(id) + ", \"depth\": " + std::to_string(depth) + ", \"width\": " + std::to_string(width) + "}\n";
}

int main() {
    const auto folder = (std::filesystem::temp_directory_path() / ("verdant-nets-" + std::to_string(::getpid()))).string();
    // [collect]
    // Other processes may run the same line meanwhile; what is killed is taken over, and what is done stays done.
    const auto report = [](const vd::collection::collection_progress& p) { return p.finished < 6; }; // an interruption
    vd::collection::collect_networks<nets>(folder, measured, {.networks = 10, .seed = 1}, {{"epochs", "16"}}, report);
    const auto end = vd::collection::collect_networks<nets>(folder, measured, {.networks = 10, .seed = 1}, {{"epochs", "16"}},
                                                            [](const vd::collection::collection_progress&) { return true; });
    std::printf("%zu results, %zu of them by the second call; %zu left out\n", end.finished, end.here, end.left_out);
    // [/collect]
    // [footprint]
    const auto f = vd::collection::footprint_of(200.0 * vd::hours{}, 1500.0 * vd::watts{}, 710.0 * vd::grams_per_kilowatt_hour{});
    std::printf("%.0f kWh, %.0f kg CO2e\n", vd::in<vd::kilowatt_hours>(f.used), vd::in<vd::kilograms_co2e>(f.emitted));
    // [/footprint]
    // [proxies]
    const vd::collection::tau_against tau{{60, 65, 70, 72, 75}}; // of five networks, trained in full
    const auto cheap = [](const vd::point<proxies>& p) {
        const double epochs = p.get<"epochs">(), side = p.get<"side">(), error = 160 / side * 6 / epochs;
        return vd::collection::proxy_trial{{40 + error, 46, 50 - error, 53, 54 + error}, epochs * side * side / 1e3 * vd::seconds{}};
    };
    const auto found = vd::collection::proxy_search(vd::feasible_points<proxies>(), cheap, tau, 250.0 * vd::seconds{});
    const auto& best = found.tried.at(found.best.value());
    std::printf("of %zu settings: %d epochs, %d pixels, tau %.1f\n", found.tried.size(), best.settings.get<"epochs">(), best.settings.get<"side">(),
                best.tau);
    // [/proxies]
    std::filesystem::remove_all(folder);
}
