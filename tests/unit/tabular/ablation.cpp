#include "catch.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/surrogate/forest/fit_forest.hpp>
#include <verdant/tabular/ablation.hpp>
#include <verdant/tabular/learning_curve.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace vd = verdant;

namespace ablation_tests {

const std::string header = "proxified_seed1_top1,proxified_seed1_train_time_s,proxified_seed2_top1,proxified_seed2_train_time_s,"
                           "fewproxy_seed1_top1,fewproxy_seed1_train_time_s,fewproxy_seed2_top1,fewproxy_seed2_train_time_s\n";

vd::tabular::proxy_ablation read(const std::string& rows) { return vd::tabular::proxy_ablation::from(vd::io::parse_csv(header + rows, "table")); }

} // namespace ablation_tests
using namespace ablation_tests;

TEST_CASE("an ablation has means, deviations, hours and emissions", "[tabular]") {
    const auto a = read("60,1800,62,1800,70,3600,70,7200\n50,1800,50,1800,60,3600,61,3600\n");
    CHECK(a.proxified.seeds() == 2);
    CHECK(a.proxified.mean() == std::vector<double>{61, 50});
    CHECK(a.few_proxy.mean_over(std::vector<std::size_t>{1}) == std::vector<double>{70, 61});
    CHECK(a.proxified.deviation()[0] == Approx(std::sqrt(2)));
    CHECK(a.proxified.mean_deviation() == Approx(std::sqrt(2) / 2));
    CHECK(a.proxified.hours() == Approx(2));
    CHECK(a.few_proxy.hours() == Approx(5));
    CHECK(vd::tabular::training_node{}.emissions(a.few_proxy.hours()) == Approx(1.5 * 0.71 * 5));
    CHECK(a.quality().kendall_tau == 1);
    CHECK_THROWS_AS(a.proxified.mean_over(std::vector<std::size_t>{2}), vd::input_error);
    CHECK_THROWS_AS(a.proxified.mean_over({}), vd::input_error);
}

TEST_CASE("an ablation refuses what it cannot use by line and column", "[tabular]") {
    CHECK_THROWS_WITH(read("60,1800,62,1800,70,3600,170,7200\n50,1800,50,1800,60,3600,61,3600\n"),
                      Catch::Contains("line 2") && Catch::Contains("fewproxy_seed2_top1"));
    CHECK_THROWS_WITH(read("60,0,62,1800,70,3600,70,7200\n50,1800,50,1800,60,3600,61,3600\n"), Catch::Contains("proxified_seed1_train_time_s"));
    CHECK_THROWS_WITH(read("60,1800,nan,1800,70,3600,70,7200\n50,1800,50,1800,60,3600,61,3600\n"), Catch::Contains("proxified_seed2_top1"));
    CHECK_THROWS_WITH(read("60,1800,62,1800,70,3600,70,7200\n"), Catch::Contains("two architectures"));
    CHECK_THROWS_WITH(vd::tabular::proxy_ablation::from(vd::io::parse_csv("proxified_seed1_top1\n1\n", "table")),
                      Catch::Contains("proxified_seed1_train_time_s"));
}

TEST_CASE("more data make better surrogates", "[tabular]") {
    vd::tabular::target_rows training, judged;
    vd::random_stream random{1};
    for (auto* rows : {&training, &judged}) {
        rows->columns = 3;
        for (int i = 0; i < 200; ++i) {
            double y = 10;
            for (int c = 0; c < 3; ++c) {
                rows->x.push_back(static_cast<float>(random.below(6)));
                y += (c + 1) * static_cast<double>(rows->x.back());
            }
            rows->y.push_back(y);
        }
    }
    const auto fit = [](const vd::surrogate::labelled_rows& rows, std::uint64_t seed) {
        return vd::surrogate::fit_random_forest(rows, {.trees = 8, .seed = seed});
    };
    const auto curve = vd::tabular::learning_curve(training, judged, std::vector<std::size_t>{10, 50, 200}, 3, fit);
    REQUIRE(curve.size() == 3);
    CHECK(curve[0].kendall_tau.mean < curve[1].kendall_tau.mean);
    CHECK(curve[1].kendall_tau.mean < curve[2].kendall_tau.mean);
    CHECK(curve[2].mae.mean < curve[0].mae.mean);
    CHECK(curve[0].mae.std > 0);
    CHECK_THROWS_AS(vd::tabular::learning_curve(training, judged, std::vector<std::size_t>{201}, 3, fit), vd::input_error);
    CHECK_THROWS_AS(vd::tabular::learning_curve(training, judged, std::vector<std::size_t>{20}, 0, fit), vd::input_error);
}

TEST_CASE("an ablation reads every seed or says which one is missing", "[tabular]") {
    const auto with = [](const std::string& columns) {
        return vd::tabular::proxy_ablation::from(vd::io::parse_csv(
            "proxified_seed1_top1,proxified_seed1_train_time_s,proxified_seed2_top1,proxified_seed2_train_time_s,fewproxy_seed1_top1,"
            "fewproxy_seed1_train_time_s,fewproxy_seed2_top1,fewproxy_seed2_train_time_s," +
                columns + "\n60,1800,62,1800,70,3600,70,7200,1,1\n50,1800,50,1800,60,3600,61,3600,1,1\n",
            "table"));
    };
    CHECK(with("proxified_seed3_top1,proxified_seed3_train_time_s").proxified.seeds() == 3);
    CHECK(with("proxified_seed2_top5,fewproxy_seed1_top5").proxified.seeds() == 2);
    CHECK_THROWS_WITH(with("proxified_seed4_top1,proxified_seed4_train_time_s"),
                      Catch::Contains("'proxified_seed3_top1'") && Catch::Contains("'proxified_seed4_top1'"));
    CHECK_THROWS_WITH(with("fewproxy_seed3_top5,fewproxy_seed3_train_time_s"), Catch::Contains("'fewproxy_seed3_top1'"));
}
