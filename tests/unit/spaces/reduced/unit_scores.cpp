#include "catch.hpp"

#include <verdant/evaluators/network_costs.hpp>
#include <verdant/evaluators/table_latency.hpp>
#include <verdant/optimizer/separable/exact_front.hpp>
#include <verdant/space/part.hpp>
#include <verdant/spaces/once_for_all/latency_layers.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/reduced/unit_scores.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string>

struct ofa : verdant::spaces::once_for_all<verdant::spaces::mobilenet_v3_family(), verdant::choices<192, 224>, verdant::spaces::published_kernels,
                                           verdant::choices<3, 4, 6>, verdant::spaces::published_depths> {};

/// Twenty modules of each unit, with scores that mean nothing.
verdant::reduced_space<ofa> some_modules() {
    verdant::random_stream random{5};
    verdant::reduced_space<ofa>::modules_type modules;
    for (std::size_t u = 0; u < modules.size(); ++u)
        while (modules[u].size() < 20) {
            const auto p = verdant::sample<ofa>(random);
            const auto same = [&](const auto& m) {
                for (std::size_t i = 0; i < p.size(); ++i)
                    if (verdant::unit_of_parameter<ofa>[i] == u && m.values[i] != p[i]) return false;
                return true;
            };
            if (std::none_of(modules[u].begin(), modules[u].end(), same)) modules[u].push_back({p, random.uniform() + 0.1 * p[0]});
        }
    return verdant::reduced_space<ofa>{modules};
}

verdant::table_latency<ofa> some_latencies() {
    verdant::random_stream random{6};
    verdant::workload::latency_tables tables;
    for (const int side : {192, 224}) {
        verdant::workload::latency_table table;
        for (const auto& layer : verdant::spaces::latency_layers<ofa>(side)) table.add(layer.key, {0.1 + random.uniform(), 0, 1});
        tables.emplace(side, table);
    }
    return verdant::table_latency<ofa>{tables};
}

TEST_CASE("the front of Once-for-all in latency, work and unit scores", "[spaces]") {
    using wanted = verdant::goals<verdant::minimize<verdant::latency>, verdant::minimize<verdant::macs>, verdant::maximize<verdant::unit_score>,
                                  verdant::track<verdant::peak_memory>>;
    const auto space = some_modules();
    const verdant::unit_scores<ofa> scores{space};
    const auto latency = some_latencies();
    const verdant::network_costs costs;
    const auto front = verdant::exact_front<ofa, wanted>({}, latency, costs, scores);
    CHECK(front.size() > 10);
    CHECK(front.certificate.alternatives == 2);
    CHECK(front.certificate.blocks == 5);
    CHECK(front.certificate.choices == 2 * 5 * 7371);
    CHECK(front.certificate.unbuildable == 2 * 5 * (7371 - 20));
    CHECK(front.certificate.points > 4e19);
    CHECK(front.certificate.largest_difference < 1e-14);
    for (const auto& t : front) {
        CHECK(space.contains(t.point));
        CHECK(t.get<verdant::macs>() == costs(t.point).get<verdant::macs>());
        CHECK(t.get<verdant::latency>() == latency(t.point).get<verdant::latency>());
        CHECK(t.get<verdant::unit_score>() == scores(t.point).get<verdant::unit_score>());
    }
    // Nothing that is drawn from the modules beats the front, and something in it is at least as good.
    verdant::random_stream random{7};
    for (int i = 0; i < 2000; ++i) {
        const auto p = space.sample(random);
        const std::array<double, 3> values{verdant::to_si(latency(p).get<verdant::latency>()), costs(p).get<verdant::macs>(),
                                           -scores(p).get<verdant::unit_score>()};
        CHECK(std::any_of(front.begin(), front.end(), [&](const auto& t) {
            return t.objectives[0] <= values[0] * (1 + 1e-12) && t.objectives[1] <= values[1] && t.objectives[2] <= values[2] + 1e-12;
        }));
    }
}

TEST_CASE("unit scores refuse modules without a score", "[spaces]") {
    auto modules = some_modules().modules();
    modules[2][7].score = std::numeric_limits<double>::quiet_NaN();
    try {
        static_cast<void>(verdant::unit_scores<ofa>{verdant::reduced_space<ofa>{modules}});
        FAIL("it was taken");
    } catch (const verdant::input_error& e) {
        CHECK(std::string{e.what()} == "verdant: unit scores, unit 3, module 8: expected a finite score, found another");
    }
}
