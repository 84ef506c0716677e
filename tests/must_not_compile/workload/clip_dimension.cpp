// expect: verdant: a dimension of this CLIP is not positive
#include <verdant/workload/transformer/typed_clip.hpp>
namespace wl = verdant::workload;
#if defined(VERDANT_GOOD)
struct my_clip : wl::clip<wl::clip_config{.text = {6, 384, 1536, 6}, .vision = {6, 480, 1920, 8}}> {};
#else
struct my_clip : wl::clip<wl::clip_config{.text = {6, 384, 1536, 0}, .vision = {6, 480, 1920, 8}}> {};
#endif
