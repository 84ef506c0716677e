// Searches over a surrogate of Accel-NASBench, whose evaluations cost microseconds, so that what the search itself costs is seen: 5000 evaluations of
// the accuracy model of the ensemble (1467 trees of depth 3) by regularized evolution, one after the other, as the published program asks them; and
// 600 of REINFORCE. `search` is the whole library path, `engine` the optimizer alone with its surrogate, `surrogate` the evaluations alone. Python
// takes 2.2 s for the first.

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/search/search.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/surrogate/forest/compiled_trees.hpp>
#include <verdant/surrogate/forest/xgboost_json.hpp>
#include <verdant/surrogate/index_features.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace verdant;
using mnasnet = spaces::mnasnet;
using evolution_policy = regularized_evolution<>;
constexpr std::size_t evaluations = 5000;

/// `$VERDANT_GOLDENS`, else the default that the build passes.
const surrogate::compiled_trees& accuracy_model() {
    static const surrogate::compiled_trees model{[] {
        const char* chosen = std::getenv("VERDANT_GOLDENS");
        return surrogate::read_xgboost_json(std::string{chosen != nullptr ? chosen : VERDANT_GOLDENS_DEFAULT} + "/anb/xgb_ensemble_acc/member1.json")
            .trees;
    }()};
    return model;
}

double accuracy_of(const point<mnasnet>& p) {
    std::array<float, point<mnasnet>::size()> features{};
    surrogate::index_features(p, std::span<float>{features});
    return accuracy_model().predict(std::span<const float>{features}) / 100;
}

const auto by_surrogate = [](const point<mnasnet>& p) { return metrics<accuracy>{accuracy_of(p)}; };

void whole_search(benchmark::State& state) {
    using study = search<mnasnet, maximize<accuracy>, evolution_policy>;
    static_cast<void>(accuracy_model());
    double best = 0;
    std::uint64_t seed = 0;
    for (auto _ : state) {
        const auto result = study{by_surrogate}.run({.trials = evaluations, .seed = ++seed, .optimizer = evolution_policy::published()});
        best = 100 * to_si(result.front().front().get<accuracy>());
    }
    state.counters["best"] = best;
}
BENCHMARK(whole_search)->Unit(benchmark::kMillisecond)->Name("regularized evolution, 5000/search");

/// A session that the caller asks and tells.
void session_alone(benchmark::State& state) {
    using study = search<mnasnet, maximize<accuracy>, evolution_policy>;
    static_cast<void>(accuracy_model());
    std::uint64_t seed = 0;
    for (auto _ : state) {
        auto session = study::ask_tell({.seed = ++seed, .optimizer = evolution_policy::published()});
        while (session.trials().size() < evaluations)
            for (const auto& p : session.ask(1))
                if (session.tell_known(p) == nullptr) session.tell(p, by_surrogate(p));
        benchmark::DoNotOptimize(session.trials().size());
    }
}
BENCHMARK(session_alone)->Unit(benchmark::kMillisecond)->Name("regularized evolution, 5000/session");

void engine_alone(benchmark::State& state) {
    using by_accuracy = goals<maximize<accuracy>>;
    static_cast<void>(accuracy_model());
    std::uint64_t seed = 0;
    for (auto _ : state) {
        evolution_policy::engine<mnasnet, by_accuracy> engine{evolution_policy::published()};
        random_stream random{++seed};
        trial<mnasnet, by_accuracy> t;
        for (std::size_t i = 0; i < evaluations; ++i) {
            t.number = i;
            t.point = engine.ask(random, 1).front();
            t.values = by_surrogate(t.point);
            t.objectives = by_accuracy::objectives(t.values);
            engine.tell(std::span{&t, 1});
        }
    }
}
BENCHMARK(engine_alone)->Unit(benchmark::kMillisecond)->Name("regularized evolution, 5000/engine");

void surrogate_alone(benchmark::State& state) {
    random_stream random{1};
    std::vector<point<mnasnet>> points;
    for (std::size_t i = 0; i < evaluations; ++i) points.push_back(sample<mnasnet>(random));
    for (auto _ : state)
        for (const auto& p : points) benchmark::DoNotOptimize(accuracy_of(p));
}
BENCHMARK(surrogate_alone)->Unit(benchmark::kMillisecond)->Name("regularized evolution, 5000/surrogate");

void reinforced(benchmark::State& state) {
    using study = search<mnasnet, maximize<accuracy>, reinforce<>>;
    static_cast<void>(accuracy_model());
    std::uint64_t seed = 0;
    for (auto _ : state) benchmark::DoNotOptimize(study{by_surrogate}.run({.trials = 600, .seed = ++seed}).trials().size());
}
BENCHMARK(reinforced)->Unit(benchmark::kMillisecond)->Name("REINFORCE, 600/search");

} // namespace
