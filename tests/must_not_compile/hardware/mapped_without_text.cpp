// expect: verdant: this text is no mapping of the layer
#include <verdant/hardware/hierarchy/mapped.hpp>

namespace hw = verdant::hardware;
using memories = hw::hierarchy<hw::level<"DRAM">, hw::level<"buffer", hw::capacity<8192>>, hw::multipliers<0.5>>;
struct layer {
    static constexpr auto problem = hw::matrix_product(4, 4, 4);
};
#if defined(VERDANT_GOOD)
using nest = hw::mapped<memories, layer, "DRAM[WIO] P4 - buffer[WIO] K4 C4">;
#else
using nest = hw::mapped<memories, layer>;
#endif
static_assert(nest::cost.cycles >= 0);
