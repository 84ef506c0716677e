// expect: verdant: this header belongs to the component eigen; link the CMake target verdant::eigen
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/surrogate/gp/gaussian_process.hpp>
