// expect: verdant: something among start points is no point of their space
#include <verdant/search/start_points.hpp>
#include <verdant/space/text.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
const auto first = verdant::parse_point<net>("depth=4");
#if defined(VERDANT_GOOD)
const auto known = verdant::start_points{first, verdant::parse_point<net>("depth=6")};
#else
const auto known = verdant::start_points{first, "depth=6"};
#endif
