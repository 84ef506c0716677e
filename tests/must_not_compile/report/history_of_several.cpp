// expect: verdant: history_svg shows one objective, and this search has several
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/report/history_plot.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
using result = verdant::search_result<net, verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>>;
std::string picture(const result& found) {
#if defined(VERDANT_GOOD)
    return verdant::history_svg<verdant::latency>(found, "latency");
#else
    return verdant::history_svg(found, "latency");
#endif
}
