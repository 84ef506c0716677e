// expect: verdant: html_report takes no such arguments: an option is misspelt
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report/html_report.hpp>
#include <verdant/search.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
using study = vd::search<net, vd::minimize<vd::latency>, vd::random_search>;
#if defined(VERDANT_GOOD)
std::string page(const study::result_type& found, const study::options& o) { return vd::html_report(found, o, {.title = "Networks", .reload = 5}); }
#else
std::string page(const study::result_type& found, const study::options& o) { return vd::html_report(found, o, {.titel = "Networks", .reload = 5}); }
#endif
