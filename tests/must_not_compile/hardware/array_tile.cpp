// expect: verdant: this hierarchy cannot hold the tile that fills its array, one weight a multiplier; write a larger capacity, or fans_out of fewer columns and rows
// once
#include <verdant/hardware/hierarchy/array_fill.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr int words = 4096;
#else
inline constexpr int words = 1024;
#endif
struct chip : hw::filled_array<hw::hierarchy<hw::level<"DRAM">, hw::level<"buffer", hw::capacity<words>, hw::fans_out<32, 32>>, hw::multipliers<0.5>>> {};
inline constexpr auto count = chip::multiplier_count;
