#include "catch.hpp"

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace verdant;

namespace {

struct chain : space<param<"a", range<0, 9>>, param<"b", range<0, 9>>, param<"c", range<0, 9>>, param<"d", range<0, 9>>> {};
struct named : space<param<"a", range<0, 9>>, param<"b", range<0, 9>>, param<"c", range<0, 9>>, param<"kind", choices<"x", "y", "z">>> {};

/// Greatest where all are near 7.
template <class S>
double worth(const point<S>& p) {
    double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i) sum += (p[i] - 7.0) * (p[i] - 7.0);
    return -sum;
}
struct value : metric<"value"> {};

/// Pairs of a and b on a diagonal that no change of one parameter keeps to.
template <class S>
space_part<S> diagonal() {
    std::vector<allowed_combinations<S>> bundles(1);
    bundles[0].parameters = {0, 1};
    for (std::uint8_t i = 0; i < 10; ++i) {
        auto& p = bundles[0].combinations.emplace_back();
        p[0] = i;
        p[1] = static_cast<std::uint8_t>(9 - i);
    }
    return space_part<S>{bundles};
}

template <class S>
void check_within() {
    using study = search<S, maximize<value>, within<space_part<S>, bayes<>>>;
    const auto part = diagonal<S>();
    const auto result = study{[](const point<S>& p) { return metrics<value>{worth(p)}; }}.run(
        {.trials = 40, .seed = 3, .optimizer = {.region = part, .optimizer = {.points = {.raw_samples = 64, .starts = 2, .evaluations = 200}}}});
    CHECK(result.trials().size() == 40);
    double best = -1000, least = -1000;
    for (const auto& t : result.trials()) {
        CHECK(part.contains(t.point));
        best = std::max(best, t.template get<value>());
    }
    for (const auto& p : part.points()) least = std::max(least, worth(p));
    CHECK(best >= least - 2);
}

} // namespace

TEST_CASE("Bayesian optimisation searches a part of a space, of ordered parameters and of others", "[optimizer]") {
    check_within<chain>();
    check_within<named>();
}
