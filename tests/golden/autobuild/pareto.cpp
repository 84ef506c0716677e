#include <verdant/pareto/peeled_fronts.hpp>

#include "golden/golden.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace verdant;

TEST_CASE("Peeled fronts and queries are the published ones", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/pareto*.json")) {
        golden::summary summary{f.name, 0};
        for (const auto& entry : golden::read_json(f.path)) {
            summary.next_row();
            const auto accuracy = entry.at("acc").get<std::vector<double>>(), latency = entry.at("lat").get<std::vector<double>>();
            std::vector<double> costs;
            for (std::size_t i = 0; i < accuracy.size(); ++i) costs.insert(costs.end(), {-accuracy[i], latency[i]});
            const pareto::objective_rows rows{costs, 2};
            for (std::size_t fronts = 1; entry.contains("front" + std::to_string(fronts)); ++fronts)
                summary.equal("front" + std::to_string(fronts), entry.at("front" + std::to_string(fronts)).get<std::vector<std::uint32_t>>(),
                              pareto::peeled_fronts(rows, fronts));
            auto front = pareto::peeled_fronts(rows, 1);
            std::vector<double> of_front;
            for (const auto i : front) of_front.insert(of_front.end(), rows.row(i), rows.row(i) + 2);
            // The report: by accuracy, then latency, the greatest first.
            std::sort(front.begin(), front.end(),
                      [&](std::uint32_t a, std::uint32_t b) { return std::pair{accuracy[a], latency[a]} > std::pair{accuracy[b], latency[b]}; });
            const auto& sorted = entry.at("sorted_front1");
            summary.equal("sorted_front1", sorted.size(), front.size());
            for (std::size_t i = 0; i < sorted.size() && i < front.size(); ++i) {
                summary.equal("sorted_front1", sorted[i][0].get<std::uint32_t>(), front[i]);
                summary.compare("accuracy", sorted[i][1][0].get<double>(), accuracy[front[i]]);
                summary.compare("latency", sorted[i][1][1].get<double>(), latency[front[i]]);
            }
            const auto& queries = entry.at("query");
            const auto dominated = entry.at("query_is_dominated").get<std::vector<bool>>();
            summary.equal("query", queries.size(), dominated.size());
            for (std::size_t i = 0; i < dominated.size(); ++i)
                summary.equal("query_is_dominated", static_cast<bool>(dominated[i]),
                              pareto::is_weakly_dominated({of_front, 2}, std::array{-queries[i][0].get<double>(), queries[i][1].get<double>()}));
        }
        CHECK(summary.rows() > 0);
    }
}
