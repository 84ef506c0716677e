#pragma once

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

/// What a mapper maps to.
namespace verdant::hardware {

/// What a mapper must know of an accelerator's tensor cores. One word is one byte (8-bit precision). Defaults are the constants that
/// the published accelerator space fixes (docs/estimator.md 1.1, 4.1, 4.3).
struct mapping_target {
    int width = 1;              ///< PEs of a core in x
    int depth = 1;              ///< PEs of a core in y
    int cores_x = 1;            ///< sides of the core grid
    int cores_y = 1;
    long long l2_words = 0;     ///< capacity of a core's L2, for each of the three tensors; see `effective_l2`
    long long glb_words = 0;    ///< capacity of the global buffer, for the three tensors together
    int l2_bandwidth = 1;       ///< words per cycle between L2 and PEs, whole chip, each way
    int glb_bandwidth = 512;    ///< words per cycle between global buffer and L2, each way
    int dram_bandwidth = 128;   ///< words per cycle between DRAM and global buffer, each way
    int register_words = 32;    ///< capacity of a PE's registers
    double register_energy = 0; ///< pJ per word, reading
    double l2_energy = 0;       ///< pJ per word, reading or writing: the original takes the mean read of a whole 32-bit access
    double glb_energy = 0;      ///< pJ per word, likewise
    double dram_energy = 0;     ///< pJ per word, likewise
    double mac_energy = 2.2;    ///< pJ per multiply-accumulate

    friend constexpr bool operator==(const mapping_target&, const mapping_target&) = default;

    /// Tensor cores that the grid uses.
    [[nodiscard]] constexpr long long cores() const noexcept { return 1LL * cores_x * cores_y; }
    /// PEs of those cores.
    [[nodiscard]] constexpr double elements() const noexcept { return static_cast<double>(cores()) * width * depth; }
};

/// Does nothing for a target that a mapper can work with.
/// @throws input_error naming the member, for counts or bandwidths below 1, negative capacities, and energies outside 0 to 1e100 pJ
constexpr void require_valid(const mapping_target& t) {
    struct count {
        std::string_view name;
        long long value, least;
    };
    for (const auto& [name, value, least] : std::initializer_list<count>{
             {"width", t.width, 1}, {"depth", t.depth, 1}, {"cores_x", t.cores_x, 1}, {"cores_y", t.cores_y, 1},
             {"l2_words", t.l2_words, 0}, {"glb_words", t.glb_words, 0}, {"l2_bandwidth", t.l2_bandwidth, 1},
             {"glb_bandwidth", t.glb_bandwidth, 1}, {"dram_bandwidth", t.dram_bandwidth, 1}, {"register_words", t.register_words, 0}})
        if (value < least) throw input_error{"mapping target", name, "at least " + std::to_string(least), std::to_string(value)};
    struct amount {
        std::string_view name;
        double value;
    };
    for (const auto& [name, value] : std::initializer_list<amount>{{"register_energy", t.register_energy}, {"l2_energy", t.l2_energy},
             {"glb_energy", t.glb_energy}, {"dram_energy", t.dram_energy}, {"mac_energy", t.mac_energy}})
        if (!(value >= 0 && value <= 1e100)) throw input_error{"mapping target", name, "an energy from 0 to 1e100 pJ", std::to_string(value)};
}

} // namespace verdant::hardware

template <>
struct std::hash<verdant::hardware::mapping_target> {
    [[nodiscard]] constexpr std::size_t operator()(const verdant::hardware::mapping_target& t) const noexcept {
        std::uint64_t h = 0;
        const auto add = [&h](std::uint64_t word) { h = (h ^ word) * 0x9e3779b97f4a7c15ULL + (h >> 29); };
        const auto pair = [](int a, int b) {
            return static_cast<std::uint64_t>(static_cast<std::uint32_t>(a)) << 32 | static_cast<std::uint32_t>(b);
        };
        add(pair(t.width, t.depth));
        add(pair(t.cores_x, t.cores_y));
        add(static_cast<std::uint64_t>(t.l2_words));
        add(static_cast<std::uint64_t>(t.glb_words));
        add(pair(t.l2_bandwidth, t.glb_bandwidth));
        add(pair(t.dram_bandwidth, t.register_words));
        // + 0.0 makes the two zeros, which compare equal, hash equal
        for (const double energy : {t.register_energy, t.l2_energy, t.glb_energy, t.dram_energy, t.mac_energy})
            add(std::bit_cast<std::uint64_t>(energy + 0.0));
        return static_cast<std::size_t>(verdant::splitmix64(h));
    }
};
