#pragma once

#include <verdant/pareto/hypervolume.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

/// DTLZ2 (Deb, Thiele, Laumanns, Zitzler, CEC 2002) of three objectives in seven variables of 33 values, of which the front is an eighth of a sphere.
namespace dtlz2 {

using values = verdant::uniform<0.0, 1.0, 33>;
struct variables : verdant::space<verdant::param<"a", values>, verdant::param<"b", values>, verdant::param<"c", values>, verdant::param<"d", values>,
                                  verdant::param<"e", values>, verdant::param<"f", values>, verdant::param<"g", values>> {};
struct first : verdant::metric<"first"> {};
struct second : verdant::metric<"second"> {};
struct third : verdant::metric<"third"> {};

inline verdant::metrics<first, second, third> measure(const verdant::point<variables>& p) {
    double away = 0;
    for (std::size_t i = 2; i < p.size(); ++i) away += (p[i] / 32.0 - 0.5) * (p[i] / 32.0 - 0.5);
    const double a = p[0] / 32.0 * std::numbers::pi / 2, b = p[1] / 32.0 * std::numbers::pi / 2, r = 1 + away;
    return {r * std::cos(a) * std::cos(b), r * std::cos(a) * std::sin(b), r * std::sin(a)};
}

template <class Optimizer>
using study = verdant::search<variables, verdant::minimize<first>, verdant::minimize<second>, verdant::minimize<third>, Optimizer>;

/// The mean hypervolume below 1.5 in each objective that some searches of 400 trials find; the whole is 2.85.
template <class Optimizer>
double mean_volume(const typename Optimizer::options& options) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        std::vector<double> rows;
        const auto found = study<Optimizer>{&measure}.run({.trials = 400, .seed = seed, .optimizer = options});
        for (const auto& t : found.front()) rows.insert(rows.end(), t.objectives.begin(), t.objectives.end());
        sum += verdant::pareto::hypervolume({rows, 3}, std::vector<double>(3, 1.5)) / 3;
    }
    return sum;
}

} // namespace dtlz2
