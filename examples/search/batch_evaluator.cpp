// An evaluator that measures many points at once, as a predictor on an accelerator does, beside one that takes them one by one.

#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/report.hpp>
#include <verdant/search.hpp>

#include <cstddef>
#include <iostream>
#include <span>
#include <vector>
namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::nsga2<>>;

// [batch]
struct predictor {
    // The span names the type of its points: a generic lambda would be taken for an evaluator of single ones.
    std::vector<vd::metrics<vd::accuracy>> operator()(std::span<const vd::point<net>> points) const {
        std::cout << "predicting " << points.size() << " accuracies\n";
        std::vector<vd::metrics<vd::accuracy>> found;
        for (const auto& p : points) {
            const double depth = p.get<"depth">(), width = p.get<"width">();
            found.push_back(1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16));
        }
        return found;
    }
};

vd::metrics<vd::latency> latency_of(const vd::point<net>& p) {
    return 0.01 * static_cast<double>(p.get<"depth">() * p.get<"width">()) * vd::milliseconds{};
}
// [/batch]

int main() {
    // [run]
    const auto found = study{latency_of, predictor{}}.run({.trials = 100, .seed = 2, .optimizer = {.population = 30, .offspring = 30}});
    // [/run]
    std::cout << found.size() << " of " << found.trials().size() << " points on the front\n";
    vd::print_table(std::cout, vd::report_of(found.front(), {.status = false, .digits = 3}), 6);
}
