// expect: verdant: this device has no published peak at the precision of the arithmetic
// once
#include <verdant/hardware/devices/published_devices.hpp>
#include <verdant/hardware/devices/served.hpp>
#include <verdant/workload/language/language_configs.hpp>
namespace hw = verdant::hardware;
namespace wl = verdant::workload;
constexpr auto model = wl::decoder_of(wl::llama_3_1_8b_published);
using enum hw::precision;
#if defined(VERDANT_GOOD)
struct chat : hw::served<hw::a100_sxm_80gb, model, hw::serving_plan{1, bf16, fp8, bf16}, hw::serving_load{64, 512, 400}> {};
#else
struct chat : hw::served<hw::a100_sxm_80gb, model, hw::serving_plan{1, fp8, fp8, bf16}, hw::serving_load{64, 512, 400}> {};
#endif
