// expect: verdant: this space has no parameter of that name
#include <verdant/space/hana.hpp>
namespace vd = verdant;
using namespace vd::literals;

struct net : vd::space<vd::param<"depth", vd::range<1, 4>>> {};
#if defined(VERDANT_GOOD)
inline constexpr auto depth = boost::hana::at_key(vd::point<net>{}, "depth"_s);
#else
inline constexpr auto depth = boost::hana::at_key(vd::point<net>{}, "dpeth"_s);
#endif
