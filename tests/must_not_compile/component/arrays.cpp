// expect: verdant: this header belongs to the component arrays; link the CMake target verdant::arrays
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/arrays/view.hpp>
