// Feasible points by number, and pipelines over points and trials.

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/ranges/feasible_points.hpp>
#include <verdant/ranges/trials.hpp>
#include <verdant/search.hpp>
#include <verdant/space.hpp>

#include <range/v3/algorithm/max.hpp>
#include <range/v3/range/conversion.hpp>
#include <range/v3/view/cartesian_product.hpp>
#include <range/v3/view/chunk.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/stride.hpp>
#include <range/v3/view/take.hpp>
#include <range/v3/view/transform.hpp>

#include <iostream>
#include <string>
#include <vector>

namespace vd = verdant;
namespace rv = ranges::views;

struct layer : vd::space<vd::param<"kernel", vd::choices<3, 5, 7>>, vd::param<"channels", vd::range<16, 128, 16>>> {};
struct network : vd::space<vd::repeat<"layer", 12, layer>, // 24^12 combinations
                           vd::where<vd::var<"layer.0.channels"> <= vd::var<"layer.11.channels">>> {};
struct chip : vd::space<vd::param<"cores", vd::choices<1, 2, 4>>, vd::param<"mib", vd::choices<2, 4, 8>>,
                        vd::where<vd::var<"mib"> >= vd::var<"cores"> * vd::val<2>>> {};

std::string last_layer(const vd::point<network>& p) {
    return std::to_string(p.get<"layer.11.kernel">()) + "x" + std::to_string(p.get<"layer.11.channels">());
}
std::string text(const vd::point<chip>& p) { return std::to_string(p.get<"cores">()) + " cores with " + std::to_string(p.get<"mib">()) + " MiB"; }

int main() {
    // [places]
    const auto networks = vd::views::feasible_points<network>;
    const auto size = ranges::size(networks);       // counted, not enumerated
    const auto middle = networks[static_cast<std::ptrdiff_t>(size / 2)]; // computed from its number
    const auto place = networks.index_of(middle);   // and back
    // [/places]
    std::cout << size << " networks; the middle one ends with " << last_layer(middle) << " and has number " << *place << '\n';

    // [spread]
    // Five networks, evenly spread over the space: stride jumps, it does not walk.
    for (const auto& end : networks | rv::stride(static_cast<std::ptrdiff_t>(size / 5 + 1)) | rv::transform(last_layer)) std::cout << end << ' ';
    // [/spread]
    std::cout << '\n';

    // [lazy]
    const auto deep_kernels = [](const vd::point<network>& p) { return p.get<"layer.11.kernel">() == 7 && p.get<"layer.10.kernel">() > 3; };
    for (const auto& end : networks | rv::filter(deep_kernels) | rv::transform(last_layer) | rv::take(3)) std::cout << end << ' ';
    // [/lazy]
    std::cout << '\n';

    // [product]
    // Batches of co-designs: every chip with every tenth part of the networks.
    const auto tenth = static_cast<std::ptrdiff_t>(size / 10);
    const auto pairs = rv::cartesian_product(vd::views::feasible_points<chip>, networks | rv::stride(tenth));
    for (const auto& batch : pairs | rv::chunk(20)) {
        const auto& [hardware, net] = *ranges::begin(batch);
        std::cout << ranges::distance(batch) << " from " << text(hardware) << ", " << last_layer(net) << '\n';
    }
    // [/product]

    using study = vd::search<chip, vd::minimize<vd::latency>, vd::subject_to<vd::latency, vd::at_most<9>>, vd::random_search>;
    const auto result = study{[](const vd::point<chip>& p) -> vd::metrics<vd::latency> {
        return {20.0 / p.get<"cores">() * vd::milliseconds{}};
    }}.run({.trials = 6});
    // [trials]
    const auto times = result.trials() | vd::views::feasible | vd::views::metric<vd::latency, vd::milliseconds> | ranges::to<std::vector>;
    const auto worst = ranges::max(result.trials() | vd::views::completed | vd::views::metric<vd::latency>); // a quantity
    // [/trials]
    std::cout << times.size() << " of " << result.trials().size() << " are feasible; the slowest takes " << vd::in<vd::milliseconds>(worst) << " ms\n";
}
