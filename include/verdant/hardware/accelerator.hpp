#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view> // and std::hash

namespace verdant::hardware {

/// A chip of the Simba-like template: a grid of tensor cores and one of vector cores, an SRAM ("L2") in every core, one shared
/// global buffer (GLB), DRAM outside (docs/estimator.md 1.1). A plain value: usable as a template argument, ordered, hashable.
struct accelerator {
    int tensor_cores;
    int vector_cores;
    int width;               ///< PEs of a tensor core in one direction
    int depth;               ///< and in the other
    int vector_width;        ///< PEs of a vector core
    long long l2_bytes;      ///< SRAM of each core. The mapping search uses it as three buffers of this size, the area counts it once: reproduced
    int l2_bandwidth;        ///< words per cycle between the L2s and the PEs, for the whole chip
    long long glb_bytes;     ///< global buffer

    friend constexpr bool operator==(const accelerator&, const accelerator&) = default;
    friend constexpr auto operator<=>(const accelerator&, const accelerator&) = default;
};

/// An accelerator of the CarbonNAAS search space, by that space's six parameters: one tensor and one vector core per cluster, and
/// vector cores as wide as tensor cores. The published grid is clusters {1,2,4}, width {32,64,128,256}, depth {2,...,64},
/// l2_kib {64,...,1024}, l2_bandwidth {32,64,128} words per cycle, glb_mib {2,4,8}; other values are allowed.
[[nodiscard]] constexpr accelerator from_clusters(int clusters, int width, int depth, int l2_kib, int l2_bandwidth, int glb_mib) {
    return {clusters, clusters, width, depth, width, l2_kib * 1024LL, l2_bandwidth, glb_mib * 1024LL * 1024LL};
}

/// The most of any count, extent and bandwidth, and the most bytes of a buffer: what the cost functions compute in 64 bits.
inline constexpr int most_elements = 1 << 20;
inline constexpr long long most_buffer_bytes = 1LL << 40;

/// What `has_legal_geometry` asks for, in messages.
inline constexpr std::string_view legal_geometry_text =
    "positive counts, extents, buffers and bandwidth, of at most 2^20, buffers of at most 2^40 bytes";

/// Whether every count, extent, capacity and bandwidth is positive, and none is beyond `most_elements` or `most_buffer_bytes`. The cost functions
/// need this.
[[nodiscard]] constexpr bool has_legal_geometry(const accelerator& a) {
    for (const int count : {a.tensor_cores, a.vector_cores, a.width, a.depth, a.vector_width, a.l2_bandwidth})
        if (count <= 0 || count > most_elements) return false;
    return a.l2_bytes > 0 && a.l2_bytes <= most_buffer_bytes && a.glb_bytes > 0 && a.glb_bytes <= most_buffer_bytes;
}

/// How cores are arranged, x >= y.
struct core_grid {
    int x;
    int y;
    friend constexpr bool operator==(const core_grid&, const core_grid&) = default;
};

/// The grid of `cores` cores: the shorter side starts from 2^floor(log2(cores)/2) (docs/estimator.md 1.2). Cores beyond the
/// product of the sides stay unused by the mapping.
[[nodiscard]] constexpr core_grid grid_of(int cores) {
    int a = 1;
    while (static_cast<std::int64_t>(a) * a * 4 <= cores) a *= 2;
    const int b = cores / a;
    return a > b ? core_grid{a, b} : core_grid{b, a};
}

/// The L2 capacity in bytes that latency and energy are computed with: at least 16 bytes for every PE of the core, and more for two
/// shapes (the "performance rule" of docs/estimator.md 1.2).
/// @param width,depth PEs of the core; depth is 1 for a vector core
[[nodiscard]] constexpr long long effective_l2(long long l2_bytes, int width, int depth) {
    long long least = width * 16LL * depth;
    if (width == 256 && depth == 32) least = 256 * 1024LL;
    if (width == 256 && depth == 16) least = 128 * 1024LL;
    return l2_bytes > least ? l2_bytes : least;
}

} // namespace verdant::hardware

template <>
struct std::hash<verdant::hardware::accelerator> {
    [[nodiscard]] std::size_t operator()(const verdant::hardware::accelerator& a) const noexcept {
        std::uint64_t h = 0x9e3779b97f4a7c15ULL;
        const auto mix = [&h](long long value) {
            h = (h ^ static_cast<std::uint64_t>(value)) * 0xff51afd7ed558ccdULL;
            h ^= h >> 32;
        };
        mix(a.tensor_cores);
        mix(a.vector_cores);
        mix(a.width);
        mix(a.depth);
        mix(a.vector_width);
        mix(a.l2_bytes);
        mix(a.l2_bandwidth);
        mix(a.glb_bytes);
        return static_cast<std::size_t>(h);
    }
};
