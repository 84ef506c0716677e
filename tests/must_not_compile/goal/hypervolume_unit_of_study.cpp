// expect: verdant: hypervolume_unit takes the goals of a search
#include <verdant/goal.hpp>
#include <verdant/goal/hypervolume_unit.hpp>

namespace vd = verdant;
struct study {
    using goals_type = vd::goals<vd::minimize<vd::latency>>;
};
#if defined(VERDANT_GOOD)
const auto unit = vd::hypervolume_unit<study::goals_type>();
#else
const auto unit = vd::hypervolume_unit<study>();
#endif
