// expect: verdant: a die has an area above 0 mm2
#include <verdant/carbon.hpp>
#include <verdant/parallel/executor.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/units.hpp>

#include <cstddef>
#include <cstdio>
#include <string>

namespace vd = verdant;
namespace carbon = verdant::carbon;
using carbon::integration;
using carbon::layered_node;

#if defined(VERDANT_GOOD)
struct compute : carbon::chiplet<78.0, layered_node::nm7, 13> {}; // mm2, process, metal layers
#else
struct compute : carbon::chiplet<0.0, layered_node::nm7, 13> {}; // mm2, process, metal layers
#endif
struct io : carbon::chiplet<125.0, layered_node::nm14, 12> {};
struct server_chip : carbon::package<integration::organic, carbon::copies<8, compute>, io> {};
struct stacked : carbon::package<integration::hybrid_bonds, io, compute> {}; // the first lies below

constexpr carbon::package_carbon made = carbon::embodied<server_chip>({.area = 4410.0 * vd::square_millimetres{}});
static_assert(made.total() < 21.0 * vd::kilograms_co2e{});
static_assert(carbon::silicon_area<server_chip>() < 750.0 * vd::square_millimetres{});

constexpr auto large = 700.0 * vd::square_millimetres{}, small = 70.0 * vd::square_millimetres{};
static_assert(carbon::dies_per_wafer(large) == 75 && carbon::dies_per_wafer(small) == 930);
static_assert(carbon::die_yield(large, {.per_square_centimetre = 0.2}) < 0.30);
static_assert(carbon::die_yield(small, {.per_square_centimetre = 0.2}) > 0.86);
static_assert(carbon::die_yield(large, {0.2}, carbon::yield_model::poisson) < carbon::die_yield(large, {0.2}, carbon::yield_model::murphy));

constexpr carbon::scaled_costs at_22nm{.logic_area = 6.0 * vd::square_millimetres{},
                                       .sram_area = 4.0 * vd::square_millimetres{},
                                       .logic_energy = 20e-3 * vd::joules{},
                                       .sram_energy = 5e-3 * vd::joules{},
                                       .outside_energy = 10e-3 * vd::joules{},
                                       .on_chip_time = 4.0 * vd::milliseconds{},
                                       .outside_time = 1.0 * vd::milliseconds{}};
constexpr carbon::scaled_costs at_7nm = carbon::rescaled(at_22nm, vd::hardware::node::nm7);
static_assert(at_7nm.area() < 0.2 * at_22nm.area());

int main() {
    const auto grams = [](vd::si::carbon_intensity i) { return vd::in<vd::grams_per_kilowatt_hour>(i); };
    std::printf("server chip: dies %.2f kg, package %.2f kg\n", vd::to_si(made.dies), vd::to_si(made.package));
    const auto stack = carbon::embodied<stacked, carbon::corrected_packages>({.area = 200.0 * vd::square_millimetres{}});
    std::printf("stack: dies %.2f kg, bonding %.2f kg, package %.2f kg\n", vd::to_si(stack.dies), vd::to_si(stack.bonding), vd::to_si(stack.package));
    std::printf("an accelerator of %.1f mm2 and %.1f ms at 22 nm: %.2f mm2 and %.1f ms at 7 nm\n", vd::in<vd::square_millimetres>(at_22nm.area()),
                vd::in<vd::milliseconds>(at_22nm.latency()), vd::in<vd::square_millimetres>(at_7nm.area()),
                vd::in<vd::milliseconds>(at_7nm.latency()));

    const carbon::service life{.lifetime = 4.0 * 365.0 * 24.0 * vd::hours{}, .duty = 0.6};
    const auto request =
        carbon::task_carbon(0.3 * vd::joules{}, carbon::intensity(carbon::place::europe), made.total(), 2.0 * vd::milliseconds{}, life);
    const auto product = carbon::tcdp(request, 2.0 * vd::milliseconds{}); // vd::total_carbon_delay_product is the metric
    std::printf("a request: %.3g g, tCDP %.3g %s\n", vd::in<vd::grams_co2e>(request), vd::in<vd::gram_seconds>(product),
                vd::gram_seconds::symbol().data());

    std::string csv = "Datetime (UTC),Zone id,Carbon intensity gCO\u2082eq/kWh (Life cycle)\n";
    for (int h = 0; h < 24; ++h) {
        const std::string two = std::to_string(100 + h).substr(1);
        csv += "2026-06-01 " + two + ":00:00,XX," + (h == 5 ? "" : std::to_string(h >= 10 && h < 16 ? 120 : 400)) + '\n';
    }
    const auto file = carbon::parse_grid_csv(csv, "june.csv", {.gaps = carbon::gaps::interpolated, .missing = carbon::missing::as_gaps});
    const auto& grid = file.series;
    const auto office = carbon::weekly_schedule::daily(9, 17, 0, 4, 2); // Monday to Friday, two hours ahead of UTC
    const auto best = carbon::best_start(grid, grid.begin(), grid.end(), 4.5 * vd::hours{});
    std::printf("mean %.0f g/kWh, in office hours %.0f; %zu hour filled\n", grams(grid.mean()), grams(carbon::mean_intensity(grid, office)),
                file.filled);
    std::printf("4.5 hours: best from %.16s at %.0f g/kWh instead of %.0f\n", vd::utc_text(best.start).c_str(), grams(best.mean), grams(best.now));

    struct jumping_clock {
        double* when;
        double now() const { return *when; }
        void wait_until(double t) const { *when = t; }
    };
    double now = grid.begin();
    vd::serial_executor serial;
    carbon::clean_hours<vd::serial_executor, jumping_clock> run{grid, {.deadline = grid.end(), .work = 3.0 * vd::hours{}}, serial, {&now}};
    for (int generation = 0; generation < 3; ++generation)
        run(1, [&](std::size_t) {
            std::printf("generation %d at %.16s\n", generation, vd::utc_text(now).c_str());
            now += 3600;
        });
}
