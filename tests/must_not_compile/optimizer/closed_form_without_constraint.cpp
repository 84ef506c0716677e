// expect: verdant: no constraint of the search is on a metric of evolution's closed_form_constraints; add subject_to<metric, at_most<...>> or leave them out
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
struct time_of {
    verdant::metrics<verdant::latency> operator()(const verdant::point<net>& p) const {
        return {static_cast<double>(p.get<"depth">()) * verdant::milliseconds{}};
    }
};

#if defined(VERDANT_GOOD)
using goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::subject_to<verdant::latency, verdant::at_most<3>>>;
#else
using goals = verdant::goals<verdant::maximize<verdant::accuracy>>;
#endif
const verdant::evolution<time_of>::engine<net, goals> engine{{}};
