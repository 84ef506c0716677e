#include <verdant/optimizer/bayes/point_search.hpp>

#include "catch.hpp"

#include <cmath>
#include <cstddef>
#include <set>
#include <vector>

using namespace verdant;

namespace {

template <fixed_string Name>
using kind = param<Name, choices<"p", "q", "r", "s">>;
struct kinds : space<kind<"a">, kind<"b">, kind<"c">, kind<"d">, kind<"e">, kind<"f">, param<"n", range<0, 999'999>>,
                     where<(var<"n"> % val<2>) == val<0>>> {};

/// What `bayes` hands over: an acquisition with a screen and a say on success. The best is value 2 of every parameter and 650,000, by single changes.
struct example {
    int asked = 0;
    double operator()(const Eigen::VectorXd& x, Eigen::VectorXd*) {
        ++asked;
        double sum = 0;
        for (Eigen::Index b = 0; b < 6; ++b) sum += (x[4 * b + 2] > 0 ? 1 : 0) - (x[4 * b] > 0 ? 0.1 : 0);
        return sum - std::abs(x[24] - 0.65);
    }
    double screen(const Eigen::VectorXd& x) { return (*this)(x, nullptr); }
    [[nodiscard]] bool likely(const Eigen::VectorXd& x) const { return !avoided || x[3] == 0; }
    bool avoided = false;
};

point<kinds> best_of(const point_search_options& options, std::uint64_t seed, example& acquisition, const std::set<point<kinds>>& known = {}) {
    const relaxation relaxed{view_of<kinds>};
    const auto is_new = [&](const point<kinds>& p) { return !known.contains(p); };
    point_search<kinds, example, decltype(is_new)> search{relaxed, acquisition, is_new, options};
    random_stream random{seed};
    const std::vector<point<kinds>> near{sample<kinds>(random)};
    search.run(near, random);
    REQUIRE(search.found());
    return *search.found();
}

} // namespace

TEST_CASE("The search among points climbs to where no change of one parameter is better, in few questions", "[optimizer]") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        example acquisition;
        const auto p = best_of({}, seed, acquisition);
        CHECK(p.feasible());
        for (const auto* name : {"a", "b", "c", "d", "e", "f"}) {
            const std::size_t at = static_cast<std::size_t>(name[0] - 'a');
            CHECK(p[at] == 2);
        }
        CHECK(std::abs(p.get<"n">() - 650'000) <= 2); // a domain of a million values: by steps of 1, 2, 4, ...
        CHECK(acquisition.asked < 3000);
        example again;
        CHECK(best_of({}, seed, again) == p);
    }
}

TEST_CASE("Known points are passed over, and the next best is found", "[optimizer]") {
    example acquisition;
    std::set<point<kinds>> known;
    for (int i = 0; i < 5; ++i) {
        const auto p = best_of({}, 4, acquisition, known);
        CHECK(known.insert(p).second);
        CHECK(acquisition(relaxation{view_of<kinds>}.encode(p), nullptr) > 5.8);
    }
}

TEST_CASE("Points that are likely to be measured come before better ones", "[optimizer]") {
    example acquisition;
    acquisition.avoided = true;
    CHECK(best_of({.raw_samples = 64, .starts = 2}, 5, acquisition)[0] != 3);
}
