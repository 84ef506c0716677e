// expect: verdant: a sweep knows closed forms only
#include <verdant/hardware/mapping/search.hpp>
#include <verdant/hardware/sweep.hpp>
namespace hw = verdant::hardware;

#if defined(VERDANT_GOOD)
hw::sweep<hw::bound_mapper>* bounds = nullptr;
static_assert(sizeof(*bounds) > 0);
#else
hw::sweep<hw::mapping_search>* bounds = nullptr;
static_assert(sizeof(*bounds) > 0);
#endif
