#include "catch.hpp"

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/ranges/trials.hpp>
#include <verdant/search.hpp>

#include <range/v3/algorithm/max.hpp>
#include <range/v3/range/conversion.hpp>
#include <range/v3/view/take.hpp>

#include <stdexcept>

namespace vd = verdant;
namespace views = verdant::views;

namespace {

struct net : vd::space<vd::param<"depth", vd::range<1, 4>>, vd::param<"width", vd::range<1, 5>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::subject_to<vd::latency, vd::at_most<12>>, vd::exhaustive_search>;

vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>& p) {
    const auto depth = p.get<"depth">(), width = p.get<"width">();
    if (depth == 2 && width == 2) throw std::runtime_error{"no luck"};
    return {0.1 * static_cast<double>(depth + width), static_cast<double>(depth * width) * vd::milliseconds{}};
}

} // namespace

TEST_CASE("views of trials are the loops that they stand for", "[ranges]") {
    const auto result = study{measure}.run();
    const auto& trials = result.trials();
    std::vector<double> milliseconds, accuracies;
    std::size_t completed = 0;
    for (const auto& t : trials) {
        completed += t.completed() ? 1 : 0;
        if (!t.feasible()) continue;
        milliseconds.push_back(vd::in<vd::milliseconds>(t.get<vd::latency>()));
        accuracies.push_back(t.get<vd::accuracy>());
    }
    REQUIRE(completed == 19);
    REQUIRE(milliseconds.size() == 16);
    CHECK(static_cast<std::size_t>(ranges::distance(trials | views::completed)) == completed);
    CHECK((trials | views::feasible | views::metric<vd::latency, vd::milliseconds> | ranges::to<std::vector>) == milliseconds);
    CHECK((trials | views::feasible | views::metric<vd::accuracy> | ranges::to<std::vector>) == accuracies);
    CHECK((trials | views::completed | views::feasible | views::metric<vd::accuracy> | ranges::views::take(3) | ranges::to<std::vector>) ==
          std::vector(accuracies.begin(), accuracies.begin() + 3));

    // A quantity keeps its unit.
    const auto slowest = ranges::max(result.front() | views::metric<vd::latency>);
    static_assert(std::is_same_v<decltype(slowest), const vd::si::time>);
    CHECK(slowest <= 12.0 * vd::milliseconds{});
}

TEST_CASE("the elements are the trials themselves", "[ranges]") {
    const auto result = study{measure}.run();
    for (const auto& t : result.trials() | views::feasible) CHECK(&t == &result.trials()[t.number]);
}
