// expect: verdant: the blocks or width multipliers of this family are not those of ResNet50D
#include <verdant/space.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
namespace spaces = verdant::spaces;
#if defined(VERDANT_GOOD)
constexpr spaces::resnet_family small{.stem = 32, .classes = 10};
#else
constexpr spaces::resnet_family small{.least_blocks = {2, 2, 2, 2}, .classes = 10};
#endif
struct mine : spaces::ofa_resnet<verdant::choices<32>, small> {};
static_assert(verdant::parameter_count<mine> > 0);
