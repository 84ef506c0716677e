// expect: verdant: the share of weights that are not zero is above 0 and at most 1
// once
#include <verdant/hardware/hierarchy/mapped.hpp>
namespace hw = verdant::hardware;
using memory = hw::hierarchy<hw::level<"DRAM">, hw::multipliers<0.5, hw::zero_weights::skipped>>;
struct layer {
    static constexpr auto problem = [] {
        auto product = hw::matrix_product(8, 8, 8, 1, 0.5);
#if !defined(VERDANT_GOOD)
        product.weight_density = 0;
#endif
        return product;
    }();
};
inline constexpr auto cycles = hw::mapped<memory, layer, "DRAM[WIO] P8 C8 K8">::cost.cycles;
