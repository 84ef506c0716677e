// expect: verdant: draws or an interval of a record are of another quantity than their metric
#include <verdant/goal.hpp>
namespace vd = verdant;

using record = vd::uncertain_metrics<vd::metrics<vd::latency>, vd::drawn<vd::total_carbon>>;
record measure(vd::si::time t, const vd::uncertainty::draws<vd::si::energy>& used, const vd::uncertainty::draws<vd::si::carbon_intensity>& grid) {
#if defined(VERDANT_GOOD)
    return {vd::metrics<vd::latency>{t}, used * grid};
#else
    static_cast<void>(grid);
    return {vd::metrics<vd::latency>{t}, used};
#endif
}
