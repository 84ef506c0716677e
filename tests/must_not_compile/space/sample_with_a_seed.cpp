// expect: verdant: sample draws from a stream of random numbers
#include <verdant/space/feasible_set.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
int depth() {
#if defined(VERDANT_GOOD)
    verdant::random_stream random{7};
    const auto p = verdant::sample<net>(random);
#else
    const auto p = verdant::sample<net>(7);
#endif
    return p.get<"depth">();
}
