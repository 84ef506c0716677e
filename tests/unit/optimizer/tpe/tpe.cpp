#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/tpe/tpe.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

struct knobs : space<param<"rate", log_range<1e-5, 1e-1, 401>>, param<"width", range<8, 512, 8>>, param<"kind", choices<"a", "b", "c", "d">>,
                     param<"bias", flag>> {};
struct loss : metric<"loss"> {};
struct size : metric<"size"> {};

/// Least at a rate of 1e-3, a width of 256, kind c with a bias.
metrics<loss, size> measure(const point<knobs>& p) {
    const auto rate = std::log10(p.get<"rate">()) + 3, width = static_cast<double>(p.get<"width">()) / 256 - 1;
    const double kind = p.get<"kind">() == "c" ? 0 : 1;
    return {rate * rate + width * width + kind * (p.get<"bias">() ? 1 : 2), static_cast<double>(p.get<"width">())};
}

template <class Optimizer>
double best_of(const typename Optimizer::options& options) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const auto found = search<knobs, minimize<loss>, track<size>, Optimizer>{&measure}.run({.trials = 120, .seed = seed, .optimizer = options});
        sum += found.front().front().template get<loss>() / 4;
    }
    return sum;
}

} // namespace

TEST_CASE("TPE keeps the laws of optimizers", "[optimizer]") {
    laws::obeys_optimizer_laws<tpe>({});
    laws::obeys_pending_laws<tpe>({});
    laws::obeys_optimizer_laws<tpe>({.initial = 1, .candidates = 3, .good_share = 0, .factors = parzen_factors::independent});
    laws::obeys_pending_laws<tpe>({.initial = 1, .candidates = 3, .good_share = 0, .factors = parzen_factors::independent});
    laws::obeys_optimizer_laws<within<space_part<laws::law_space>, tpe>>({.region = space_part<laws::law_space>{}, .optimizer = {}});
    laws::obeys_pending_laws<within<space_part<laws::law_space>, tpe>>({.region = space_part<laws::law_space>{}, .optimizer = {}});
}

TEST_CASE("TPE finds continuous, logarithmic, ordered and unordered values together", "[optimizer]") {
    const auto drawn = best_of<random_search>({});
    CHECK(best_of<tpe>({}) < 0.1 * drawn);
    CHECK(best_of<tpe>({.factors = parzen_factors::independent}) < 0.3 * drawn);
}

TEST_CASE("TPE searches for a front, and within limits", "[optimizer]") {
    const auto limited = search<knobs, minimize<loss>, subject_to<size, at_most<128>>, tpe>{&measure}.run({.trials = 150, .seed = 1});
    CHECK(limited.front().front().get<size>() == 128);
    CHECK(limited.front().front().get<loss>() < 0.27); // 0.25 at best
    const auto area = [](const auto& found) {
        double sum = 0, least = 2;
        for (const auto& t : found.front()) least = std::min(least, t.template get<loss>()); // ordered by the first objective
        double before = 512;
        for (const auto& t : found.front()) {
            if (t.template get<loss>() >= 2) continue;
            sum += (2 - t.template get<loss>()) * std::max(0.0, before - t.template get<size>());
            before = std::min(before, t.template get<size>());
        }
        return sum;
    };
    double ours = 0, drawn = 0;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        ours += area(search<knobs, minimize<loss>, minimize<size>, tpe>{&measure}.run({.trials = 120, .seed = seed}));
        drawn += area(search<knobs, minimize<loss>, minimize<size>, random_search>{&measure}.run({.trials = 120, .seed = seed}));
    }
    CHECK(ours > drawn);
}

TEST_CASE("TPE proposes no known point while there are others, and then ends", "[optimizer]") {
    const auto all = *count_feasible<laws::law_space>();
    const auto found = search<laws::law_space, maximize<accuracy>, tpe>{[](const laws::law_point& p) -> metrics<accuracy> {
                           return static_cast<double>(p.get<"width">());
                       }}.run({.trials = 1000, .seed = 3});
    CHECK(found.trials().size() == all);
    // In one question, too.
    tpe::engine<knobs, goals<minimize<loss>>> one{{}};
    random_stream random{1};
    const auto asked = one.ask(random, 50);
    CHECK(std::set<point<knobs>>(asked.begin(), asked.end()).size() == 50);
}

TEST_CASE("A thousand trials take little time", "[optimizer]") {
    const auto start = std::chrono::steady_clock::now();
    const auto found = search<knobs, minimize<loss>, track<size>, tpe>{&measure}.run({.trials = 1000, .seed = 1});
    CHECK(found.trials().size() == 1000);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{20});
}

TEST_CASE("TPE says what is wrong with its options", "[optimizer]") {
    using engine = tpe::engine<knobs, goals<minimize<loss>>>;
    CHECK_THROWS_WITH(engine{{.good_share = 1.5}}, Contains("good_share: expected a number from 0 to 1, found 1.5"));
    CHECK_THROWS_WITH(engine{{.prior_weight = 0}}, Contains("prior_weight: expected a number above 0, found 0"));
    CHECK_THROWS_WITH(engine{{.candidates = 0}}, Contains("candidates: expected at least 1, found 0"));
}
