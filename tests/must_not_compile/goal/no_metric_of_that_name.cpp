// expect: verdant: this record holds no metric of that name
#include <verdant/goal/hana.hpp>
namespace vd = verdant;
using namespace vd::literals;

struct score : vd::metric<"score"> {};
constexpr vd::metrics<score> record{1.0};
#if defined(VERDANT_GOOD)
inline constexpr auto value = boost::hana::at_key(record, "score"_s);
#else
inline constexpr auto value = boost::hana::at_key(record, "rank"_s);
#endif
