#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>

#include <functional>
#include <set>

namespace hw = verdant::hardware;

constexpr hw::loop_bounds patches{{1, 3, 768, 16, 16, 14, 14}};
static_assert(hw::macs(patches) == 115'605'504);
static_assert(hw::input_words(patches) == 3 * 29 * 29);
static_assert(hw::weight_words(patches) == 768 * 3 * 16 * 16);
static_assert(hw::output_words(patches) == 768 * 14 * 14);
static_assert(hw::gemm(2, 3, 4) < hw::gemm(2, 3, 5));
static_assert(hw::is_exact(patches) && !hw::is_exact(hw::gemm(0, 1, 1)) && !hw::is_exact(hw::gemm(1 << 30, 1 << 20, 1 << 10)));

TEST_CASE("a matrix product's tensors have rows x inner, inner x columns, rows x columns words", "[hardware]") {
    const auto b = hw::gemm(197, 768, 3072);
    CHECK(hw::input_words(b) == 197 * 768);
    CHECK(hw::weight_words(b) == 768 * 3072);
    CHECK(hw::output_words(b) == 197 * 3072);
    CHECK(hw::macs(b) == 197LL * 768 * 3072);
}

TEST_CASE("different bounds have different hashes here", "[hardware]") {
    std::set<std::size_t> hashes;
    for (int n = 1; n <= 10; ++n)
        for (int c = 1; c <= 10; ++c)
            for (int q = 1; q <= 10; ++q) hashes.insert(std::hash<hw::loop_bounds>{}({{n, c, 1, 1, 1, 1, q}}));
    CHECK(hashes.size() == 1000);
}

TEST_CASE("illegal bounds are named", "[hardware]") {
    CHECK_NOTHROW(hw::require_valid(patches));
    CHECK_THROWS_WITH(hw::require_valid(hw::gemm(0, 1, 1)), "verdant: loop bounds, n: expected a positive extent, found 0");
    CHECK_THROWS_AS(hw::require_valid(hw::gemm(1 << 30, 1 << 20, 1 << 10)), verdant::input_error);
}
