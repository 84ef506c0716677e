// expect: verdant: this header belongs to the component zlib; link the CMake target verdant::zlib
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/io/archive/deflate.hpp>
