#include <verdant/workload/latency/latency_collection.hpp>
#include <verdant/workload/latency/latency_yaml.hpp>

#include <verdant/error.hpp>
#include <verdant/evaluators/table_latency.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/latency_layers.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/units.hpp>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

struct small : spaces::once_for_all<spaces::constant_memory_family({}, 10, 2), choices<32, 64>, choices<3, 5>, choices<1.0, 2.0>, choices<1, 2>> {};
/// Ratios 2 belong to depth 2 alone, so that a later block never has ratio 1.
struct coupled : spaces::once_for_all<spaces::constant_memory_family({}, 10, 2), choices<32>, choices<3>, choices<1, 2>, choices<1, 2>,
                                      spaces::coupled_to_depth<spaces::depth_expand{1, 1}, spaces::depth_expand{2, 2}>> {};

/// A layer takes as many milliseconds as its key has letters.
workload::latency_measurement pretended(const workload::latency_layer& layer) {
    const auto ms = static_cast<double>(layer.key.size()) / 8;
    return {{.mean = ms, .spread = ms / 10, .count = 7}, ms};
}
constexpr auto silent = [](const workload::latency_progress&) {};
const workload::latency_origin origin{.space = "small", .device = "a \"processor\", 2 GHz", .threads = 2};

/// Keys of the layers of a space, and of many of its networks.
template <class S>
void check_layers(int image_size, int draws) {
    std::set<std::string> all, met;
    for (const auto& layer : spaces::latency_layers<S>(image_size)) CHECK(all.insert(layer.key).second);
    random_stream random{3};
    for (int i = 0; i < draws; ++i) {
        auto net = spaces::net_of(sample<S>(random));
        net.image_size = image_size;
        workload::latency_table table{"ones"};
        double sum = 0;
        for (const auto& layer : workload::latency_layers(net)) {
            if (!table.has(layer.key)) table.add(layer.key, {.mean = 1});
            sum += 1;
            met.insert(layer.key);
        }
        CHECK(in<milliseconds>(workload::latency_of(net, table)) == Approx(sum)); // the very keys that it adds
    }
    CHECK(met == all);
}

} // namespace

TEST_CASE("the layers of a space are those of its networks", "[workload]") {
    check_layers<small>(64, 500);
    check_layers<coupled>(32, 200);
    check_layers<spaces::moofa_v2>(160, 1500);
    check_layers<spaces::moofa_v3>(224, 1500);
    check_layers<spaces::ofa_mobilenet_v3<1.2>>(224, 1500);
    check_layers<spaces::comp_ofa>(128, 3000);
    check_layers<spaces::ofa_proxyless<>>(192, 1500);
}

TEST_CASE("an interrupted measurement goes on with what is missing", "[workload]") {
    const scratch_folder folder;
    const auto file = folder.file("latency.csv");
    const std::vector<workload::resolution_layers> wanted{{32, spaces::latency_layers<small>(32)}, {64, spaces::latency_layers<small>(64)}};
    const auto all = wanted[0].layers.size() + wanted[1].layers.size();
    struct power_cut {};
    std::map<std::string, int> measured;
    {
        workload::latency_collection collection{file, origin};
        CHECK_THROWS_AS(workload::collect_latencies(
                            collection, wanted,
                            [&, left = 5](const workload::latency_layer& layer) mutable {
                                if (left-- == 0) throw power_cut{};
                                ++measured[layer.key + std::to_string(layer.side)];
                                return pretended(layer);
                            },
                            silent),
                        power_cut);
    }
    CHECK(measured.size() == 5);
    CHECK(folder.entries() == 1); // nothing half written
    std::size_t reports = 0;
    {
        workload::latency_collection collection{file, origin};
        CHECK(collection.has(32, wanted[0].layers[4].key));
        CHECK_FALSE(collection.has(32, wanted[0].layers[5].key));
        workload::collect_latencies(
            collection, wanted,
            [&](const workload::latency_layer& layer) {
                ++measured[layer.key + std::to_string(layer.side)];
                return pretended(layer);
            },
            [&](const workload::latency_progress& p) {
                ++reports;
                CHECK(p.all == all);
                CHECK(p.measured == reports);
                CHECK(p.done == reports + 5);
                CHECK(p.layer != nullptr);
            });
    }
    CHECK(reports == all - 5);
    // The second image size has layers of the first one, measured for both tables.
    int times = 0;
    for (const auto& [key, count] : measured) times += count;
    CHECK(times == static_cast<int>(all));
    workload::latency_collection done{file, origin};
    workload::collect_latencies(done, wanted, [](const workload::latency_layer&) -> workload::latency_measurement { throw power_cut{}; }, silent);

    // What was written is a table for everything that takes tables: the CSV as it is, and the published YAML.
    const auto tables = workload::read_latency_csv(file);
    REQUIRE(tables.size() == 2);
    for (const auto& [resolution, layers] : wanted) {
        const auto yaml = folder.file(std::to_string(resolution) + "_lookup_table.yaml");
        workload::write_latency_yaml(yaml, workload::table_of(tables, resolution));
        const auto again = workload::read_latency_yaml(yaml);
        CHECK(again.entries().size() == layers.size());
        for (const auto& layer : layers) {
            CHECK(again.mean(layer.key) == pretended(layer).entry.mean);
            CHECK(again.entries().at(layer.key).count == 7);
            CHECK(tables.at(resolution).entries().at(layer.key).spread == pretended(layer).entry.spread);
        }
    }
}

TEST_CASE("a measured table is an objective of a search", "[workload]") {
    const scratch_folder folder;
    workload::latency_collection collection{folder.file("latency.csv"), origin};
    workload::collect_latencies(collection, {{32, spaces::latency_layers<small>(32)}, {64, spaces::latency_layers<small>(64)}}, pretended, silent);
    using study = search<small, minimize<latency>, random_search>;
    const auto found = study{table_latency<small>{workload::read_latency_csv(collection.path())}}.run({.trials = 50, .seed = 3});
    REQUIRE(found.size() > 0);
    const auto& best = found.front().front();
    const auto net = spaces::net_of(best.point);
    CHECK(best.get<latency>() == workload::latency_of(net, workload::table_of(collection.tables(), net.image_size)));
    CHECK(best.get<latency>() > si::time{});
}

TEST_CASE("tables of different origin are not mixed", "[workload]") {
    const scratch_folder folder;
    const auto file = folder.file("latency.csv");
    const auto layers = spaces::latency_layers<small>(32);
    {
        workload::latency_collection collection{file, origin};
        collection.add(32, layers[0].key, pretended(layers[0]));
        CHECK_THROWS_WITH(collection.add(32, layers[0].key, pretended(layers[0])), Contains("latency.csv, resolution 32, Conv-input:32x32x3"));
    }
    const auto opened = [&file](workload::latency_origin other) { return workload::latency_collection{file, other}; };
    auto other = origin;
    other.device = "another";
    CHECK_THROWS_WITH(opened(other), Contains("latency.csv, line 2, column 'device'") && Contains("'another'") && Contains("2 GHz"));
    other = origin;
    other.space = "large";
    CHECK_THROWS_WITH(opened(other), Contains("column 'space'") && Contains("'large'") && Contains("'small'"));
    other = origin;
    other.threads = 1;
    CHECK_THROWS_WITH(opened(other), Contains("column 'threads'"));
    // The same name, other layers.
    workload::latency_collection collection{file, origin};
    CHECK_THROWS_WITH(workload::collect_latencies(collection, {{32, {layers[1]}}}, pretended, silent),
                      Contains("resolution 32") && Contains("layers of small") && Contains("Conv-input:32x32x3"));
    // Damaged, foreign, unreadable.
    io::write_file(file, "space,device\nsmall,x\n");
    CHECK_THROWS_AS(opened(origin), input_error);
    io::write_file(file, "resolution,key,count,mean_ms,std_ms\n32,Conv,1,2,3\n");
    CHECK_THROWS_WITH(opened(origin), Contains("a column 'space'"));
    for (const std::string median : {"", "fast", "nan", "-1", "inf"}) {
        io::write_file(file, "space,device,threads,batch,resolution,key,count,mean_ms,std_ms,median_ms\nsmall,x,1,1,32,Conv,1,2,0," + median + '\n');
        CHECK_THROWS_WITH(opened({.space = "small", .device = "x"}), Contains("latency.csv, line 2, column 'median_ms'"));
    }
    CHECK_THROWS_AS((workload::latency_collection{folder.path.string(), origin}), file_error);
    workload::latency_collection lost{folder.file("no/such/folder.csv"), origin};
    CHECK_THROWS_AS(lost.add(32, layers[0].key, pretended(layers[0])), file_error);
}
