// expect: verdant: the mapping names another level than the hierarchy has at that place
#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/mapped.hpp>

#include <cstdio>

namespace hw = verdant::hardware;
struct small_array : hw::hierarchy<hw::level<"DRAM", hw::words<8, 8>, hw::bandwidth<16.0>, hw::access_energy<512.0>>,
                                   hw::level<"buffer", hw::words<8, 8>, hw::capacity<4096>, hw::fans_out<16, 16>, hw::access_energy<18.2, 14.1>>,
                                   hw::level<"register", hw::words<8>, hw::capacity<1>, hw::keeps<hw::operand::weights>, hw::access_energy<0.02>>,
                                   hw::multipliers<0.2>> {};
struct conv3x3 {
    static constexpr auto problem =
        hw::convolution({.out_channels = 32, .in_channels = 16, .rows = 28, .columns = 28, .kernel_rows = 3, .kernel_columns = 3});
};
#if defined(VERDANT_GOOD)
using by_rows = hw::mapped<small_array, conv3x3, "DRAM[WIO] P28 Q2 K2 - buffer[WIO] R3 S3 Q14 K16X C16Y - register[W]">;
#else
using by_rows = hw::mapped<small_array, conv3x3, "DRAM[WIO] P28 Q2 K2 - bufer[WIO] R3 S3 Q14 K16X C16Y - register[W]">;
#endif
int main() { std::printf("%lld\n", static_cast<long long>(by_rows::cost.cycles)); }
