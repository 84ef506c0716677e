// expect: verdant: the share of weights that are not zero is above 0 and at most 1
// once
#include <verdant/hardware/hierarchy/mapped.hpp>
namespace hw = verdant::hardware;
using memory = hw::hierarchy<hw::level<"DRAM">, hw::multipliers<0.5, hw::zero_weights::skipped>>;
struct layer {
#if defined(VERDANT_GOOD)
    static constexpr auto problem = hw::matrix_product(8, 8, 8, 1, 0.5);
#else
    static constexpr auto problem = hw::matrix_product(8, 8, 8, 1, 50);
#endif
};
inline constexpr auto cycles = hw::mapped<memory, layer, "DRAM[WIO] P8 C8 K8">::cost.cycles;
