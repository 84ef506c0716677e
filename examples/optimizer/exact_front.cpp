// The whole Pareto front of a space of a million million networks, with proof: latency from a table, multiply-accumulates and a score are sums over blocks.

#include <verdant/optimizer/separable.hpp>
#include <verdant/verdant.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <tuple>
namespace vd = verdant;

// [space]
struct block : vd::space<vd::param<"kernel", vd::choices<3, 5, 7>>, vd::param<"expand", vd::choices<3, 4, 6>>> {};
struct stage : vd::space<vd::param<"depth", vd::range<2, 3>>, vd::nest<"block0", block>, vd::nest<"block1", block>,
                         vd::when<(vd::var<"depth"> > vd::val<2>), vd::nest<"block2", block>>> {};
struct network : vd::space<vd::param<"image", vd::choices<160, 192, 224>>, vd::nest<"stage0", stage>, vd::nest<"stage1", stage>,
                           vd::nest<"stage2", stage>, vd::nest<"stage3", stage>> {};

// A stage is a block of the search; the size of the image is in none, so all blocks share it.
template <>
inline constexpr std::array verdant::separable_blocks<network>{vd::parameter_block{"stage0"}, vd::parameter_block{"stage1"},
                                                               vd::parameter_block{"stage2"}, vd::parameter_block{"stage3"}};
// [/space]

// [evaluator]
struct score : vd::metric<"score"> {};

struct costs {
    using record = vd::metrics<vd::latency, vd::macs, score>;
    using sums = record; // and what is a maximum over blocks, such as peak memory, in maxima

    record operator()(const vd::point<network>& p) const {
        auto sum = shared_term(p).si_values();
        for (std::size_t s = 0; s < 4; ++s) {
            const auto term = block_term(p, s).si_values();
            for (std::size_t m = 0; m < sum.size(); ++m) sum[m] += term[m];
        }
        return record::from_si_values(sum);
    }
    // What the image alone gives.
    record shared_term(const vd::point<network>& p) const {
        const double side = p.get<"image">();
        return {0.05 * side * vd::milliseconds{}, 200 * side * side, 6 * std::log(side)};
    }
    // What one stage adds: of its own parameters and the image.
    record block_term(const vd::point<network>& p, std::size_t stage) const {
        const double pixels = std::pow(p.get<"image">() / 32.0, 2);
        const std::size_t first = 2 + 7 * stage; // image, then depth and three blocks of each stage
        double macs = 0, points = 0;
        for (std::size_t b = 0; b < 2U + p[first - 1]; ++b) {
            const double kernel = 3 + 2 * p[first + 2 * b], expand = std::array{3, 4, 6}[p[first + 2 * b + 1]];
            macs += pixels * expand * (kernel * kernel + 20.0 * static_cast<double>(1 + stage));
            points += std::log(expand * kernel) / static_cast<double>(1 + b);
        }
        return {(1e-4 * macs + 0.02 * points) * vd::milliseconds{}, 1000 * macs, points};
    }
};
// [/evaluator]

int main() {
    // [front]
    using wanted = vd::goals<vd::minimize<vd::latency>, vd::minimize<vd::macs>, vd::maximize<score>>;
    const auto front = vd::exact_front<network, wanted>({}, costs{});
    const auto& proof = front.certificate;
    std::cout << front.size() << " of " << vd::rounded_text(proof.points, 4) << " networks are on the front; " << proof.candidates
              << " parts of networks were looked at\n";
    // [/front]
    std::cout << "exact: " << (proof.exact() ? "yes" : "no") << ", alternatives: " << proof.alternatives << ", choices: " << proof.choices
              << ", undominated: " << proof.undominated << '\n';

    // [coarse]
    const auto coarse = vd::exact_front<network, wanted>({.epsilon = 0.01}, costs{});
    std::cout << coarse.size() << " networks stand for all of them, each objective within 1 % of its range\n";
    // [/coarse]

    // [search]
    using study =
        vd::search<network, vd::minimize<vd::latency>, vd::maximize<score>, vd::subject_to<vd::macs, vd::at_most<60e6>>, vd::separable_search<costs>>;
    const auto found = study{costs{}}.run({.trials = 10'000, .optimizer = {.costs = std::tuple{costs{}}}});
    std::cout << found.size() << " networks within 60 million multiply-accumulates; the best has the score "
              << vd::rounded_text(found.front().back().get<score>(), 4) << '\n';
    // [/search]
}
