#include "../golden.hpp"

#include <verdant/hardware/devices/published_devices.hpp>
#include <verdant/hardware/devices/serving.hpp>
#include <verdant/workload/language/language_configs.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Language models as others served them, a file a model. From published figures of the devices alone, one factor turns the bound of a step into the
// time between tokens and into the energy of a token; it is the same for all batches of a model on so many devices, and for both metrics. What it is
// where only every other batch is known is reported beside it.
namespace {

namespace hw = verdant::hardware;
namespace wl = verdant::workload;

/// The prompts' length is in no file. 128 is assumed: the 405-billion model on eight B200 had 3589 texts in flight, whose caches fit only below some
/// 150.
constexpr std::array prompts{128.0, 256.0, 512.0};

std::optional<wl::decoder> model_named(const std::string& id) {
    const std::array<std::pair<std::string, wl::decoder>, 6> known{{
        {"Llama-3.1-8B", wl::decoder_of(wl::llama_3_1_8b_published)},
        {"Llama-3.1-70B", wl::decoder_of(wl::llama_3_1_70b)},
        {"Llama-3.3-70B", wl::decoder_of(wl::llama_3_1_70b)},
        {"Llama-3.1-405B", wl::decoder_of(wl::llama_3_1_405b)},
        {"Llama-3.2-1B", wl::decoder_of(wl::llama_3_2_1b, wl::output_embedding::tied)},
        {"Llama-3.2-3B", wl::decoder_of(wl::llama_3_2_3b, wl::output_embedding::tied)},
    }};
    for (const auto& [name, model] : known)
        if (id.find(name) != std::string::npos) return model;
    return std::nullopt;
}

std::optional<hw::precision> precision_named(const std::string& name) {
    if (name == "bfloat16") return hw::precision::bf16;
    if (name == "float16") return hw::precision::fp16;
    if (name == "fp8" || name == "float8") return hw::precision::fp8;
    return std::nullopt;
}

double median(std::vector<double> v) {
    std::sort(v.begin(), v.end());
    return v.size() % 2 ? v[v.size() / 2] : (v[v.size() / 2 - 1] + v[v.size() / 2]) / 2;
}

double median_error(std::vector<double> ratios, double factor) {
    for (double& r : ratios) r = std::abs(factor / r - 1);
    return median(std::move(ratios));
}

struct measured_step {
    double batch, answer, between, mean, joules; ///< seconds between tokens (median), and of a step (mean: batch / throughput)
    hw::serving_plan plan;
};

struct agreement {
    double factor, time_error, energy_error, least;
    double half_factor, half_time_error, half_energy_error; ///< fitted to every other batch, held against all
};

/// The factor whose larger median error, of time or of energy, is least.
double best_factor(const std::vector<double>& times, const std::vector<double>& energies) {
    double factor = 1, best = std::numeric_limits<double>::infinity();
    for (double f = 1; f < 20; f *= 1.005)
        if (const double error = std::max(median_error(times, f), median_error(energies, f)); error < best) {
            best = error;
            factor = f;
        }
    return factor;
}

agreement agreement_of(const std::vector<measured_step>& steps, const wl::decoder& model, const hw::real_device& device, double prompt) {
    std::vector<double> times, energies, half_of_times, half_of_energies;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& s : steps) {
        const auto bound = hw::step_time(model, device, s.plan, {s.batch, prompt, s.answer}, verdant::si::time{}).total();
        times.push_back(s.between / verdant::to_si(bound));
        energies.push_back(s.joules / verdant::to_si(hw::energy_per_token(bound, device, s.plan, s.batch)));
        least = std::min(least, s.mean / verdant::to_si(bound));
        if (times.size() % 2 == 1) {
            half_of_times.push_back(times.back());
            half_of_energies.push_back(energies.back());
        }
    }
    const double factor = best_factor(times, energies), half = best_factor(half_of_times, half_of_energies);
    return {factor, median_error(times, factor), median_error(energies, factor), least,
            half,   median_error(times, half),   median_error(energies, half)};
}

} // namespace

TEST_CASE("one factor on the bound of a serving step gives latency and energy of a token") {
    for (const auto& f : golden::find_all("real/serving/*.json")) {
        const auto j = golden::read_json(f.path);
        const auto id = j.at("model_id").get<std::string>(), stored = j.at("weight_precision").get<std::string>();
        const auto model = model_named(id);
        if (!model) {
            golden::skip(f.name, "no dimensions of " + id);
            continue;
        }
        const auto weights = precision_named(stored);
        if (!weights) {
            golden::skip(f.name, "weights in " + stored);
            continue;
        }
        // the file says how many parameters there are, in some files rounded to 10^9: a model of 1.24 x 10^9 has 1
        const double billions = static_cast<double>(model->parameters()) / 1e9, said = j.at("total_params_billions").get<double>();
        CHECK((std::abs(billions / said - 1) < 0.05 || (said == std::round(said) && std::abs(billions - said) <= 0.5)));
        std::map<std::pair<std::string, int>, std::vector<measured_step>> by_device; // and by how many of them
        for (const auto& c : j.at("configurations")) {
            const auto& p = c.at("parallelization");
            const auto gpu = c.at("gpu_model").get<std::string>();
            const auto measured = [&c](const char* key) { return c.contains(key) && c.at(key).is_number(); };
            if (!measured("avg_batch_size") || !measured("avg_output_len") || !measured("median_itl_ms") || !measured("energy_per_token_joules") ||
                !measured("output_throughput_tokens_per_sec")) {
                golden::skip(f.name + ", " + gpu, "a configuration without its measurements");
                continue;
            }
            const int gpus = c.at("num_gpus").get<int>();
            if (p.at("tensor_parallel").get<int>() != gpus) {
                golden::skip(f.name + ", " + gpu, "not all devices share each layer");
                continue;
            }
            // 8-bit weights are multiplied in 8 bit; caches are 16 bits wide unless a file says otherwise
            by_device[{gpu, gpus}].push_back({c.at("avg_batch_size"),
                                              c.at("avg_output_len"),
                                              c.at("median_itl_ms").get<double>() * 1e-3,
                                              c.at("avg_batch_size").get<double>() / c.at("output_throughput_tokens_per_sec").get<double>(),
                                              c.at("energy_per_token_joules"),
                                              {gpus, *weights, *weights, hw::precision::bf16}});
        }
        for (auto& [kind, steps] : by_device) {
            const auto& gpu = kind.first;
            const auto devices = gpu + (kind.second == 1 ? "" : " x " + std::to_string(kind.second));
            const auto* device = std::find_if(hw::published_devices.data(), hw::published_devices.data() + hw::published_devices.size(),
                                              [&](const auto& d) { return d.name == gpu; });
            if (device == hw::published_devices.data() + hw::published_devices.size()) {
                golden::skip(f.name + ", " + devices, "no published figures of this device");
                continue;
            }
            if (!hw::computes(*device, *weights)) {
                golden::skip(f.name + ", " + devices, "no published peak in " + stored);
                continue;
            }
            std::sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.batch < b.batch; });
            for (const double prompt : prompts) {
                const auto a = agreement_of(steps, *model, *device, prompt);
                std::printf("golden %s, %s, prompts of %.0f: %zu rows, a mean step is at least %.2f bounds, factor %.2f, median error of time %.3f, "
                            "of energy %.3f (factor of every other row %.2f: %.3f, %.3f)\n",
                            f.name.c_str(), devices.c_str(), prompt, steps.size(), a.least, a.factor, a.time_error, a.energy_error, a.half_factor,
                            a.half_time_error, a.half_energy_error);
                if (prompt == prompts[0]) {
                    CHECK(a.least >= 1); // a bound of the mean step; the median of the times between tokens leaves out those that read many prompts
                    if (gpu == "H100") {
                        CHECK(a.time_error <= 0.25);
                        CHECK(a.energy_error <= 0.25);
                    }
                }
            }
        }
    }
}
