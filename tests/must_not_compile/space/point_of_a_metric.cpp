// expect: verdant: what stands between < and > is no space
#include <verdant/space/point.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
struct cost {};
#if defined(VERDANT_GOOD)
int depth(const verdant::point<net>& p) { return p.get<"depth">(); }
#else
int depth(const verdant::point<cost>& p) { return p.get<"depth">(); }
#endif
