// expect: verdant: history_svg shows an objective, and this metric is none of the search
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/report/history_plot.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
using result = verdant::search_result<net, verdant::goals<verdant::maximize<verdant::accuracy>, verdant::track<verdant::energy>>>;
std::string picture(const result& found) {
#if defined(VERDANT_GOOD)
    return verdant::history_svg<verdant::accuracy>(found, "accuracy");
#else
    return verdant::history_svg<verdant::energy>(found, "energy");
#endif
}
