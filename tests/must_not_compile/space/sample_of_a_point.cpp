// expect: verdant: what stands between < and > is no space
#include <verdant/space/feasible_set.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
int depth(verdant::random_stream& random) {
#if defined(VERDANT_GOOD)
    const auto p = verdant::sample<net>(random);
#else
    const auto p = verdant::sample<verdant::point<net>>(random);
#endif
    return p.get<"depth">();
}
