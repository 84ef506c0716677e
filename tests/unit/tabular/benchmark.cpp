#include <verdant/error.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/text.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/regressor.hpp>
#include <verdant/tabular/benchmark.hpp>
#include <verdant/tabular/device_metrics.hpp>
#include <verdant/tabular/metric_source.hpp>

#include "catch.hpp"
#include "unit/tabular/toy_space.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace verdant;
using namespace verdant::tabular;
using test_tabular::toy;

namespace {

/// A plane over the indices.
struct plane {
    double base = 0, slope = 1;
    [[nodiscard]] std::size_t features() const { return 3; }
    [[nodiscard]] double predict(std::span<const float> row) const {
        surrogate::require_features("plane", 3, row.size());
        return base + slope * static_cast<double>(row[0] + 10 * row[1] + 100 * row[2]);
    }
    void predict(surrogate::feature_rows rows, std::span<double> out) const {
        surrogate::require_rows("plane", 3, rows, out.size());
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = predict(rows[i]);
    }
};

/// Two planes, their mean, and half their distance.
struct pair_of_planes {
    std::vector<plane> both;
    [[nodiscard]] const std::vector<plane>& members() const { return both; }
    [[nodiscard]] std::size_t features() const { return 3; }
    [[nodiscard]] double predict(std::span<const float> row) const { return predict_uncertain(row).mean; }
    void predict(surrogate::feature_rows rows, std::span<double> out) const {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = predict(rows[i]);
    }
    [[nodiscard]] surrogate::uncertain_value predict_uncertain(std::span<const float> row) const {
        const double a = both[0].predict(row), b = both[1].predict(row);
        return {(a + b) / 2, std::abs(a - b) / 2};
    }
    void predict_uncertain(surrogate::feature_rows rows, std::span<double> mean, std::span<double> std) const {
        for (std::size_t i = 0; i < mean.size(); ++i) {
            const auto value = predict_uncertain(rows[i]);
            mean[i] = value.mean;
            std[i] = value.std;
        }
    }
};

struct npu : device<"npu", latency> {};

using both = benchmark<toy, npu, top1, latency>;
both sound() {
    return both{source_of<toy>(pair_of_planes{{{10, 0.1}, {20, 0.1}}}, source_unit::of<percent>()),
                source_of<toy>(plane{1, 0.5}, source_unit::named("ms"))};
}

const auto some = parse_point<toy>("width=32 kernel=5 excite=false"), first = point<toy>{};

} // namespace

static_assert(batch_evaluator<both, toy>);
static_assert(zcu102::measures<latency> && !a100::measures<latency> && a100::measures<top1> && no_device::measures<top1> &&
              !no_device::measures<throughput>);

TEST_CASE("A benchmark answers in units", "[tabular]") {
    const auto b = sound();
    const auto one = b.query(some);
    CHECK(one.mean.get<top1>() == Approx(0.262));
    CHECK(one.std.get<top1>() == Approx(0.05));
    CHECK(in<milliseconds>(one.mean.get<latency>()) == Approx(1 + 0.5 * 112));
    CHECK(one.std.get<latency>() == 0.0 * seconds{});
    CHECK(b.mean(some) == one.mean);
    CHECK(b(some) == one.mean);
    CHECK(b.std(some) == one.std);
    REQUIRE(b.members<top1>(some).size() == 2);
    CHECK(b.members<top1>(some)[1] == Approx(0.312));
    CHECK(b.members<latency>(some) == std::vector<double>{to_si(one.mean.get<latency>())});

    const std::vector points{first, some};
    const auto many = b.query(points);
    CHECK(many[1] == one);
    CHECK(many[0] == b.query(first));
    CHECK(b(points)[1] == one.mean);
    CHECK(b(std::span<const point<toy>>{}).empty());
}

TEST_CASE("A benchmark can be a base", "[tabular]") {
    struct named : both {
        using both::both;
        std::string name;
    };
    named first_one{source_of<toy>(plane{10, 1}, source_unit::of<percent>()), source_of<toy>(plane{1, 0.5}, source_unit::named("ms"))};
    first_one.name = "toy";
    const named copy = first_one;
    const auto moved = named{std::move(first_one)};
    const both base = copy;
    CHECK(copy.name + moved.name == "toytoy");
    CHECK(base(some) == moved(some));
    STATIC_REQUIRE_FALSE(std::is_default_constructible_v<both>);
    STATIC_REQUIRE_FALSE(std::is_default_constructible_v<named>);
}

TEST_CASE("Noise has the deviation of the ensemble", "[tabular]") {
    const auto b = sound();
    const std::vector<point<toy>> points(2000, some);
    random_stream random{3};
    const auto noisy = b.noisy(points, random);
    double mean = 0, squares = 0;
    for (const auto& r : noisy) mean += r.get<top1>() / 2000;
    for (const auto& r : noisy) squares += (r.get<top1>() - mean) * (r.get<top1>() - mean) / 2000;
    CHECK(mean == Approx(0.262).margin(0.004));
    CHECK(std::sqrt(squares) == Approx(0.05).epsilon(0.05));
    CHECK(noisy[7].get<latency>() == b.mean(some).get<latency>());
    const auto together = b.noisy(points, random, noise_draws::together);
    CHECK(together[0] == together[1999]);
    CHECK(together[0].get<top1>() != b.mean(some).get<top1>());
}

TEST_CASE("A benchmark is searched, and cautiously or boldly", "[tabular]") {
    const auto b = sound();
    const auto result = search<toy, maximize<top1>, exhaustive_search>{b}.run();
    REQUIRE(result.front().size() == 1);
    CHECK(result.front()[0].point == some);
    CHECK(result.front()[0].get<top1>() == Approx(0.262));

    const auto bold = b.confidence_bound<maximize<top1>, minimize<latency>>(2);
    CHECK(bold(std::vector{some})[0].get<top1>() == Approx(0.362));
    CHECK(b.confidence_bound<minimize<top1>>(2)(std::vector{some})[0].get<top1>() == Approx(0.162));
    CHECK(b.confidence_bound<maximize<top1>>(-1)(std::vector{some})[0].get<top1>() == Approx(0.212));
    CHECK(b.confidence_bound<minimize<latency>>(2)(std::vector{some})[0].get<top1>() == Approx(0.262));
    CHECK_NOTHROW(search<toy, maximize<top1>, minimize<latency>, exhaustive_search>{bold}.run());
    CHECK_THROWS_AS(b.confidence_bound<maximize<top1>>(std::nan("")), input_error);
}

TEST_CASE("Sources that do not fit are refused", "[tabular]") {
    CHECK_THROWS_WITH((benchmark<toy, npu, latency>{source_of<toy>(plane{}, source_unit::named("images/s"))}),
                      Catch::Contains("benchmark, latency: expected a source in a unit like ms, found 'images/s'"));
    CHECK_THROWS_WITH(source_unit::named("furlongs"), Catch::Contains("'furlongs'"));
    struct wide : plane {
        [[nodiscard]] std::size_t features() const { return 4; }
    };
    CHECK_THROWS_WITH(source_of<toy>(wide{}, source_unit{}), Catch::Contains("3, one for each parameter of the space, found 4"));
}

TEST_CASE("Pairs of devices and metrics as text", "[tabular]") {
    CHECK(record_metric_name("a100", "throughput") == "throughput_a100");
    CHECK(record_metric_name("zcu102", "latency") == "latency_zcu102");
    CHECK(record_metric_name<zcu102, latency>() == "latency_zcu102");
    CHECK(record_metric_name<a100, top1>() == "val_top1");
    CHECK_THROWS_WITH(record_metric_name("zcu103", "latency"), Catch::Contains("did you mean 'zcu102'?"));
    CHECK_THROWS_WITH(record_metric_name("a100", "latency"),
                      Catch::Contains("expected a metric that was measured on a100, found 'latency', which was measured on zcu102, vck190"));
    CHECK_THROWS_WITH(record_metric_name("a100", "thruput"), Catch::Contains("one of latency, throughput, found 'thruput'"));
}

namespace {

/// A batch evaluator that forgets the last point.
struct forgetful {
    std::vector<metrics<top1>> operator()(std::span<const point<toy>> points) const {
        return std::vector<metrics<top1>>(points.size() - 1, metrics<top1>{0.5});
    }
};

} // namespace

TEST_CASE("An evaluator that does not answer each point is refused", "[tabular]") {
    const benchmark<toy, no_device, top1> b{source_of<toy, top1>(forgetful{})};
    const std::vector<point<toy>> points(3);
    CHECK_THROWS_WITH(b(points), Catch::Contains("answers of the evaluator: expected 3, one a point, found 2"));
}
