#include "catch.hpp"

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/search/search.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/tabular/epoch_log.hpp>
#include <verdant/tabular/epoch_search.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace epoch_log_tests {

using namespace verdant;

struct net : space<param<"k", choices<3, 5, 7>>, param<"e", choices<1, 4, 6>>, param<"l", range<1, 6>>> {};
using one_goal = goals<maximize<accuracy>>;
using two_goals = goals<maximize<accuracy>, minimize<latency>>;

template <class Goals>
trial<net, Goals> measured(double value, double milliseconds_taken = 0) {
    trial<net, Goals> t;
    if constexpr (Goals::objective_count == 1) t.values = {value};
    else t.values = {value, milliseconds_taken * milliseconds{}};
    t.objectives = Goals::objectives(t.values);
    return t;
}

} // namespace epoch_log_tests
using namespace epoch_log_tests;

TEST_CASE("the table of a random search has the best so far and those of the epoch", "[tabular]") {
    tabular::epoch_log<net, one_goal> log{tabular::log_form::random}, lagging{tabular::log_form::random, tabular::reference_compat::on};
    for (auto* l : {&log, &lagging}) {
        for (const double v : {0.25, 0.75, 0.5}) l->add(measured<one_goal>(v));
        l->end_epoch();
        auto failed = measured<one_goal>(1);
        failed.status = trial_status::failed;
        l->add(failed);
        for (const double v : {0.5, 1.0, 0.0}) l->add(measured<one_goal>(v));
        l->end_epoch();
    }
    CHECK(log.epoch_table() == "epoch,top1,top5_mean,epoch_max,epoch_mean\n0,0.75,0.5,0.75,0.5\n1,1,0.6,1,0.5\n");
    // As the original: the first sample, then the best before.
    CHECK(lagging.epoch_table() == "epoch,top1,top5_mean,epoch_max,epoch_mean\n0,0.25,0.5,0.75,0.5\n1,0.75,0.6,1,0.5\n");
    CHECK(log.design_table().starts_with("epoch,accuracy,k,e,l\n0,0.25,3,1,1\n"));
    CHECK(log.design_table().find("\n1,,3,1,1\n") != std::string::npos);
}

TEST_CASE("the table of a controller has baseline, loss and the second objective of the best", "[tabular]") {
    tabular::epoch_log<net, two_goals> log{tabular::log_form::controller};
    log.add(measured<two_goals>(0.5, 20));
    log.add(measured<two_goals>(0.75, 40));
    log.end_epoch(0.625, -1.5);
    CHECK(log.epoch_table() == "epoch,top1,top5_mean,top1_latency,top5_latency_mean,baseline,loss\n0,0.75,0.625,40,30,0.625,-1.5\n");
    tabular::epoch_log<net, one_goal> nothing{tabular::log_form::controller};
    nothing.end_epoch();
    CHECK(nothing.epoch_table() == "epoch,top1,top5_mean,top20_mean,baseline,loss\n0,,,,,\n");
}

TEST_CASE("columns have the names and signs that a program gives them", "[tabular]") {
    using both_up = goals<maximize<accuracy>, maximize<tops>>;
    tabular::epoch_log<net, both_up> log{
        tabular::log_form::controller, tabular::reference_compat::off, {.names = {"top1", "latency_zcu102"}, .factors = {100, -1}}};
    trial<net, both_up> t;
    t.values = {0.5, -20.0};
    t.objectives = both_up::objectives(t.values);
    log.add(t);
    log.end_epoch();
    CHECK(log.epoch_table() == "epoch,top1,top5_mean,top1_latency_zcu102,top5_latency_zcu102_mean,baseline,loss\n0,50,50,20,20,,\n");
    CHECK(log.design_table().starts_with("epoch,top1,latency_zcu102,k,e,l\n0,50,20,"));
    using log_type = tabular::epoch_log<net, both_up>;
    CHECK_THROWS_AS(log_type(tabular::log_form::random, tabular::reference_compat::off, {.names = {"one"}}), input_error);
}

TEST_CASE("a search epoch by epoch goes on where it ended", "[tabular]") {
    using study = search<net, maximize<accuracy>, reinforce<>>;
    const study::options options{.seed = 3, .optimizer = {.embedding = 4, .hidden = 6}};
    const auto measure = [](std::span<const point<net>> points) {
        std::vector<metrics<accuracy>> found;
        for (const auto& p : points) found.emplace_back(0.1 * p.get<"l">() + 0.01 * p.get<"k">());
        return found;
    };
    memory_storage whole, parts;
    const auto run = [&](auto& storage, std::size_t trials, std::string& table, std::string& designs) {
        kept_session<study> session{storage, options};
        tabular::epoch_log<net, one_goal> log{tabular::log_form::controller};
        tabular::run_epochs(session, measure, trials, 6, log, [](const auto&) { return true; });
        table = log.epoch_table();
        designs = log.design_table();
        return session.result();
    };
    std::string table, designs, table_of_parts, designs_of_parts;
    const auto at_once = run(whole, 30, table, designs);
    static_cast<void>(run(parts, 12, table_of_parts, designs_of_parts));
    const auto resumed = run(parts, 30, table_of_parts, designs_of_parts);
    REQUIRE(resumed.trials() == at_once.trials());
    CHECK(std::count(table.begin(), table.end(), '\n') >= 6);
    CHECK(std::count(designs.begin(), designs.end(), '\n') == static_cast<std::ptrdiff_t>(at_once.trials().size()) + 1);
    // All is there of a search that is complete, whose last question had few new points.
    for (const std::size_t size : {6U, 4U}) {
        kept_session<study> session{whole, options};
        tabular::epoch_log<net, one_goal> log{tabular::log_form::controller};
        tabular::run_epochs(session, measure, 30, size, log, [](const auto&) { return true; });
        CHECK(std::count(log.design_table().begin(), log.design_table().end(), '\n') == static_cast<std::ptrdiff_t>(at_once.trials().size()) + 1);
    }
    // With the sizes of the epochs that were, they are the same.
    std::vector<std::size_t> sizes;
    for (std::size_t begin = designs.find('\n') + 1; begin < designs.size(); begin = designs.find('\n', begin) + 1) {
        const auto epoch = static_cast<std::size_t>(std::stoul(designs.substr(begin)));
        sizes.resize(epoch + 1);
        ++sizes[epoch];
    }
    kept_session<study> session{whole, options};
    tabular::epoch_log<net, one_goal> log{tabular::log_form::controller};
    tabular::run_epochs(session, measure, 30, 6, log, [](const auto&) { return true; }, sizes);
    CHECK(log.design_table() == designs);
}

TEST_CASE("a search that was stopped in the middle of a question has the epochs before it", "[tabular]") {
    using study = search<net, maximize<accuracy>, random_search>;
    const study::options options{.seed = 3, .batch = 4};
    memory_storage storage;
    {
        kept_session<study> session{storage, options};
        for (int told = 0; told < 10; ++told) session.tell(session.ask().front().point, metrics<accuracy>{0.5});
    }
    kept_session<study> session{storage, options};
    tabular::epoch_log<net, one_goal> log{tabular::log_form::random};
    const auto before = session.trials().size();
    tabular::run_epochs(
        session, [](std::span<const point<net>> points) { return std::vector<metrics<accuracy>>(points.size(), metrics<accuracy>{0.25}); },
        before + 1, 4, log, [](const auto&) { return true; });
    CHECK(log.epochs() == before / 4 + 1);
}

namespace epoch_log_tests {

struct named : space<param<"op", choices<"conv,3x3", "pool \"max\"">>> {};

} // namespace epoch_log_tests

TEST_CASE("labels and names with separators are one field of a table", "[tabular]") {
    tabular::epoch_log<named, one_goal> log{tabular::log_form::random, tabular::reference_compat::off, {.names = {"top1, %"}}};
    trial<named, one_goal> t;
    t.values = {0.5};
    t.objectives = one_goal::objectives(t.values);
    log.add(t);
    t.point[0] = 1;
    log.add(t);
    const auto table = io::parse_csv(log.design_table(), "designs");
    CHECK(table.columns == std::vector<std::string>{"epoch", "top1, %", "op"});
    REQUIRE(table.rows.size() == 2);
    CHECK(table.rows[0][2] == "conv,3x3");
    CHECK(table.rows[1][2] == "pool \"max\"");
}

TEST_CASE("measurements that are not one a point are refused", "[tabular]") {
    using study = search<net, maximize<accuracy>, random_search>;
    memory_storage storage;
    kept_session<study> session{storage, study::options{.seed = 3}};
    tabular::epoch_log<net, one_goal> log{tabular::log_form::random};
    const auto short_by_one = [](std::span<const point<net>> points) {
        return std::vector<metrics<accuracy>>(points.size() - 1, metrics<accuracy>{0.5});
    };
    CHECK_THROWS_WITH(tabular::run_epochs(session, short_by_one, 4, 2, log, [](const auto&) { return true; }),
                      Catch::Contains("as many as were asked"));
}
