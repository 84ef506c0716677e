// expect: verdant: this header belongs to the component image; link the CMake target verdant::image
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/image/decode_image.hpp>
