// Points per second: sampled, mutated, crossed over, encoded, repaired, tested, enumerated; in a space of 14 parameters (two CLIP towers and an
// accelerator), one of 50 parameters with conditions, and one of 200 parameters that can only be counted.

#include <verdant/space.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace vd = verdant;
using vd::val, vd::var;

namespace {

struct tower : vd::space<vd::param<"layers", vd::range<6, 12>>, vd::param<"ffn", vd::range<1024, 3072, 256>>, vd::param<"width", vd::range<384, 768, 64>>,
                         vd::param<"heads", vd::range<4, 12>>, vd::where<var<"width"> % var<"heads"> == val<0>>> {};
struct accelerator : vd::space<vd::param<"clusters", vd::choices<1, 2, 4>>, vd::param<"width", vd::choices<16, 32, 64, 128, 256>>,
                               vd::param<"depth", vd::choices<16, 32, 64, 128, 256>>, vd::param<"l2_kib", vd::choices<64, 128, 256, 512, 1024>>,
                               vd::param<"l2_bandwidth", vd::choices<32, 64, 128>>, vd::param<"glb_mib", vd::choices<1, 2, 4, 8>>,
                               vd::where<var<"clusters"> * var<"width"> * var<"depth"> <= val<16384>>> {};
struct codesign : vd::space<vd::nest<"text", tower>, vd::nest<"vision", tower>, vd::nest<"hw", accelerator>> {};
static_assert(vd::parameter_count<codesign> == 14);

struct stage : vd::space<vd::param<"depth", vd::range<2, 4>>, vd::param<"width", vd::range<16, 128, 16>>, vd::param<"expand", vd::choices<3, 4, 6>>,
                         vd::param<"kernel", vd::choices<3, 5, 7>>, vd::param<"groups", vd::choices<1, 2, 4, 8>>, vd::param<"se", vd::flag>,
                         vd::when<var<"se">, vd::param<"ratio", vd::choices<4, 8, 16>>>,
                         vd::when<(var<"depth"> > val<2>), vd::param<"kernel3", vd::choices<3, 5, 7>>>,
                         vd::when<(var<"depth"> > val<3>), vd::param<"kernel4", vd::choices<3, 5, 7>>>,
                         vd::param<"act", vd::choices<"relu", "swish">>, vd::where<var<"width"> % var<"groups"> == val<0>>,
                         vd::where<var<"kernel"> * var<"expand"> <= val<30>>> {};
struct mobile : vd::space<vd::repeat<"stage", 5, stage>, vd::where<var<"stage.0.width"> <= var<"stage.4.width">>> {};
static_assert(vd::parameter_count<mobile> == 50);

struct pair_of_layers : vd::space<vd::param<"a", vd::range<0, 7>>, vd::param<"b", vd::range<0, 7>>, vd::where<var<"a"> <= var<"b">>> {};
template <std::size_t... I>
struct linked : vd::space<vd::repeat<"p", 100, pair_of_layers>,
                          vd::where<var<vd::fixed_string<6>{{'p', '.', static_cast<char>('0' + I / 10), static_cast<char>('0' + I % 10), '.', 'b', '\0'}}> <=
                                    var<vd::fixed_string<6>{{'p', '.', static_cast<char>('0' + (I + 1) / 10), static_cast<char>('0' + (I + 1) % 10), '.', 'a', '\0'}}>>...> {};
template <class>
struct chain_of;
template <std::size_t... I>
struct chain_of<std::index_sequence<I...>> : linked<(I + 10)...> {};
struct chain : chain_of<std::make_index_sequence<89>> {};
static_assert(vd::parameter_count<chain> == 200);

/// Feasible points to work on, the same in every run.
template <class S>
std::vector<vd::point<S>> population() {
    vd::random_stream random{1};
    std::vector<vd::point<S>> points;
    for (int i = 0; i < 256; ++i) points.push_back(vd::sample<S>(random));
    return points;
}

template <class S, class Work>
void over_population(benchmark::State& state, Work work) {
    const auto points = population<S>();
    vd::random_stream random{2};
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(work(points[i % points.size()], points[(i + 101) % points.size()], random));
        ++i;
    }
    state.SetItemsProcessed(state.iterations());
}

template <class S>
void sample(benchmark::State& state) {
    over_population<S>(state, [](const auto&, const auto&, auto& random) { return vd::sample<S>(random); });
}
template <class S>
void mutate(benchmark::State& state) {
    over_population<S>(state, [](const auto& p, const auto&, auto& random) { return vd::reset_mutation{}(p, random); });
}
template <class S>
void cross_over(benchmark::State& state) {
    over_population<S>(state, [](const auto& p, const auto& q, auto& random) { return vd::uniform_crossover{}(p, q, random); });
}
template <class S>
void test_feasible(benchmark::State& state) {
    over_population<S>(state, [](const auto& p, const auto&, auto&) { return p.feasible(); });
}
template <class S>
void repair(benchmark::State& state) {
    over_population<S>(state, [](auto p, const auto&, auto& random) {
        for (int k = 0; k < 3; ++k) {
            const auto i = static_cast<std::size_t>(random.below(p.size()));
            p[i] = static_cast<typename decltype(p)::index_type>(random.below(vd::view_of<S>.domain_size(i)));
        }
        return vd::repair(p, random);
    });
}
template <class S>
void encode_ordinal(benchmark::State& state) {
    std::array<double, vd::ordinal_width<S>> out{};
    over_population<S>(state, [&out](const auto& p, const auto&, auto&) {
        vd::encode_ordinal(p, std::span<double>{out});
        return out.back();
    });
}
template <class S>
void encode_one_hot(benchmark::State& state) {
    std::array<double, vd::one_hot_width<S>> out{};
    over_population<S>(state, [&out](const auto& p, const auto&, auto&) {
        vd::encode_one_hot(p, std::span<double>{out});
        return out.back();
    });
}
template <class S>
void enumerate(benchmark::State& state) {
    auto at = vd::feasible_points<S>().begin();
    for (auto _ : state) {
        benchmark::DoNotOptimize(*at);
        if (++at; at == std::default_sentinel) at = vd::feasible_points<S>().begin();
    }
    state.SetItemsProcessed(state.iterations());
}
template <class S>
void first_use(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(vd::feasible_set{vd::view_of<S>, vd::structure_of<S>});
}

#define VERDANT_BENCHMARK_SPACE(work) \
    BENCHMARK_TEMPLATE(work, codesign); \
    BENCHMARK_TEMPLATE(work, mobile); \
    BENCHMARK_TEMPLATE(work, chain)

VERDANT_BENCHMARK_SPACE(sample);
VERDANT_BENCHMARK_SPACE(mutate);
VERDANT_BENCHMARK_SPACE(cross_over);
VERDANT_BENCHMARK_SPACE(test_feasible);
VERDANT_BENCHMARK_SPACE(repair);
VERDANT_BENCHMARK_SPACE(encode_ordinal);
VERDANT_BENCHMARK_SPACE(encode_one_hot);
VERDANT_BENCHMARK_SPACE(enumerate);
VERDANT_BENCHMARK_SPACE(first_use);

} // namespace
