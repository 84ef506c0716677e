// A space and a model of your own, costed by the library's hardware model: a stack of dense layers and the accelerator for it.

#include <verdant/evaluators.hpp>
#include <verdant/spaces.hpp>
#include <verdant/verdant.hpp>
#include <verdant/workload.hpp>

#include <iostream>
namespace vd = verdant;
namespace hw = verdant::hardware;
namespace wl = verdant::workload;

// [model]
namespace mine {

// What a point does not say.
struct stack {
    int layers = 1;
    int width = 1;
    int inputs = 784;
};

// The operators of one inference.
wl::model operators(const stack& s) {
    wl::tracer t;
    t.begin_section("stack");
    auto x = t.input("pixels", {1, s.inputs});
    for (int i = 0; i < s.layers; ++i) x = t.elementwise("relu", wl::op_kind::relu, {t.linear("dense", x, s.width)});
    (void)t.call("output", wl::op_kind::sink, {1}, {t.linear("classes", x, 10)});
    return wl::fuse(t.result());
}

struct codesign
    : vd::space<vd::param<"layers", vd::range<1, 4>>, vd::param<"width", vd::choices<256, 512, 1024>>, vd::nest<"hw", vd::spaces::accelerator>> {};

// The model of a point: the evaluator finds this function beside the space.
stack model_at(const vd::point<codesign>& p, stack base) {
    base.layers = p.get<"layers">();
    base.width = p.get<"width">();
    return base;
}

} // namespace mine
// [/model]

// [study]
// Stands in for training: wider and deeper is better, with diminishing returns.
vd::metrics<vd::accuracy> my_accuracy(const vd::point<mine::codesign>& p) { return 0.98 - 0.1 / (p.get<"layers">() * p.get<"width">() / 256.0); }

using study = vd::search<mine::codesign, vd::maximize<vd::accuracy>, vd::minimize<vd::total_carbon>, vd::nsga2<>>;
// [/study]

int main() {
    // [run]
    const vd::co_design_costs cost{mine::stack{.inputs = 784}, hw::corrected{}, hw::live{}};
    const auto front = study{my_accuracy, cost}.run({.trials = 300, .seed = 1, .optimizer = {.population = 30}});
    // [/run]
    for (const auto& t : front)
        std::cout << vd::rounded_text(t.get<vd::accuracy>(), 3) << "  " << vd::rounded_text(vd::in<vd::grams_co2e>(t.get<vd::total_carbon>()), 4)
                  << " g  " << to_string(t.point) << '\n';

    // [fixed]
    // The same models, all on one accelerator.
    const vd::co_design_costs on_chip{mine::stack{}, hw::from_clusters(1, 32, 8, 64, 32, 2)};
    const auto costs = on_chip(vd::point<mine::codesign>{});
    std::cout << vd::rounded_text(vd::in<vd::milliseconds>(costs.get<vd::latency>()), 4) << " ms\n";
    // [/fixed]
}
