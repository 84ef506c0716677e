// Boosted trees on one core: the accuracy model of Accel-NASBench (member 1 of its ensemble, 1467 trees of depth 3) over distinct random
// architectures, one by one and in one batch, with the instructions that the processor has, walked through as they are, and by XGBoost's own
// predictor where the component xgboost is there; and the ensemble of six. `$VERDANT_GOLDENS/anb/xgb_ensemble_acc` holds the models; without them
// nothing is run. `items_per_second` are architectures a second.

#include <verdant/io/file/read_file.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/surrogate/ensemble/model_file.hpp>
#include <verdant/surrogate/ensemble/regressor_ensemble.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/compiled_trees.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>
#include <verdant/surrogate/index_features.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#if defined(VERDANT_COMPONENT_XGBOOST)
#include "forest_peer.hpp"
#endif

namespace vd = verdant;
namespace surrogate = verdant::surrogate;
using space = verdant::spaces::mnasnet;

namespace {

constexpr std::size_t architectures = 1 << 15;

std::filesystem::path models() {
    const char* const folder = std::getenv("VERDANT_GOLDENS");
    return std::filesystem::path{folder != nullptr ? folder : VERDANT_GOLDENS_DEFAULT} / "anb/xgb_ensemble_acc";
}
std::string first_member() { return (models() / "member1.json").string(); }

/// Distinct points, drawn uniformly.
const std::vector<vd::point<space>>& points() {
    static const auto drawn = [] {
        vd::random_stream random{1};
        std::set<vd::point<space>> seen;
        std::vector<vd::point<space>> out;
        while (out.size() < architectures)
            if (const auto p = vd::sample<space>(random); seen.insert(p).second) out.push_back(p);
        return out;
    }();
    return drawn;
}
surrogate::feature_rows rows() {
    static const auto values = [] {
        std::vector<float> out(points().size() * vd::point<space>::size());
        surrogate::index_features(std::span{points()}, std::span{out});
        return out;
    }();
    return {values, vd::point<space>::size()};
}

template <class Model>
void batch(benchmark::State& state, const Model& model, std::size_t count = architectures) {
    std::vector<double> out(count);
    const auto part = rows().part(0, count);
    for (auto _ : state) {
        model.predict(part, out);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(count) * state.iterations());
}

template <class Model>
void single(benchmark::State& state, const Model& model) {
    const auto all = rows();
    std::size_t r = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(model.predict(all[r]));
        r = r + 1 == all.rows() ? 0 : r + 1;
    }
    state.SetItemsProcessed(state.iterations());
}

/// From points to numbers, as a search asks.
void batch_of_points(benchmark::State& state, const surrogate::compiled_trees& model) {
    std::vector<float> x(points().size() * vd::point<space>::size());
    std::vector<double> out(points().size());
    for (auto _ : state) {
        model.predict(surrogate::index_features(std::span{points()}, std::span{x}), out);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(out.size()) * state.iterations());
}

void register_all() {
    const auto path = first_member();
    if (!std::filesystem::exists(path)) {
        benchmark::RegisterBenchmark("forest", [path](benchmark::State& state) { state.SkipWithError(("no file " + path).c_str()); });
        return;
    }
    static const auto bytes = vd::io::read_file(path);
    static const auto plain = surrogate::parse_xgboost(bytes, path).trees;
    for (const auto v : {surrogate::vector_instructions::baseline, surrogate::vector_instructions::avx2, surrogate::vector_instructions::avx512}) {
        if (!surrogate::has_instructions(v)) continue;
        const surrogate::compiled_trees compiled{plain, v};
        const std::string name{name_of(v)};
        benchmark::RegisterBenchmark(("single/" + name).c_str(), [compiled](benchmark::State& state) { single(state, compiled); });
        benchmark::RegisterBenchmark(("batch/" + name).c_str(), [compiled](benchmark::State& state) { batch(state, compiled); });
        benchmark::RegisterBenchmark(("batch_of_points/" + name).c_str(), [compiled](benchmark::State& state) { batch_of_points(state, compiled); });
    }
    benchmark::RegisterBenchmark("single/walked", [](benchmark::State& state) { single(state, plain); });
    benchmark::RegisterBenchmark("batch/walked", [](benchmark::State& state) { batch(state, plain); });
#if defined(VERDANT_COMPONENT_XGBOOST)
    benchmark::RegisterBenchmark("single/xgboost", [](benchmark::State& state) { xgboost_single(state, bytes, rows()); });
    benchmark::RegisterBenchmark("batch/xgboost", [](benchmark::State& state) { xgboost_batch(state, bytes, rows()); });
#endif
    static const auto ensemble = surrogate::read_ensemble(models().string());
    benchmark::RegisterBenchmark("single/ensemble", [](benchmark::State& state) { single(state, ensemble); });
    benchmark::RegisterBenchmark("batch/ensemble/5000", [](benchmark::State& state) { batch(state, ensemble, 5000); });
    benchmark::RegisterBenchmark("compile", [](benchmark::State& state) {
        for (auto _ : state) benchmark::DoNotOptimize(surrogate::compiled_trees{plain}.table_trees());
    });
    benchmark::RegisterBenchmark("read/json", [path](benchmark::State& state) {
        for (auto _ : state) benchmark::DoNotOptimize(surrogate::parse_xgboost(bytes, path).trees.trees().size());
    });
    benchmark::RegisterBenchmark("read/ubjson", [path](benchmark::State& state) {
        const auto binary = surrogate::xgboost_ubjson(surrogate::parse_xgboost(bytes, path));
        for (auto _ : state) benchmark::DoNotOptimize(surrogate::parse_xgboost(binary, path).trees.trees().size());
    });
}

} // namespace

int main(int count, char** arguments) {
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
    register_all();
    benchmark::RunSpecifiedBenchmarks();
}
