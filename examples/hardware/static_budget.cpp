// A chip as a type: its limits are proved by the compiler, and the functions that prove them also run.

#include <verdant/hardware.hpp>
#include <verdant/units.hpp>
#include <verdant/workload.hpp>

#include <cstdio>

namespace vd = verdant;
namespace hw = verdant::hardware;
namespace wl = verdant::workload;

// [budget]
struct edge_chip : hw::chip<hw::from_clusters(4, 64, 32, 256, 64, 4), // clusters, width, depth, L2 KiB, L2 words/cycle, GLB MiB
                            hw::area_at_most<32.0, vd::square_millimetres>,
                            hw::tops_at_most<20.48>> {};

static_assert(hw::area(edge_chip::value) < 13.1 * vd::square_millimetres{});
static_assert(hw::tops<edge_chip>() >= 10.0);
// [/budget]

// [bound]
struct small_clip : wl::clip<wl::clip_config{.text = {6, 384, 1536, 6}, .vision = {6, 480, 1920, 8}, .patch = 32}> {};

// no mapping of the layers, however clever, can miss these: every operator has a lower bound in closed form
constexpr hw::estimate at_least = hw::lower_bound(hw::lower(small_clip::operators), edge_chip::value);
static_assert(at_least.latency < 1.0 * vd::milliseconds{});
// [/bound]

int main() {
    std::printf("area        %8.3f mm2\n", vd::in<vd::square_millimetres>(hw::area(edge_chip::value)));
    std::printf("throughput  %8.3f TOPS\n", hw::tops(edge_chip::value));
    std::printf("at least    %8.3f ms, %.3f mJ an inference\n", vd::in<vd::milliseconds>(at_least.latency),
                1e3 * vd::in<vd::joules>(at_least.energy));

    // [estimate]
    const hw::lowered_model model = hw::lower(small_clip::operators); // once for each model
    const hw::estimator<> cost;                                       // one for all threads
    const hw::estimate e = cost(model, edge_chip::value);
    // [/estimate]
    std::printf("estimated   %8.3f ms, %.3f mJ an inference\n", vd::in<vd::milliseconds>(e.latency), 1e3 * vd::in<vd::joules>(e.energy));
    for (const wl::component c : wl::components)
        std::printf("  %-10.*s%8.3f ms\n", static_cast<int>(wl::name(c).size()), wl::name(c).data(), vd::in<vd::milliseconds>(e[c].latency));
}
