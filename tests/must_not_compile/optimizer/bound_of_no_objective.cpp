// expect: verdant: the bound of bounded_search bounds not every objective
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/bounded.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
struct least {
    verdant::metrics<verdant::latency> operator()(const verdant::point<net>& p) const {
        return {static_cast<double>(p.get<"depth">()) * verdant::milliseconds{}};
    }
};

#if defined(VERDANT_GOOD)
using goals = verdant::goals<verdant::minimize<verdant::latency>>;
#else
using goals = verdant::goals<verdant::minimize<verdant::latency>, verdant::minimize<verdant::energy>>;
#endif
const verdant::bounded_search<least>::engine<net, goals> engine{{}};
