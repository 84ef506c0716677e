// The evolutionary search of MOOFA V3 for one memory limit: population 100, 500 generations, every candidate predicted by a perceptron of 124, 400,
// 400, 400 and 1 (random weights: the cost does not depend on them). `published` is the original's loop, `evolution` the optimizer with the
// peak as its closed-form constraint. `predict` is the predictor alone, by rows at once.

#include <verdant/evaluators/network_costs.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/published/published_evolution.hpp>
#include <verdant/random/numpy.hpp>
#include <verdant/random/python.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/elastic_mutation.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

using namespace verdant;

namespace {

using net = spaces::moofa_v3;
using encoding = spaces::moofa_encoding<net>;

surrogate::mlp random_network() {
    random_stream random{1};
    std::vector<surrogate::dense_layer> layers;
    std::size_t inputs = encoding::width;
    for (const std::size_t outputs : {400U, 400U, 400U, 1U}) {
        std::vector<float> weight(inputs * outputs), bias(outputs);
        const double bound = 1 / std::sqrt(static_cast<double>(inputs));
        for (auto* list : {&weight, &bias})
            for (auto& x : *list) x = static_cast<float>(random.uniform(-bound, bound));
        layers.emplace_back(inputs, outputs, weight, bias, outputs > 1 ? surrogate::dense_output::rectified : surrogate::dense_output::linear);
        inputs = outputs;
    }
    return surrogate::mlp{std::move(layers)};
}

void predict(benchmark::State& state) {
    const auto network = random_network();
    const auto rows = static_cast<std::size_t>(state.range(0));
    random_stream random{2};
    std::vector<float> features(rows * encoding::width), out(rows);
    for (auto& x : features) x = random.chance(1.0 / 3) ? 1.0F : 0.0F;
    surrogate::mlp::workspace room;
    for (auto _ : state) {
        network.predict(features, out, room);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(predict)->Arg(1)->Arg(16)->Arg(100)->Arg(1000);

constexpr std::size_t population = 100, generations = 500;

void published(benchmark::State& state) {
    const spaces::accuracy_predictor<encoding> predictor{random_network()};
    spaces::accuracy_predictor<encoding>::workspace room;
    std::uint64_t looked_at = 0;
    for (auto _ : state) {
        reference::python_random python{0};
        reference::numpy_random numpy{0};
        const auto found = spaces::reference::published_evolution<net>(
            static_cast<double>(state.range(0)),
            [&](std::span<const spaces::ofa_arch> archs, std::span<float> out) { predictor.predict(archs, out, room); },
            [](const spaces::ofa_arch& a) { return workload::peak_memory(spaces::net_of(net::family, a)); }, python, numpy,
            {.population = population, .iterations = generations});
        looked_at = found.efficiency_calls;
        benchmark::DoNotOptimize(found.accuracy);
    }
    state.counters["peaks"] = static_cast<double>(looked_at);
}
BENCHMARK(published)->Arg(400'000)->Arg(300'000)->Unit(benchmark::kMillisecond)->Iterations(1);

void evolution_in_closed_form(benchmark::State& state) {
    using wanted = goals<maximize<spaces::predicted_accuracy>, subject_to<peak_memory, at_most<300'000>>>;
    using policy = evolution<network_costs, spaces::elastic_mutation>;
    const spaces::accuracy_predictor<encoding> predictor{random_network()};
    spaces::accuracy_predictor<encoding>::workspace room;
    auto limits = wanted::limits();
    limits.high[0] = static_cast<double>(state.range(0));
    std::uint64_t looked_at = 0;
    for (auto _ : state) {
        policy::engine<net, wanted> engine{{.population = population}, limits};
        random_stream random{1};
        std::vector<spaces::ofa_arch> archs(population);
        std::vector<float> values(population);
        std::vector<trial<net, wanted>> told(population);
        for (std::size_t g = 0; g <= generations; ++g) {
            const auto points = engine.ask(random, population);
            for (std::size_t i = 0; i < population; ++i) archs[i] = spaces::arch_of(points[i]);
            predictor.predict(archs, values, room);
            for (std::size_t i = 0; i < population; ++i) {
                told[i].point = points[i];
                told[i].objectives = {-static_cast<double>(values[i])};
            }
            engine.tell(told);
        }
        looked_at = engine.closed_form_evaluations();
    }
    state.counters["peaks"] = static_cast<double>(looked_at);
}
BENCHMARK(evolution_in_closed_form)->Arg(400'000)->Arg(300'000)->Unit(benchmark::kMillisecond)->Iterations(1);

} // namespace
