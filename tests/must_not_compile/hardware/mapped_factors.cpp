// expect: verdant: the factors of a dimension do not multiply to its bound
#include <verdant/hardware/hierarchy/mapped.hpp>
namespace hw = verdant::hardware;
using h =
    hw::hierarchy<hw::level<"DRAM">, hw::level<"buffer", hw::capacity<64>, hw::fans_out<4>, hw::keeps<hw::operand::weights, hw::operand::outputs>>,
                  hw::multipliers<0.5>>;
struct layer {
    static constexpr auto problem = hw::matrix_product(8, 4, 16);
};
#if defined(VERDANT_GOOD)
inline constexpr auto c = hw::mapped<h, layer, "DRAM[WIO] P8 K2 - buffer[WO] C4 K2 K4X">::cost.cycles;
#else
inline constexpr auto c = hw::mapped<h, layer, "DRAM[WIO] P8 K2 - buffer[WO] C4 K4X">::cost.cycles;
#endif
