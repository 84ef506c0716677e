// expect: verdant: the first argument of uncertain_metrics is no record
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
using record = vd::uncertain_metrics<vd::metrics<vd::latency>, vd::drawn<vd::total_carbon>>;
#else
using record = vd::uncertain_metrics<vd::latency, vd::drawn<vd::total_carbon>>;
#endif
inline constexpr bool sound = record::is_sound;
