#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/cma/cma_es.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

using steps = uniform<-3.0, 3.0, 61>;
struct mixed : space<param<"x", steps>, param<"y", steps>, param<"z", steps>, param<"n", range<0, 20>>, param<"kind", choices<"a", "b", "c", "d">>,
                     param<"bias", flag>> {};
struct loss : metric<"loss"> {};
struct size : metric<"size"> {};

/// A narrow valley along x = y = z, least at x = 1, n = 17, kind c with a bias.
metrics<loss, size> measure(const point<mixed>& p) {
    const double x = p.get<"x">(), y = p.get<"y">(), z = p.get<"z">(), n = static_cast<double>(p.get<"n">());
    return {(x - 1) * (x - 1) + 10 * (x - y) * (x - y) + 10 * (y - z) * (y - z) + 0.1 * std::abs(n - 17) + (p.get<"kind">() == "c" ? 0 : 1) +
                (p.get<"bias">() ? 0 : 1),
            n};
}

template <class Optimizer>
double best_of(const typename Optimizer::options& options) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const auto found = search<mixed, minimize<loss>, track<size>, Optimizer>{&measure}.run({.trials = 400, .seed = seed, .optimizer = options});
        sum += found.front().front().template get<loss>() / 4;
    }
    return sum;
}

using engine = cma_es::engine<laws::law_space, laws::law_goals>;

} // namespace

TEST_CASE("CMA-ES keeps the laws of optimizers", "[optimizer]") {
    laws::obeys_optimizer_laws<cma_es>({});
    laws::obeys_optimizer_laws<cma_es>({.samples = 3, .sigma = 0.1, .growth = 1, .stale_generations = 1, .generations = 2});
    laws::obeys_optimizer_laws<within<space_part<laws::law_space>, cma_es>>({.region = space_part<laws::law_space>{}, .optimizer = {}});
}

TEST_CASE("CMA-ES finds what depends on each other, with values of all kinds", "[optimizer]") {
    const auto drawn = best_of<random_search>({});
    CHECK(best_of<cma_es>({}) < 0.2 * drawn);
}

TEST_CASE("CMA-ES keeps to limits, and searches for a front by changing weights", "[optimizer]") {
    const auto limited = search<mixed, minimize<loss>, subject_to<size, at_most<5>>, cma_es>{&measure}.run({.trials = 400, .seed = 1});
    CHECK(limited.front().front().get<size>() <= 5);
    CHECK(limited.front().front().get<loss>() < 2); // 1.2 at best
    cma_es::engine<mixed, goals<minimize<loss>, minimize<size>>> one{{}};
    random_stream random{3};
    for (int round = 0; round < 20; ++round) {
        std::vector<trial<mixed, goals<minimize<loss>, minimize<size>>>> told(9);
        const auto points = one.ask(random, told.size());
        for (std::size_t i = 0; i < told.size(); ++i) {
            told[i].point = points[i];
            told[i].values = measure(points[i]);
            told[i].objectives = goals<minimize<loss>, minimize<size>>::objectives(told[i].values);
        }
        one.tell(told);
    }
    CHECK(one.runs() == 3); // of 8 generations each
}

TEST_CASE("CMA-ES learns from generations, whatever the order of answers", "[optimizer]") {
    cma_es::engine<mixed, goals<minimize<loss>>> one{{.samples = 6}};
    random_stream random{3};
    std::vector<trial<mixed, goals<minimize<loss>>>> open;
    for (int round = 0; round < 60; ++round) {
        while (open.size() < 4) {
            trial<mixed, goals<minimize<loss>>> t;
            t.point = one.ask(random, 1)[0];
            t.objectives = {measure(t.point).get<loss>()};
            open.push_back(t);
        }
        const auto at = open.begin() + static_cast<std::ptrdiff_t>(random.below(4));
        one.tell({&*at, 1});
        open.erase(at);
    }
    CHECK(one.distribution().state().generation == 10);
}

TEST_CASE("CMA-ES starts anew with more samples where nothing new comes", "[optimizer]") {
    struct small : space<param<"a", range<0, 3>>, param<"b", range<0, 3>>> {};
    using few = goals<minimize<loss>>;
    cma_es::engine<small, few> one{{.samples = 4, .stale_generations = 2}};
    random_stream random{3};
    for (int round = 0; round < 40; ++round) {
        std::vector<trial<small, few>> told;
        for (const auto& p : one.ask(random, one.preferred_batch())) {
            told.emplace_back();
            told.back().point = p;
            told.back().objectives = {static_cast<double>(p.get<"a">() + p.get<"b">())};
        }
        one.tell(told);
    }
    CHECK(one.runs() > 2);
    CHECK(one.preferred_batch() == 64); // and no more
}

TEST_CASE("CMA-ES says what is wrong with its options", "[optimizer]") {
    CHECK_THROWS_WITH(engine{{.samples = 2}}, Contains("cma_es") && Contains("samples: expected a number from 3 to 100000, found 2"));
    CHECK_THROWS_WITH(engine{{.sigma = 0}}, Contains("sigma: expected a number above 0, found 0"));
    CHECK_THROWS_WITH(engine{{.growth = 0.5}}, Contains("growth: expected a number from 1 to 10, found 0.5"));
    CHECK_THROWS_WITH(engine{{.stale_generations = 0}}, Contains("stale_generations: expected at least 1"));
}
