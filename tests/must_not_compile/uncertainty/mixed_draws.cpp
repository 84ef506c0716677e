// expect: verdant: draws of one quantity are added to, taken from or assigned to those of another
#include <verdant/uncertainty.hpp>
namespace vd = verdant;

void add(const vd::uncertainty::draws<vd::si::energy>& used, const vd::uncertainty::draws<vd::si::carbon_intensity>& grid,
         vd::uncertainty::draws<vd::si::mass>& total) {
#if defined(VERDANT_GOOD)
    total = total + used * grid;
#else
    static_cast<void>(grid);
    total = total + used;
#endif
}
