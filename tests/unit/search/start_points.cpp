#include <verdant/search/start_points.hpp>

#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/study/memory_storage.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <vector>

using namespace studies;
using Catch::Contains;

namespace {

const vd::start_points given{feasible(100), feasible(3), feasible(77)};

// Whether the first trials are those that were given, and no others are marked.
template <class Trials>
bool begins_with(const Trials& trials, std::size_t n) {
    const auto& points = given.points();
    bool good = trials.size() >= n;
    for (std::size_t i = 0; good && i < trials.size(); ++i)
        good = i < n ? trials[i].point == points[i] && trials[i].origin == vd::trial_origin::start_point : trials[i].origin == vd::trial_origin::optimizer;
    return good;
}

// What the optimizer was told before it was first asked.
struct attentive : vd::optimizer_policy_base {
    struct options {};
    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options&) {}
        std::vector<vd::point<Space>> ask(vd::random_stream& random, std::size_t n) {
            if (told_before_.empty()) told_before_ = told_;
            std::vector<vd::point<Space>> points(n);
            for (auto& p : points) p = vd::sample<Space>(random);
            return points;
        }
        void tell(std::span<const vd::trial<Space, Goals>> told) { told_.insert(told_.end(), told.begin(), told.end()); }
        std::size_t preferred_batch() const { return 2; }
        const auto& told_before() const { return told_before_; }

    private:
        std::vector<vd::trial<Space, Goals>> told_, told_before_;
    };
};

} // namespace

TEST_CASE("start points are the first trials of every optimizer, and marked", "[search]") {
    const auto check = [](const auto& s, auto options) {
        const auto found = s.run(options, given);
        REQUIRE(begins_with(found.trials(), 3));
        REQUIRE(found.trials().size() == options.trials);
        // They count among the trials; what a search makes of threads and batches it makes of them, too.
        options.threads = 3;
        REQUIRE(same(s.run(options, given), found));
        options.trials = 2;
        REQUIRE((s.run(options, given).trials().size() == 2 && begins_with(s.run(options, given).trials(), 2)));
    };
    check(study<vd::nsga2<>>{measure, power}, study<vd::nsga2<>>::options{.trials = 40, .seed = 2, .optimizer = {.population = 10}});
    check(study<vd::evolution<>>{measure, power}, study<vd::evolution<>>::options{.trials = 40, .seed = 2, .optimizer = {.population = 10}});
    check(study<vd::random_search>{measure, power}, study<vd::random_search>::options{.trials = 40, .seed = 2, .batch = 2});
    const auto all = study<vd::exhaustive_search>{measure, power}.run({.trials = 1000}, given);
    REQUIRE(begins_with(all.trials(), 3));
    REQUIRE(all.trials().size() == study<vd::exhaustive_search>{measure, power}.run({.trials = 1000}).trials().size());
    REQUIRE(all.repeated() == 3); // proposed again, and known
}

TEST_CASE("the optimizer is told of start points before it is asked", "[search]") {
    auto session = study<attentive>::ask_tell({.seed = 1});
    session.start_with(given);
    REQUIRE(session.ask(2) == std::vector<point>{given.points()[0], given.points()[1]});
    const vd::metrics<vd::accuracy, vd::latency, vd::energy> values{0.5, 1.0 * vd::seconds{}, 1.0 * vd::joules{}};
    session.tell(given.points()[0], values);
    session.tell_failure(given.points()[1], "too large");
    REQUIRE(session.ask(2) == std::vector<point>{given.points()[2]}); // by themselves
    session.tell(given.points()[2], values);
    REQUIRE(session.ask(2).size() == 2);
    REQUIRE(session.engine().told_before() == session.trials());
    REQUIRE(begins_with(session.trials(), 3));
    REQUIRE_THROWS_WITH(session.start_with(given), Contains("start points come too late"));
}

TEST_CASE("start points are feasible, and each is there once", "[search]") {
    auto wide = feasible(0);
    wide.assign(0, 7);
    wide.assign(1, 9);
    REQUIRE_THROWS_WITH((vd::start_points{feasible(1), wide}),
                        "verdant: start points, point 1: expected a feasible point, found layers=7 width=9 kernel=3, which breaks width * layers <= 40");
    REQUIRE_THROWS_WITH((vd::start_points{feasible(1), feasible(2), feasible(1)}), Contains("start points, point 2: expected a point that is there once, found layers="));
    REQUIRE(vd::start_points<net>{}.points().empty());
    REQUIRE(vd::start_points{std::vector{feasible(4)}}.points().size() == 1);
}

TEST_CASE("a kept study goes on behind its start points, and refuses others", "[search]") {
    for (const std::size_t first : {1U, 2U, 3U, 4U, 11U}) {
        const auto goes_on = [&](const auto& s, auto options) {
            const auto whole = s.run(options, given);
            vd::memory_storage kept;
            auto shorter = options;
            shorter.trials = first;
            s.run(shorter, kept, given);
            REQUIRE(same(s.run(options, kept, given), whole));
            REQUIRE(same(s.run(options, given, kept), whole));
        };
        goes_on(study<vd::nsga2<>>{measure, power}, study<vd::nsga2<>>::options{.trials = 30, .seed = 2, .batch = 2, .optimizer = {.population = 6}});
        goes_on(study<attentive>{measure, power}, study<attentive>::options{.trials = 30, .seed = 2});
    }
    vd::memory_storage kept;
    const study<vd::random_search> s{measure, power};
    s.run({.trials = 5, .batch = 2}, kept, given);
    REQUIRE_THROWS_WITH(s.run({.trials = 5, .batch = 2}, kept), Contains("start point 0: stored, but the program has none"));
    REQUIRE_THROWS_WITH(s.run({.trials = 5, .batch = 2}, kept, vd::start_points{given.points()[0], given.points()[2], given.points()[1]}),
                        Contains("start point 1: stored " + vd::to_string(given.points()[1]) + ", the program has " + vd::to_string(given.points()[2])));
    vd::memory_storage without;
    s.run({.trials = 5, .batch = 2}, without);
    REQUIRE_THROWS_WITH(s.run({.trials = 5, .batch = 2}, without, given), Contains("start point 0: not stored, but the program has layers="));
}
