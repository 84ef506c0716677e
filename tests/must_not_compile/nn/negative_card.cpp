// expect: verdant: a graphics card has a negative index
#include <verdant/nn/core/device.hpp>
#if defined(VERDANT_GOOD)
const auto device = verdant::nn::cuda<1>::device();
#else
const auto device = verdant::nn::cuda<-1>::device();
#endif
