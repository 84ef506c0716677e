#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/units.hpp>

#include <array>
#include <string>
#include <string_view>

/// GPUs and TPUs by what their makers publish. Peaks are those of the matrix units, dense.
namespace verdant::hardware {

/// NVIDIA A100 Tensor Core GPU data sheet (June 2021), columns "80GB SXM" and "40GB SXM": NVLink of 600 GB/s is both directions together.
inline constexpr real_device a100_sxm_80gb{
    .name = "A100",
    .peaks = {.fp32 = 19.5e12, .tf32 = 156e12, .bf16 = 312e12, .fp16 = 312e12, .int8 = 624e12},
    .bandwidth = 2.039e12,
    .capacity = 80e9,
    .link = 300e9,
    .power = 400.0 * watts{},
};
inline constexpr real_device a100_sxm_40gb{
    .name = "A100-40GB",
    .peaks = a100_sxm_80gb.peaks,
    .bandwidth = 1.555e12,
    .capacity = 40e9,
    .link = 300e9,
    .power = 400.0 * watts{},
};

/// NVIDIA H100 Tensor Core GPU architecture white paper (2022), table 2, column "SXM5": peaks without sparsity; data sheet: 3.35 TB/s, 80 GB, NVLink
/// of 900 GB/s in both directions, up to 700 W.
inline constexpr real_device h100_sxm{
    .name = "H100",
    .peaks = {.fp32 = 66.9e12, .tf32 = 494.7e12, .bf16 = 989.4e12, .fp16 = 989.4e12, .fp8 = 1978.9e12, .int8 = 1978.9e12},
    .bandwidth = 3.35e12,
    .capacity = 80e9,
    .link = 450e9,
    .power = 700.0 * watts{},
};

/// NVIDIA H200 Tensor Core GPU data sheet, column "SXM": the peaks of the H100, 141 GB at 4.8 TB/s.
inline constexpr real_device h200_sxm{
    .name = "H200",
    .peaks = h100_sxm.peaks,
    .bandwidth = 4.8e12,
    .capacity = 141e9,
    .link = 450e9,
    .power = 700.0 * watts{},
};

/// NVIDIA Blackwell data sheet, an eighth of the column "HGX B200", dense: 2.25 PFLOP/s in 16 bit, 8 TB/s, 180 GB, NVLink of 1.8 TB/s in both
/// directions, up to 1000 W.
inline constexpr real_device b200_sxm{
    .name = "B200",
    .peaks = {.fp32 = 75e12, .tf32 = 1.125e15, .bf16 = 2.25e15, .fp16 = 2.25e15, .fp8 = 4.5e15, .int8 = 4.5e15},
    .bandwidth = 8e12,
    .capacity = 180e9,
    .link = 900e9,
    .power = 1000.0 * watts{},
};

/// AMD Instinct MI210 data sheet (2022): peaks of the matrix cores, 1.6 TB/s of HBM2e (1638.4 GB/s: 4096 bit at 3.2 Gbit/s), 64 GB, 300 W, three
/// Infinity Fabric links of 100 GB/s in both directions.
inline constexpr real_device mi210{
    .name = "MI210",
    .peaks = {.fp32 = 45.3e12, .bf16 = 181e12, .fp16 = 181e12, .int8 = 181e12},
    .bandwidth = 1.6384e12,
    .capacity = 64e9,
    .link = 150e9,
    .power = 300.0 * watts{},
};

/// Google Cloud, "TPU v3": a chip of two cores, 123 TFLOP/s, 900 GB/s, 32 GB, at most 262 W.
inline constexpr real_device tpu_v3{
    .name = "TPUv3",
    .peaks = {.bf16 = 123e12},
    .bandwidth = 900e9,
    .capacity = 32e9,
    .power = 262.0 * watts{},
};

/// Google Cloud, "TPU v4": a chip, 275 TFLOP/s in bfloat16 or int8, 1200 GB/s, 32 GB, at most 192 W.
inline constexpr real_device tpu_v4{
    .name = "TPUv4",
    .peaks = {.bf16 = 275e12, .int8 = 275e12},
    .bandwidth = 1.2e12,
    .capacity = 32e9,
    .power = 192.0 * watts{},
};

/// Jouppi et al., "Ten lessons from three generations shaped Google's TPUv4i" (ISCA 2021), table 1: 138 TFLOP/s, 614 GB/s, 8 GB, 175 W.
inline constexpr real_device tpu_v4i{
    .name = "TPUv4i",
    .peaks = {.bf16 = 138e12, .int8 = 138e12},
    .bandwidth = 614e9,
    .capacity = 8e9,
    .power = 175.0 * watts{},
};

/// Google Cloud, "TPU v5e" and "TPU v6e": chips; their power is not published.
inline constexpr real_device tpu_v5e{
    .name = "TPUv5e",
    .peaks = {.bf16 = 197e12, .int8 = 393e12},
    .bandwidth = 819e9,
    .capacity = 16e9,
};
inline constexpr real_device tpu_v6e{
    .name = "TPUv6e",
    .peaks = {.bf16 = 918e12, .int8 = 1836e12},
    .bandwidth = 1.64e12,
    .capacity = 32e9,
};

/// All of them, for a lookup by name.
inline constexpr std::array published_devices{a100_sxm_80gb, a100_sxm_40gb, h100_sxm, h200_sxm, b200_sxm, mi210,
                                              tpu_v3,        tpu_v4,        tpu_v4i,  tpu_v5e,  tpu_v6e};

/// The device of that name.
/// @throws input_error listing the names, if there is none
[[nodiscard]] inline const real_device& published_device(std::string_view name) {
    std::string known;
    for (const real_device& d : published_devices) {
        if (d.name == name) return d;
        known += (known.empty() ? "" : ", ") + std::string{d.name};
    }
    throw input_error{"device", "", "one of " + known, "\"" + std::string{name} + "\""};
}

} // namespace verdant::hardware
