// A constant-memory supernet of one's own: the widths follow from a budget of memory, everything else from the type.

#include <verdant/space.hpp>
#include <verdant/spaces.hpp>

#include <array>
#include <cstddef>
#include <iostream>
namespace vd = verdant;
namespace spaces = verdant::spaces;

// [space]
// No network of this space needs more than 400,000 elements; the largest image, expansion and kernel are the reference of the recurrence.
struct my_space : spaces::constant_memory<400'000, vd::choices<96, 128, 160>, vd::choices<2, 3, 4>> {};

static_assert(vd::valid<my_space>);
static_assert(my_space::peak <= 400'000);
// [/space]

// [published]
// The published widths are what the budget of the published supernet gives.
struct published : spaces::constant_memory<696'192> {};
static_assert(published::family == spaces::moofa_v3::family);
static_assert(spaces::constant_memory_widths() == std::array{96, 288, 360, 384, 392, 392});
static_assert(spaces::supernet_parameters<spaces::moofa_v3>() == 19'351'360);
// [/published]

// [point]
constexpr auto chosen = vd::point<my_space>{}.with<"image_size", 160>().with<"stage1.depth", 3>().with<"stage1.block2.kernel", 7>();
static_assert(chosen.feasible());
static_assert(spaces::peak_memory(chosen) <= my_space::peak); // elements, not bytes
constexpr vd::workload::mobile_net net = spaces::net_of(chosen);
static_assert(net.blocks.size() == 12); // the fixed first one, five stages of two, one more
// [/point]

// [coupling]
// A stage of depth 2 has expansion 2, one of depth 3 has 3, one of depth 4 has 4.
struct coupled : spaces::once_for_all<my_space::family, vd::choices<128, 160>, vd::choices<3, 5, 7>, vd::choices<2, 3, 4>, vd::choices<2, 3, 4>,
                                      spaces::coupled_to_depth<spaces::depth_expand{2, 2}, spaces::depth_expand{3, 3}, spaces::depth_expand{4, 4}>> {
};
static_assert(!vd::point<coupled>{}.with<"stage0.depth", 3>().feasible());
// [/coupling]

int main() {
    std::cout << "first conv " << net.first_conv.out << ", blocks";
    for (const auto& b : net.blocks) std::cout << ' ' << b.out;
    std::cout << ", last " << net.final_expand.out << '\n';
    // [limits]
    const auto least = spaces::least_peak<my_space>();
    const auto largest = spaces::largest_peak_within<my_space>(300'000); // a network with the largest peak that fits
    std::cout << "least peak " << least.peak << ", largest below 300000: " << largest.peak << ", " << spaces::macs(largest.where) << " MACs, "
              << spaces::parameters(largest.where) << " parameters\n";
    // [/limits]
    // [history]
    for (const auto elements : spaces::memory_history(largest.where)) std::cout << elements << ' ';
    std::cout << '\n';
    // [/history]
}
