// Which policy finds the best network for what twelve whole trainings cost? Networks are trained by a formula: good ones end higher, and deep ones learn slowly.

#include <verdant/fidelity.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report/report.hpp>
#include <verdant/search.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iostream>
namespace vd = verdant;

// [scale]
struct net : vd::space<vd::param<"depth", vd::range<1, 12>>, vd::param<"width", vd::range<16, 128, 8>>, vd::param<"rate", vd::range<1, 9>>> {};
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
// [/scale]

// [evaluator]
vd::metrics<vd::accuracy> train(const vd::point<net>& p, vd::at_fidelity<epochs> at) {
    const double depth = p.get<"depth">(), width = p.get<"width">(), rate = p.get<"rate">();
    const double best = 0.94 - 0.002 * std::pow(depth - 8, 2) - 0.00003 * std::pow(width - 88, 2) - 0.01 * std::pow(rate - 6, 2);
    return best * (1 - 0.6 * std::exp(-static_cast<double>(at.value) / (2 + 0.1 * depth)));
}
// [/evaluator]

// [report]
struct train_and_report {
    vd::metrics<vd::accuracy> operator()(const vd::point<net>& p, vd::measurement<epochs>& m) const {
        vd::metrics<vd::accuracy> now;
        for (auto epoch = m.reached() + 1; epoch <= m.value(); ++epoch) {
            now = train(p, {epoch});
            if (m.report(epoch, now) == vd::measurement_step::stop) break;
        }
        return now;
    }
};
// [/report]

template <class Policy>
void compare() {
    double best = 0, cost = 0;
    std::size_t points = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto found = vd::multi_fidelity<study, epochs, Policy>{train}.run(
            {.budget = 12, .seed = seed, .continuation = vd::continuation::from_checkpoint});
        if (!found.empty()) best += found.begin()->template get<vd::accuracy>() / 20;
        cost += found.cost() / 20;
        points += found.found().trials().size();
    }
    std::cout << Policy::name() << ": " << points / 20 << " networks for the cost of " << vd::rounded_text(cost, 3) << " trainings, the best "
              << vd::rounded_text(100 * best, 4) << " %\n";
}

int main() {
    // [asha]
    const vd::multi_fidelity<study, epochs, vd::asha> search{train};
    const auto found = search.run({.budget = 12, .seed = 1, .continuation = vd::continuation::from_checkpoint, .policy = {.eta = 3}});
    vd::print_table(std::cout, vd::fidelity_table(found));
    for (const auto& t : found) std::cout << t.point << ": " << vd::rounded_text(100 * t.get<vd::accuracy>(), 4) << " %\n";
    // [/asha]

    // [judged]
    const vd::multi_fidelity<study, epochs, vd::median_stopping> watched{train_and_report{}};
    const auto stopped = watched.run({.budget = 12, .seed = 1, .order = vd::measured_order::as_completed, .reports = vd::report_use::judged});
    // [/judged]
    vd::print_table(std::cout, vd::fidelity_table(stopped));

    std::cout << "mean of 20 seeds\n";
    compare<vd::whole_evaluations>();
    compare<vd::successive_halving>();
    compare<vd::hyperband>();
    compare<vd::asha>();
    compare<vd::asha_stopping>();
    compare<vd::median_stopping>();
}
