// expect: verdant: this header belongs to the component json; link the CMake target verdant::json
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/space/json.hpp>
