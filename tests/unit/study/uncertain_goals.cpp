#include <verdant/study/sqlite_storage.hpp>

#include "catch.hpp"

#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report/study_from_json.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/search.hpp>
#include <verdant/uncertainty.hpp>

#include <unistd.h>

#include <filesystem>
#include <string>

namespace vd = verdant;
namespace un = verdant::uncertainty;
using Catch::Contains;

namespace {

struct plan : vd::space<vd::param<"size", vd::range<1, 60>>> {};
template <class Wanted>
using study = vd::search<plan, vd::minimize<Wanted>, vd::random_search>;
using of_95 = vd::quantile<vd::total_carbon, 0.95>;
using of_90 = vd::quantile<vd::total_carbon, 0.9>;

auto measure(const vd::point<plan>& p) {
    const auto grid = un::draw_inputs{.seed = 5, .count = 50}("grid", un::lognormal<double>{1.0, 0.5});
    const un::draws<vd::si::mass> total = static_cast<double>(p.get<"size">()) * (1.0 * vd::kilograms_co2e{}) * grid;
    return vd::uncertain_metrics<vd::metrics<>, vd::drawn<vd::total_carbon>>{vd::metrics<>{}, total};
}

} // namespace

TEST_CASE("a study that was kept with one quantile is resumed with it and with no other", "[sqlite]") {
    const auto path = (std::filesystem::temp_directory_path() / ("verdant-quantile-" + std::to_string(::getpid()) + ".sqlite")).string();
    const auto whole = study<of_95>{measure}.run({.trials = 20});
    static_cast<void>(study<of_95>{measure}.run({.trials = 8}, vd::sqlite_storage{path}));
    CHECK_THROWS_WITH(study<of_90>{measure}.run({.trials = 20}, vd::sqlite_storage{path}), Contains("total_carbon_q0.95"));
    CHECK_THROWS_WITH(study<vd::mean<vd::total_carbon>>{measure}.run({.trials = 20}, vd::sqlite_storage{path}), Contains("total_carbon_q0.95"));
    CHECK(study<of_95>{measure}.run({.trials = 20}, vd::sqlite_storage{path}).trials() == whole.trials());
    std::filesystem::remove(path);
}

TEST_CASE("JSON says which quantile a goal is", "[json]") {
    const study<of_95>::options options{.trials = 5};
    const auto found = study<of_95>{measure}.run(options);
    const auto read = vd::study_from_json(vd::study_json(found, options).dump(), "study");
    REQUIRE(read.description.goals.size() == 1);
    CHECK(read.description.goals[0].metric == "total_carbon_q0.95");
    CHECK(read.trials[0].metrics[0] == Approx(vd::to_si(found.trials()[0].get<of_95>())).epsilon(1e-14));
}
