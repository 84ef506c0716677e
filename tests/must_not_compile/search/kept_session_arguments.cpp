// expect: verdant: a kept_session takes no such arguments
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/study/kept_session.hpp>
#include <verdant/study/memory_storage.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
void day(vd::memory_storage& kept) {
#if defined(VERDANT_GOOD)
    vd::kept_session<study> session{kept, {.seed = 5, .batch = 4}};
#else
    vd::kept_session<study> session{&kept, {.seed = 5, .batch = 4}};
#endif
    for (const auto& next : session.ask()) session.tell(next.point, measure(next.point));
}
