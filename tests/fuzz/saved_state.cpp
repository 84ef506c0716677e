#include "fuzz.hpp"

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/cma/cma_es.hpp>
#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/optimizer/evolution/moead.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/evolution/nsga3.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/evolution/sms_emoa.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/local_search.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/optimizer/tpe/tpe.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/space.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct fuzzed_space : verdant::space<verdant::param<"width", verdant::range<2, 12, 2>>, verdant::param<"depth", verdant::range<1, 9>>> {};
using fuzzed_goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>;
using accuracy_alone = verdant::goals<verdant::maximize<verdant::accuracy>>;

/// Restores an engine from a text and goes on with it.
template <class Policy, class Goals = fuzzed_goals>
void restore(std::string_view saved, const typename Policy::options& options = {}) {
    using engine = typename Policy::template engine<fuzzed_space, Goals>;
    verdant::random_stream random{1};
    std::vector<verdant::trial<fuzzed_space, Goals>> told(12);
    for (std::size_t i = 0; i < told.size(); ++i) {
        told[i].number = i;
        told[i].point = verdant::sample<fuzzed_space>(random);
        const std::array<double, 2> objectives{-static_cast<double>(i % 5), static_cast<double>(i % 4)};
        std::copy_n(objectives.begin(), told[i].objectives.size(), told[i].objectives.begin());
    }
    engine one{options};
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
    restore<verdant::archive_evolution<>>(fuzz::text(data));
    restore<verdant::local_search>(fuzz::text(data));
    restore<verdant::exhaustive_search>(fuzz::text(data));
    restore<verdant::tpe>(fuzz::text(data));
    // One objective.
    restore<verdant::regularized_evolution<>, accuracy_alone>(fuzz::text(data));
    restore<verdant::reinforce<>, accuracy_alone>(fuzz::text(data), {.embedding = 2, .hidden = 2});
}
