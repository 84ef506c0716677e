// Goals, metrics and evaluators as the compiler sees them.

#include <verdant/goal.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace vd = verdant;

static_assert(vd::latency::name() == std::string_view{"latency"});
static_assert(vd::metric_like<vd::latency> && !vd::metric_like<double>);
static_assert(vd::objective<vd::minimize<vd::latency>> && vd::objective<vd::maximize<vd::accuracy>>);
static_assert(vd::constraint<vd::subject_to<vd::latency, vd::at_most<5>>> && !vd::constraint<vd::minimize<vd::latency>>);
static_assert(vd::goal_like<vd::track<vd::area>> && !vd::objective<vd::track<vd::area>> && !vd::constraint<vd::track<vd::area>>);
static_assert(!vd::goal_like<vd::latency> && !vd::goal_like<int>);

// A metric without a display unit of its own is shown in the usual one of its quantity.
struct delay : vd::metric<"delay", vd::si::time> {};
struct score : vd::metric<"score"> {};
struct heat : vd::metric<"heat", vd::si::carbon_intensity> {}; // no unit of this library's is usual for it
static_assert(delay::unit::symbol() == "s" && score::unit::symbol().empty() && heat::unit::factor == 1.0);

// Records are constant expressions.
constexpr vd::metrics<delay, score> found{2.0 * vd::milliseconds{}, 0.5};
static_assert(found.get<delay>() == 0.002 * vd::seconds{} && found.get<score>() == 0.5 && found.size() == 2);
static_assert(found.has<delay> && !found.has<heat>);
using wanted = vd::goals<vd::minimize<delay>, vd::subject_to<score, vd::at_least<1>>>;
static_assert(wanted::objectives(found)[0] == 0.002 && wanted::violation(found, wanted::limits()) == 0.5);
static_assert(wanted::optimises<delay> && !wanted::optimises<score> && wanted::constrains<score> && !wanted::constrains<delay>);

// Evaluators by form.
struct net : vd::space<vd::param<"width", vd::range<1, 9>>> {};
struct other : vd::space<vd::param<"depth", vd::range<1, 9>>> {};
using point = vd::point<net>;
using one = vd::metrics<score> (*)(const point&);
using seeded = vd::metrics<score> (*)(const point&, vd::random_stream&);
using many = std::vector<vd::metrics<score>> (*)(std::span<const point>);
static_assert(vd::single_evaluator<one, net> && !vd::seeded_evaluator<one, net> && !vd::batch_evaluator<one, net>);
static_assert(vd::seeded_evaluator<seeded, net> && !vd::single_evaluator<seeded, net> && !vd::batch_evaluator<seeded, net>);
static_assert(vd::batch_evaluator<many, net> && !vd::single_evaluator<many, net> && !vd::seeded_evaluator<many, net>);
static_assert(!vd::evaluator_for<one, other> && !vd::evaluator_for<double (*)(const point&), net> && !vd::evaluator_for<int, net>);

struct both {
    vd::metrics<score> operator()(const point&) const;
    std::vector<vd::metrics<score, delay>> operator()(std::span<const point>) const;
};
static_assert(std::is_same_v<vd::provided_metrics<both, net>, vd::metrics<score, delay>>); // the batch form

struct changes_itself {
    vd::metrics<score> operator()(const point&);
};
static_assert(!vd::evaluator_for<changes_itself, net>); // several threads call it

// A generic lambda without a return type: its body must not be compiled with anything but a point.
constexpr auto generic = [](const auto& p) { return vd::metrics<score>{static_cast<double>(p.template get<"width">())}; };
constexpr auto generic_seeded = [](const auto& p, vd::random_stream& random) {
    return vd::metrics<score>{static_cast<double>(p.template get<"width">()) * random.uniform()};
};
static_assert(vd::single_evaluator<decltype(generic), net> && std::is_same_v<vd::provided_metrics<decltype(generic), net>, vd::metrics<score>>);
static_assert(vd::seeded_evaluator<decltype(generic_seeded), net>);

// Constant and referenced records count as records.
static_assert(vd::single_evaluator<const vd::metrics<score>& (*)(const point&), net>);
