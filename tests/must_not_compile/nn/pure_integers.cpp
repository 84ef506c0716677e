// expect: verdant: a model cannot compute in this type
#include <verdant/nn/core/device.hpp>
#if defined(VERDANT_GOOD)
constexpr auto type = verdant::nn::pure<at::kDouble>::weights;
#else
constexpr auto type = verdant::nn::pure<at::kInt>::weights;
#endif
static_assert(type != at::kBool);
