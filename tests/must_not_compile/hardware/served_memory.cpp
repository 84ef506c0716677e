// expect: verdant: weights and cache do not fit the memory of these devices
// once
#include <verdant/hardware/devices/published_devices.hpp>
#include <verdant/hardware/devices/served.hpp>
#include <verdant/workload/language/language_configs.hpp>
namespace hw = verdant::hardware;
namespace wl = verdant::workload;
constexpr auto model = wl::decoder_of(wl::llama_3_1_8b_published);
using enum hw::precision;
#if defined(VERDANT_GOOD)
struct chat : hw::served<hw::h100_sxm, model, hw::serving_plan{1, bf16, bf16, bf16}, hw::serving_load{256, 512, 400}> {};
#else
struct chat : hw::served<hw::h100_sxm, model, hw::serving_plan{1, bf16, bf16, bf16}, hw::serving_load{2560, 512, 400}> {};
#endif
