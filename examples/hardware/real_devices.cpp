// Real devices: rooflines of kernels, a calibration, a CPU from measurements, a language model that is served, and a systolic array.

#include <verdant/hardware.hpp>
#include <verdant/units.hpp>
#include <verdant/workload.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace vd = verdant;
namespace hw = verdant::hardware;
namespace wl = verdant::workload;

// [bound]
// A product of 512 tokens with a matrix of 4096 x 4096 in 16 bit: what it takes at least, and what it waits for.
constexpr auto product = hw::matrix_product(512, 4096, 4096, hw::precision::fp16);
static_assert(hw::lower_bound(product, hw::a100_sxm_80gb, hw::precision::fp16) < 56.0 * vd::microseconds{});
static_assert(hw::bound_by(product, hw::a100_sxm_80gb, hw::precision::fp16) == hw::bottleneck::arithmetic);
// [/bound]

// [served]
constexpr hw::serving_plan sixteen_bit{.devices = 1, .arithmetic = hw::precision::bf16, .weights = hw::precision::bf16, .cache = hw::precision::bf16};

// 64 chats in flight on one H100, prompts of 512 tokens, answers of 400: a larger batch that does not fit would not compile.
struct chat
    : hw::served<hw::h100_sxm, wl::decoder_of(wl::llama_3_1_8b_published), sixteen_bit, hw::serving_load{.batch = 64, .prompt = 512, .answer = 400}> {
};

static_assert(chat::memory().get<hw::weight_memory>() == 8'030'261'248 * 2.0);
static_assert(chat::memory().get<hw::cache_memory>() < 6e9);
static_assert(chat::step() < 7.0 * vd::milliseconds{}); // between two words, at best
// [/served]

// [systolic]
constexpr auto conv1 =
    hw::product_of({.height = 227, .width = 227, .kernel_height = 11, .kernel_width = 11, .channels = 3, .filters = 96, .stride = 4});
constexpr auto on_cells = hw::systolic_cost_of(conv1, {.rows = 32, .columns = 32}, hw::systolic_dataflow::weight_stationary);
static_assert(on_cells.cycles == 112'283);
// [/systolic]

int main() {
    for (const hw::real_device& d : hw::published_devices) {
        const auto p = hw::precision::bf16;
        std::printf("%-10.*s ridge %6.1f operations a byte, 512 x 4096 x 4096 at least %6.1f us\n", static_cast<int>(d.name.size()), d.name.data(),
                    hw::ridge(d, p), vd::in<vd::microseconds>(hw::lower_bound(hw::matrix_product(512, 4096, 4096, p), d, p)));
    }

    // [calibrated]
    // Times of one kind of kernel, measured here or read from a file; the fit says what such kernels reach of the data sheet.
    const auto gelu = [](std::int64_t elements, double microseconds) {
        return hw::timed_kernel{hw::elementwise(elements, hw::precision::fp16), microseconds * vd::microseconds{}};
    };
    const std::array measured{gelu(1 << 14, 50), gelu(1 << 20, 52), gelu(1 << 26, 210), gelu(1 << 28, 700)};
    const hw::calibration kind = hw::fit_calibration(measured, hw::a100_sxm_80gb, hw::precision::fp16);
    const auto about = hw::estimated_time(hw::elementwise(1 << 27, hw::precision::fp16), hw::a100_sxm_80gb, hw::precision::fp16, kind);
    // [/calibrated]
    std::printf("a launch of %.0f us and %.0f %% of the bandwidth: 2^27 elements in about %.0f us\n", vd::in<vd::microseconds>(kind.launch),
                100 * kind.memory, vd::in<vd::microseconds>(about));

    // [measured]
    // The CPU at hand, by the table that measure_latency wrote; here a made-up one. No layer was faster than the bound of such a device.
    const wl::mobile_net net = wl::proxyless_cpu();
    wl::latency_table table{"latency.csv"};
    for (const auto& layer : wl::latency_layers(net))
        if (!table.has(layer.key)) table.add(layer.key, {.mean = 0.02 + hw::work_of(layer, hw::precision::fp32, 1).operations / 3e10 * 1e3});
    const auto layers = hw::timed_layers(net, table, hw::precision::fp32, 1);
    const hw::real_device cpu = hw::measured_device("the CPU at hand", layers, hw::precision::fp32, 16e9);
    // [/measured]
    std::printf("%.*s reached %.1f GFLOP/s and %.2f GB/s\n", static_cast<int>(cpu.name.size()), cpu.name.data(), cpu.peaks.fp32 / 1e9,
                cpu.bandwidth / 1e9);

    // [efficiency]
    // One factor turns the bound of a step into a forecast of latency and energy; 1.8 is about what docs/devices.md finds for prompts of 512.
    const double factor = 1.8;
    const vd::si::time step = factor * chat::step();
    const vd::si::energy token = hw::energy_per_token(step, chat::device, chat::plan, chat::load.batch);
    // [/efficiency]
    std::printf("chat: first word after %.1f ms at best, %.2f ms between words at best, about %.1f ms and %.2f J a word\n",
                vd::in<vd::milliseconds>(chat::first_word()), vd::in<vd::milliseconds>(chat::step()), vd::in<vd::milliseconds>(step),
                vd::in<vd::joules>(token));

    // [kinds]
    // A cache grows with its texts, with shared keys and values less so; a state does not.
    for (const auto& [name, model] :
         {std::pair{"Llama-3.1-8B", chat::model}, {"Llama-2-7B", wl::decoder_of(wl::llama_2_7b)}, {"Mamba-2.8B", wl::decoder_of(wl::mamba_2_8b)}})
        for (const double context : {1'000.0, 4'000.0}) {
            const auto t = hw::decode_time(model, hw::a100_sxm_80gb, sixteen_bit, 8, context, vd::si::time{});
            std::printf("%-12s 8 texts of %6.0f tokens: %6.2f ms a word, cache %7.2f GB\n", name, context, vd::in<vd::milliseconds>(t.total()),
                        wl::cached(model, 8, context) * 2 / 1e9);
        }
    // [/kinds]
    std::printf("AlexNet's first convolution on 32 x 32 cells: %lld cycles, %.1f %% of the cells in use\n", static_cast<long long>(on_cells.cycles),
                100 * on_cells.mapped);
}
