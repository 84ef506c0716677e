// expect: verdant: study_json takes the options that the search was run with, by name
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/verdant.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<1, 4>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::exhaustive_search>;

int main() {
    const auto found = study{[](const vd::point<net>&) { return vd::metrics<vd::accuracy>{0.5}; }}.run();
#if defined(VERDANT_GOOD)
    return static_cast<int>(vd::study_json(found, study::options{}).size());
#else
    return static_cast<int>(vd::study_json(found, {}).size());
#endif
}
