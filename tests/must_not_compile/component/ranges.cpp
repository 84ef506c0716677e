// expect: verdant: this header belongs to the component ranges; link the CMake target verdant::ranges
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/ranges/trials.hpp>
