#include "catch.hpp"

#include <verdant/hardware/hierarchy/architectures.hpp>
#include <verdant/hardware/hierarchy/gemmini_cycles.hpp>
#include <verdant/hardware/hierarchy/mapped.hpp>

namespace {

namespace hw = verdant::hardware;

struct product {
    static constexpr auto problem = hw::matrix_product(64, 32, 32);
};
struct conv {
    static constexpr auto problem =
        hw::convolution({.out_channels = 32, .in_channels = 3, .rows = 28, .columns = 14, .kernel_rows = 3, .kernel_columns = 3});
};

} // namespace

TEST_CASE("published arrays have their multipliers") {
    STATIC_REQUIRE(hw::eyeriss_like<1.0>::multiplier_count == 168);
    STATIC_REQUIRE(hw::simba_like<1.0>::multiplier_count == 16 * 64);
    STATIC_REQUIRE(hw::gemmini_like<1.0>::multiplier_count == 256);
    STATIC_REQUIRE(hw::tpu_like<1.0>::multiplier_count == 65536);
}

TEST_CASE("what stays in an array is loaded once, what streams past it in each cycle") {
    using ws = hw::mapped<hw::weight_stationary<16, 16, 8192, 1.0>, product, "D[WIO] - B[WIO] K2 C2 P64 K16X C16Y - R[W]">;
    using os = hw::mapped<hw::output_stationary<16, 16, 8192, 1.0>, product, "D[WIO] - B[WIO] K2 P4 C32 K16X P16Y - R[O]">;
    using is = hw::mapped<hw::input_stationary<16, 16, 8192, 1.0>, product, "D[WIO] - B[WIO] P4 C2 K32 P16X C16Y - R[I]">;
    STATIC_REQUIRE(ws::cost.cycles == 256 && os::cost.cycles == 256 && is::cost.cycles == 256);
    STATIC_REQUIRE(ws::cost.utilisation == 1);
    STATIC_REQUIRE(ws::counts.at[1][0].reads == 32 * 32);       // each weight once
    STATIC_REQUIRE(os::counts.at[1][2].updates == 64 * 32);     // each sum once
    STATIC_REQUIRE(is::counts.at[1][1].reads == 64 * 32);       // each input once
    STATIC_REQUIRE(os::counts.at[1][0].reads == 32 * 32 * 4);   // weights for each block of rows
}

TEST_CASE("a row-stationary mapping suits an array like that of Eyeriss") {
    using m = hw::mapped<hw::eyeriss_like<1.0>, conv, "D[WIO] K2 - B[IO] P28 Q14X C3Y S3Y - I[I] - W[W] R3 - S[O] K16">;
    STATIC_REQUIRE(m::counts.steps == 2 * 28 * 3 * 16);
    STATIC_REQUIRE(m::counts.multipliers == 126);
    STATIC_REQUIRE(m::cost.utilisation == 0.75);
}

TEST_CASE("blocks of rows that are not full cost as much on Gemmini as full ones do but for their rows") {
    constexpr auto counts = [](std::int64_t rows) {
        const hw::conv_sizes z{.out_channels = 32, .in_channels = 32, .rows = rows};
        const auto p = hw::convolution(z);
        hw::nest_mapping m;
        m.level_count = 4;
        m.levels[0].add_temporal(p.dim('K'), 2);
        return hw::count_gemmini(z, p, m, 4096);
    };
    STATIC_REQUIRE(counts(16).blocks == counts(4).blocks && counts(17).blocks == 2 * counts(16).blocks);
    STATIC_REQUIRE(counts(16).tiles == 2 && counts(16).preloads == 4 && counts(16).rows == 64);
    STATIC_REQUIRE(counts(16).weights == 32 * 32 && counts(16).inputs == 2 * 16 * 32 && counts(16).partial_sums == 0);
    STATIC_REQUIRE(counts(16).two_tiles && !counts(64).two_tiles);
    STATIC_REQUIRE(hw::gemmini_cycles(counts(4), hw::fitted_gemmini) < hw::gemmini_cycles(counts(16), hw::fitted_gemmini));
}

namespace {

// Tiles of 4 x 4 outputs and `channels` output channels of a convolution of 1 x 1.
constexpr hw::gemmini_counts tiles_of_four(std::int64_t channels, std::int32_t stride) {
    const hw::conv_sizes z{.out_channels = channels, .in_channels = 32, .rows = 4, .columns = 8, .row_stride = stride, .column_stride = stride};
    const auto p = hw::convolution(z);
    hw::nest_mapping m;
    m.level_count = 4;
    m.levels[0].add_temporal(p.dim('Q'), 2);
    return hw::count_gemmini(z, p, m, 4096);
}

} // namespace

TEST_CASE("a strided 1 x 1 convolution loads the pixels that it leaps over on Gemmini") {
    STATIC_REQUIRE(tiles_of_four(16, 1).inputs == 2 * 16 * 32);
    STATIC_REQUIRE(tiles_of_four(16, 2).inputs == 2 * 7 * 7 * 32);
}

TEST_CASE("rows of fewer than 16 outputs cost Gemmini more to store than full ones do") {
    STATIC_REQUIRE(tiles_of_four(16, 1).narrow_stores == 0 && tiles_of_four(15, 1).narrow_stores == tiles_of_four(15, 1).stores);
    STATIC_REQUIRE(tiles_of_four(15, 1).stores == 2 * 16);
    constexpr hw::gemmini_constants storing{.store_cycles = 2, .narrow_cycles = 10};
    STATIC_REQUIRE(hw::gemmini_cycles(tiles_of_four(16, 1), storing) == 64 && hw::gemmini_cycles(tiles_of_four(15, 1), storing) == 384);
}

TEST_CASE("the first tile of Gemmini hides behind none, and never shows more than all of it") {
    constexpr hw::gemmini_constants lone{.row_cycles = 2, .product_cycles = 1, .lone_share = 0.5},
        all{.row_cycles = 2, .product_cycles = 1, .lone_share = 4};
    constexpr auto n = tiles_of_four(16, 1);
    constexpr double computing = 2 * n.rows, loading = n.inputs;
    STATIC_REQUIRE(n.tiles == 2 && loading > computing);
    STATIC_REQUIRE(hw::gemmini_cycles(n, lone) == loading + 0.25 * computing);
    STATIC_REQUIRE(hw::gemmini_cycles(n, all) == loading + computing);
}
