// expect: verdant: this header belongs to the component xgboost; link the CMake target verdant::xgboost
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/surrogate/forest/xgboost_booster.hpp>
