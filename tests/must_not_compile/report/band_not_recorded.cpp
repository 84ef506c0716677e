// expect: verdant: the goals of this search do not record all that a band shows
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report.hpp>
#include <verdant/search.hpp>

#include <span>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>> {};
using study = vd::search<net, vd::minimize<vd::quantile<vd::total_carbon, 0.95>>, vd::track<vd::quantile<vd::total_carbon, 0.5>>,
                         vd::track<vd::quantile<vd::total_carbon, 0.05>>, vd::random_search>;
#if defined(VERDANT_GOOD)
using shown = vd::band<vd::total_carbon, 0.05, 0.95>;
#else
using shown = vd::band<vd::total_carbon, 0.1, 0.9>;
#endif
vd::report table(const study::result_type& found) { return vd::report_with_bands<shown>(std::span{found.front()}); }
