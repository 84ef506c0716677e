// expect: verdant: this header belongs to the component torch; link the CMake target verdant::torch
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/nn/optim/sgd.hpp>
