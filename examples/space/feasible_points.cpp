// The feasible points of a space as a range-v3 view: lazily filtered, transformed and cut, without storing the space.

#include <verdant/space.hpp>
#include <verdant/space/views.hpp>

#include <range/v3/view/filter.hpp>
#include <range/v3/view/take.hpp>
#include <range/v3/view/transform.hpp>

#include <iostream>
#include <string>
namespace vd = verdant;

struct layer : vd::space<vd::param<"kernel", vd::choices<3, 5, 7>>, vd::param<"channels", vd::range<16, 128, 16>>> {};
struct network : vd::space<vd::repeat<"layer", 12, layer>, // 24^12 combinations
                           vd::where<vd::var<"layer.0.channels"> <= vd::var<"layer.11.channels">>> {};

int main() {
    // [pipeline]
    const auto deep_kernels = [](const vd::point<network>& p) { return p.get<"layer.11.kernel">() == 7 && p.get<"layer.10.kernel">() > 3; };
    const auto last_layers = [](const vd::point<network>& p) {
        return std::to_string(p.get<"layer.10.kernel">()) + "x" + std::to_string(p.get<"layer.10.channels">()) + ", " +
               std::to_string(p.get<"layer.11.kernel">()) + "x" + std::to_string(p.get<"layer.11.channels">());
    };
    for (const auto& text : vd::views::feasible_points<network> | ranges::views::filter(deep_kernels) | ranges::views::transform(last_layers) |
                                ranges::views::take(10))
        std::cout << text << '\n';
    // [/pipeline]
}
