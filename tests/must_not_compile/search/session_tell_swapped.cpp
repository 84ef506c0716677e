// expect: verdant: a session is told a point and its values
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::random_search>;
void tell(study::session_type& session, const vd::point<net>& p) {
#if defined(VERDANT_GOOD)
    session.tell(p, {0.9, 3.0 * vd::milliseconds{}});
#else
    session.tell({0.9, 3.0 * vd::milliseconds{}}, p);
#endif
}
