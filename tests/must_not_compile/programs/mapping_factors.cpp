// expect: verdant: the factors of a dimension do not multiply to its bound
#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/mapped.hpp>
#include <verdant/hardware/hierarchy/nest_sparsity.hpp>

#include <cstdio>
#include <exception>

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
using by_rows = hw::mapped<small_array, conv3x3, "DRAM[WIO] P28 Q2 K2 - buffer[WIO] R3 S3 Q14 K8X C16Y - register[W]">;
#endif

struct skipping_array
    : hw::hierarchy<
          hw::level<"DRAM", hw::words<8, 8>, hw::bandwidth<16.0>, hw::access_energy<512.0>, hw::stores_weights<hw::weight_storage::bitmask>>,
          hw::level<"buffer", hw::words<8, 8>, hw::capacity<4096>, hw::fans_out<16, 16>, hw::access_energy<18.2, 14.1>,
                    hw::stores_weights<hw::weight_storage::bitmask>>,
          hw::level<"register", hw::words<8>, hw::capacity<1>, hw::keeps<hw::operand::weights>, hw::access_energy<0.02>>,
          hw::multipliers<0.2, hw::zero_weights::skipped>> {};

struct pruned3x3 {
    static constexpr auto problem = hw::convolution(
        {.out_channels = 32, .in_channels = 16, .rows = 28, .columns = 28, .kernel_rows = 3, .kernel_columns = 3, .weight_density = 0.25});
};
using pruned = hw::mapped<skipping_array, pruned3x3, "DRAM[WIO] P28 Q2 K2 - buffer[WIO] R3 S3 Q14 K16X C16Y - register[W]">;

void print(const char* name, const hw::nest_counts& counts, const hw::nest_cost& cost) {
    std::printf("%-12s %8lld cycles, %6.1f nJ, DRAM reads %lld words\n", name, static_cast<long long>(cost.cycles), cost.energy / 1000,
                static_cast<long long>(counts.at[0][0].reads + counts.at[0][1].reads));
}

int main() {
    print("by rows", by_rows::counts, by_rows::cost);
    print("pruned", hw::sparse_counts(pruned3x3::problem, skipping_array::levels, pruned::counts, skipping_array::unit.zeros), pruned::cost);

    const auto& problem = conv3x3::problem;
    try {
        for (const char* text : {"DRAM[WIO] K2 P28 Q2 - buffer[WIO] R3 S3 Q14 K16X C16Y - register[W]",
                                 "DRAM[WIO] K2 P28 - buffer[WIO] R3 S3 Q28 K16X C16Y - register[W]"}) {
            const auto mapping = hw::parse_nest_mapping(text, problem);
            hw::require_mapping(problem, small_array::levels, mapping); // throws where it does not fit
            const auto counts = hw::analyse(problem, small_array::levels, mapping);
            print("by channels", counts, hw::cost_of(problem, small_array::levels, small_array::unit, counts));
        }
    } catch (const std::exception& e) { std::printf("%s\n", e.what()); }
}
