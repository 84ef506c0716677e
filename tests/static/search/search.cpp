// Searches as the compiler sees them.

#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/parallel.hpp>
#include <verdant/search.hpp>

#include <concepts>
#include <type_traits>
#include <vector>

namespace vd = verdant;

struct net : vd::space<vd::param<"width", vd::range<1, 9>>> {};
using study =
    vd::search<net, vd::maximize<vd::accuracy>, vd::subject_to<vd::latency, vd::at_most<50>, vd::milliseconds>, vd::track<vd::energy>, vd::nsga2<>>;

static_assert(std::same_as<study::space_type, net> && std::same_as<study::optimizer_type, vd::nsga2<>>);
static_assert(study::goals_type::objective_count == 1 && study::goals_type::constraint_count == 1);
static_assert(std::same_as<study::goals_type::metrics_type, vd::metrics<vd::accuracy, vd::latency, vd::energy>>);
static_assert(study::goals_type::limits().high[0] == 50 * 1e-3);

// Options are aggregates, results ranges, studies and sessions values.
constexpr study::options options{.trials = 2000, .seed = 7, .optimizer = {.population = 40}};
static_assert(options.trials == 2000 && options.threads == 1 && options.failures_in_a_row == 25 && options.optimizer.population == 40);
static_assert(std::same_as<std::remove_cvref_t<decltype(*std::declval<study::result_type>().begin())>, study::trial_type>);
static_assert(std::copyable<study> && std::copyable<study::session_type> && std::copyable<study::result_type>);
static_assert(!std::default_initializable<vd::search_result<net, study::goals_type>>);

// Executors, dispatchers and recorders.
static_assert(vd::executor<vd::serial_executor> && vd::executor<vd::thread_pool> && !vd::executor<int>);
static_assert(!std::copyable<vd::thread_pool>);
static_assert(vd::dispatcher<vd::executor_dispatcher<net, study::goals_type>, net, study::goals_type>);
static_assert(!vd::dispatcher<vd::thread_pool, net, study::goals_type> && !vd::executor<vd::executor_dispatcher<net, study::goals_type>>);
static_assert(vd::study_recorder<vd::no_recorder<study::session_type>, study::session_type> && !vd::study_recorder<int, study::session_type>);
static_assert(vd::observer<vd::progress_line<study>, study::session_type> && !vd::observer<vd::thread_pool, study::session_type>);

// Jobs leave the process as bytes.
static_assert(std::is_trivially_copyable_v<vd::job<net>> && vd::job<net>{}.fidelity == 1);

// The type of a search names its goals, not its evaluators: two ways to measure make studies of one type.
inline vd::metrics<vd::accuracy, vd::latency, vd::energy> together(const vd::point<net>&) { return {}; }
inline vd::metrics<vd::accuracy> first(const vd::point<net>&) { return {}; }
inline std::vector<vd::metrics<vd::latency, vd::energy>> second(std::span<const vd::point<net>> points) {
    return {points.size(), vd::metrics<vd::latency, vd::energy>{}};
}
inline const std::vector<study> both{study{together}, study{first, second}};
