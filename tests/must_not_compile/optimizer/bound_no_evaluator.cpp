// expect: verdant: the bound of bounded_search is no evaluator of the space
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/bounded.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
struct least {
#if defined(VERDANT_GOOD)
    verdant::metrics<verdant::latency> operator()(const verdant::point<net>& p) const {
        return {static_cast<double>(p.get<"depth">()) * verdant::milliseconds{}};
    }
#else
    double operator()(const verdant::point<net>& p) const { return static_cast<double>(p.get<"depth">()); }
#endif
};
const verdant::bounded_search<least>::engine<net, verdant::goals<verdant::minimize<verdant::latency>>> engine{{}};
