// expect: verdant: the patches of this CLIP do not tile its image
#include <verdant/workload/transformer/typed_clip.hpp>
namespace wl = verdant::workload;
#if defined(VERDANT_GOOD)
struct my_clip : wl::clip<wl::clip_config{.text = {6, 384, 1536, 6}, .vision = {6, 480, 1920, 8}, .patch = 14}> {};
#else
struct my_clip : wl::clip<wl::clip_config{.text = {6, 384, 1536, 6}, .vision = {6, 480, 1920, 8}, .patch = 15}> {};
#endif
