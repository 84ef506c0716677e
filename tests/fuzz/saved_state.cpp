#include "fuzz.hpp"

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/cma/cma_es.hpp>
#include <verdant/optimizer/evolution/moead.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/evolution/nsga3.hpp>
#include <verdant/optimizer/evolution/sms_emoa.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/space.hpp>

namespace {

struct fuzzed_space : verdant::space<verdant::param<"width", verdant::range<2, 12, 2>>, verdant::param<"depth", verdant::range<1, 9>>> {};
using fuzzed_goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>;

/// Restores an engine from a text and goes on with it.
template <class Policy>
void restore(std::string_view saved) {
    using engine = typename Policy::template engine<fuzzed_space, fuzzed_goals>;
    verdant::random_stream random{1};
    std::vector<verdant::trial<fuzzed_space, fuzzed_goals>> told(12);
    for (std::size_t i = 0; i < told.size(); ++i) {
        told[i].number = i;
        told[i].point = verdant::sample<fuzzed_space>(random);
        told[i].objectives = {-static_cast<double>(i % 5), static_cast<double>(i % 4)};
    }
    engine one{typename Policy::options{}};
    try {
        one.restore(std::string{saved}, told);
    } catch (const verdant::error&) { return; }
    for (const auto& p : one.ask(random, 5)) fuzz::require(p.feasible(), "points are feasible");
}

} // namespace

// What a study keeps of an optimizer.
VERDANT_FUZZ_TARGET(saved_state) {
    restore<verdant::nsga2<>>(fuzz::text(data));
    restore<verdant::nsga3<>>(fuzz::text(data));
    restore<verdant::moead<>>(fuzz::text(data));
    restore<verdant::sms_emoa<>>(fuzz::text(data));
    restore<verdant::cma_es>(fuzz::text(data));
}
