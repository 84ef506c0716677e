// expect: verdant: what stands between < and > is no space
#include <verdant/space/text.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
#if defined(VERDANT_GOOD)
const auto start = verdant::parse_point<net>("depth=4");
#else
const auto start = verdant::parse_point<verdant::point<net>>("depth=4");
#endif
