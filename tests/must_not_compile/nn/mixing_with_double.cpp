// expect: verdant: autocast mixes with no such type
#include <verdant/nn/core/autocast.hpp>
#if defined(VERDANT_GOOD)
constexpr auto type = verdant::nn::autocast<at::kBFloat16>::weights;
#else
constexpr auto type = verdant::nn::autocast<at::kDouble>::weights;
#endif
static_assert(type == at::kFloat);
