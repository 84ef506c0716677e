// expect: verdant: two metrics of this record have one name, which is the key of both; name one of them differently
#include <verdant/goal/hana.hpp>
namespace vd = verdant;

struct score : vd::metric<"score"> {};
#if defined(VERDANT_GOOD)
struct rank : vd::metric<"rank"> {};
#else
struct rank : vd::metric<"score"> {};
#endif
inline constexpr auto accessors = boost::hana::accessors<vd::metrics<score, rank>>();
