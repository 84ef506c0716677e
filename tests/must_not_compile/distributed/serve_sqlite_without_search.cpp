// expect: verdant: what workers are to evaluate for is no search
// once
#include <verdant/distributed/serve_sqlite.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;

void search_with(const char* where) {
    const study s{measure};
#if defined(VERDANT_GOOD)
    vd::serve_sqlite(s, where);
#else
    vd::serve_sqlite(measure, where);
#endif
}
