// A network, the chiplets that run it and their memories, searched together for accuracy, latency and the 95th percentile of carbon; a design that is fixed is a type, which the compiler checks.

#include <verdant/carbon.hpp>
#include <verdant/hardware.hpp>
#include <verdant/uncertainty.hpp>
#include <verdant/verdant.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <limits>
#include <span>
namespace vd = verdant;
namespace hw = verdant::hardware;
namespace carbon = verdant::carbon;
namespace un = verdant::uncertainty;

// [types]
// A weight for each of 256 x 256 multipliers below 1 MiB, on four dies of 7 nm: an array that the buffer cannot fill, or a die above the reticle, would not compile.
struct array : hw::filled_array<hw::hierarchy<hw::level<"DRAM", hw::fans_out<4>, hw::bandwidth<256.0>>,
                                              hw::level<"buffer", hw::capacity<(1 << 20)>, hw::fans_out<256, 256>, hw::double_buffered>,
                                              hw::level<"register", hw::capacity<1>, hw::keeps<hw::operand::weights>>, hw::multipliers<0.2>>> {};
struct compute : carbon::hierarchy_die<array, hw::node::nm7> {};
struct accelerator : carbon::package<carbon::integration::organic, carbon::copies<4, compute>> {};
constexpr auto to_make = carbon::embodied<accelerator>().total();
static_assert(compute::value.area < 5.0 * vd::square_millimetres{} && to_make < 0.4 * vd::kilograms_co2e{});
// [/types]

// [space]
struct network : vd::space<vd::param<"layers", vd::range<2, 12>>, vd::param<"width", vd::choices<256, 512, 1024, 2048>>> {};
struct chip : vd::space<vd::param<"nanometres", vd::choices<28, 14, 7>>, vd::param<"chiplets", vd::choices<1, 2, 4, 8>>,
                        vd::param<"columns", vd::choices<64, 256, 1024, 2048>>, vd::param<"rows", vd::choices<64, 256, 1024, 2048>>,
                        vd::param<"buffer_kib", vd::choices<64, 256, 1024, 4096, 16384>>> {};
struct design : vd::space<vd::nest<"net", network>, vd::nest<"chip", chip>> {};
// [/space]

// [levels]
constexpr hw::node process(const vd::point<chip>& p) {
    return p.get<"nanometres">() == 28 ? hw::node::nm28 : p.get<"nanometres">() == 14 ? hw::node::nm14 : hw::node::nm7;
}
// The same as values: 625 MHz at 22 nm, faster in a smaller process; 160 GB/s of DRAM at 8 pJ a bit, whatever the process.
constexpr double hertz(const vd::point<chip>& p) { return 625e6 / carbon::scale(carbon::block::logic, hw::node::nm22, process(p)).delay; }
constexpr std::array<hw::memory_level, 3> levels(const vd::point<chip>& p) {
    const auto bytes = 1024 * p.get<"buffer_kib">();
    const double words = 160e9 / hertz(p), access = hw::sram(bytes).read_picojoules / 4; // words a cycle, and pJ of one
    hw::memory_level buffer{.name = "buffer", .capacity = bytes, .fan_out_x = p.get<"columns">(), .fan_out_y = p.get<"rows">()};
    buffer.read_energy = buffer.write_energy = buffer.update_energy = access;
    buffer.buffering = hw::tile_buffering::twice;
    return {{{.name = "DRAM", .fan_out_x = p.get<"chiplets">(), .shared_bandwidth = words, .read_energy = 64, .write_energy = 64, .update_energy = 64},
             buffer,
             {.name = "register", .capacity = 1, .read_energy = 0.2, .write_energy = 0.3, .keeps = 1}}};
}
// [/levels]

// [evaluator]
struct array_fill : vd::metric<"array_fill"> {}; // how full the tile that fills the array makes the buffer
struct costs {
    carbon::uncertain_package making;
    un::draws<vd::si::carbon_intensity> grid;
    un::draws<double> uses;

    auto operator()(const vd::point<design>& p) const {
        using known = vd::metrics<vd::accuracy, vd::latency, vd::area, array_fill>;
        using record = vd::uncertain_metrics<known, vd::drawn<vd::total_carbon>>;
        const auto c = p.nested<"chip">();
        const auto all = levels(c);
        const double layers = p.get<"net.layers">(), width = p.get<"net.width">(), fill = hw::array_fill(all);
        const double accuracy = 0.9 - 0.3 / std::sqrt(layers) - 6 / (width + 20); // a stand-in for training
        const auto die = carbon::hierarchy_die_area(std::span{all}.subspan(1), process(c));
        un::draws<vd::si::mass> total{grid.size()};
        if (fill > 1 || vd::in<vd::square_millimetres>(die) > carbon::reticle_square_millimetres) { // is not made
            constexpr double never = std::numeric_limits<double>::infinity();
            for (double& kg : total.si()) kg = never;
            return record{known{accuracy, never * vd::seconds{}, die, fill}, total};
        }
        const auto product = hw::matrix_product(128, p.get<"net.width">(), p.get<"net.width">());
        const auto layer = hw::map_nest(product, all, {0.3}, {.most_exhaustive = 0, .most_local = 300, .most_branches = 0});
        const carbon::packaged_die dies{die, carbon::layered(process(c)), 0, static_cast<int>(c.get<"chiplets">())};
        total = making.embodied({&dies, 1}, {}) + layers * layer.cost.energy * vd::picojoules{} * grid * uses;
        return record{known{accuracy, layers * static_cast<double>(layer.cost.cycles) / hertz(c) * vd::seconds{}, die, fill}, total};
    }
};
// [/evaluator]

int main() {
    // [search]
    using tail = vd::quantile<vd::total_carbon, 0.95>;
    using study = vd::search<design, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::minimize<tail>,
                             vd::subject_to<vd::area, vd::at_most<858>>, vd::subject_to<array_fill, vd::at_most<1>>, vd::nsga2<>>;
    carbon::uncertain_making making;
    making.defect_factor = un::triangular{0.85, 1.0, 4.1}; // against the usual density of the process
    const un::draw_inputs drawn{.seed = 7, .count = 200};
    const costs measure{carbon::uncertain_package{making, drawn}, drawn("grid", un::lognormal{carbon::california, 0.4}),
                        drawn("uses", un::lognormal{1e9, 0.8})};
    const auto found = study{measure}.run({.trials = 400, .seed = 1, .optimizer = {.population = 40}});
    // [/search]
    std::size_t large = 0, unfilled = 0;
    for (const auto& t : found.trials()) (t.get<vd::area>() > 858.0 * vd::square_millimetres{} ? large : unfilled) += t.feasible() ? 0 : 1;
    std::cout << "not made: " << large << " above the reticle, " << unfilled << " that cannot fill their arrays with weights; a front of " << found.size() << '\n';
    vd::print_table(std::cout, vd::report_of(found.front(), {.status = false, .digits = 3}), 10);
    std::cout << "four dies of " << vd::rounded_text(vd::in<vd::square_millimetres>(compute::value.area), 3) << " mm2 take "
              << vd::rounded_text(vd::in<vd::kilograms_co2e>(to_make), 3) << " kg to make\n";
}
