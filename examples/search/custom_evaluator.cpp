// Metrics and evaluators of one's own: a metric with a unit, one without, and two evaluators that share the work.

#include <verdant/goal.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/report.hpp>
#include <verdant/search.hpp>

#include <cmath>
#include <iostream>
#include <stdexcept>
namespace vd = verdant;

struct block : vd::space<vd::param<"channels", vd::choices<16, 32, 64, 128>>, vd::param<"kernel", vd::choices<3, 5, 7>>,
                         vd::param<"groups", vd::choices<1, 2, 4>>> {};

// [metrics]
struct weights : vd::metric<"weights"> {};                                        // a plain number
struct battery : vd::metric<"battery", vd::si::energy, vd::kilowatt_hours> {};    // a quantity, shown in kWh
// [/metrics]

// [evaluators]
vd::metrics<weights, battery> costs(const vd::point<block>& p) {
    const auto channels = p.get<"channels">(), kernel = p.get<"kernel">();
    const auto count = static_cast<double>(channels * channels * kernel * kernel / p.get<"groups">());
    return {count, count * 40.0 * vd::joules{}}; // joules are shown as kWh; a plain number here would not compile
}

// One that may fail: what it throws is kept with the trial, and the search goes on. One that wants chance takes a random stream, too;
// the stream belongs to the trial, so that the result does not depend on the number of threads.
vd::metrics<vd::accuracy> train(const vd::point<block>& p, vd::random_stream& random) {
    if (p.get<"channels">() == 128 && p.get<"kernel">() == 7) throw std::runtime_error{"out of memory"};
    const auto reach = static_cast<double>(p.get<"channels">()) * p.get<"kernel">();
    return 0.9 - 2 / std::sqrt(reach) + random.uniform(-0.01, 0.01) - 0.01 * static_cast<double>(p.get<"groups">());
}
// [/evaluators]

int main() {
    // [study]
    using study =
        vd::search<block, vd::maximize<vd::accuracy>, vd::minimize<weights>, vd::subject_to<battery, vd::at_most<1>>, vd::exhaustive_search>;
    const auto found = study{costs, train}.run({.trials = 36, .seed = 1, .threads = 2});
    // [/study]
    vd::print_table(std::cout, vd::report_of(found.front(), {.status = false, .digits = 3}));
    for (const auto& t : found.trials())
        if (!t.completed()) std::cout << "trial " << t.number << " failed: " << t.message << '\n';
}
