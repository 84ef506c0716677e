// expect: verdant: this header belongs to the component onnx; link the CMake target verdant::onnx
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/io/onnx/onnx_file.hpp>
