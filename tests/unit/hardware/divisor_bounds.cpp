#include "catch.hpp"

#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/divisor_bounds.hpp>
#include <verdant/hardware/mapping/search.hpp>
#include <verdant/hardware/tensor_core.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <initializer_list>

namespace hw = verdant::hardware;

namespace {

int pick(verdant::random_stream& random, std::initializer_list<int> values) { return values.begin()[random.below(values.size())]; }

} // namespace

TEST_CASE("busy elements are the greatest product of two factors that divides the work", "[hardware]") {
    verdant::random_stream random{3};
    for (int round = 0; round < 300; ++round) {
        const auto work = static_cast<long long>(1 + random.below(5000));
        const auto width = static_cast<int>(1 + random.below(40)), depth = static_cast<int>(1 + random.below(40));
        long long best = 1;
        for (int x = 1; x <= width; ++x)
            for (int y = 1; y <= depth; ++y)
                if (work % (x * y) == 0) best = std::max<long long>(best, x * y);
        REQUIRE(hw::busy_elements(work, width, depth) == best);
    }
    static_assert(hw::busy_elements(197LL * 197, 64, 16) == 1);
    static_assert(hw::busy_elements(1LL << 20, 256, 64) == 256 * 64);
}

TEST_CASE("no mapping that the search finds is below its bounds, which are sharper than the simple ones", "[hardware]") {
    verdant::random_stream random{17};
    std::size_t sharper = 0, mapped = 0;
    for (int round = 0; round < 400; ++round) {
        const auto a = hw::from_clusters(pick(random, {1, 2, 3, 4, 6}), pick(random, {8, 32, 48, 64, 256}), pick(random, {1, 2, 6, 16, 64}), pick(random, {1, 64, 256}),
                                         pick(random, {8, 32, 128}), pick(random, {1, 2, 8}));
        const auto target = hw::mapping_target_of(a);
        const auto extent = [&] { return static_cast<int>(1 + random.below(random.below(2) == 0 ? 16 : 400)); };
        hw::loop_bounds nest = hw::gemm(extent(), extent(), extent());
        if (random.below(4) == 0) nest = {{1, static_cast<int>(1 + random.below(8)), extent(), pick(random, {1, 3, 5}), pick(random, {1, 3}), pick(random, {7, 14, 16}), 14}};
        const auto found = hw::mapping_search{}(nest, target);
        if (!found) continue;
        ++mapped;
        REQUIRE(hw::divisor_cycles(nest, target) <= found->cycles);
        REQUIRE(hw::divisor_energy(nest, target) <= found->energy);
        REQUIRE(hw::divisor_cycles(nest, target) >= hw::minimum_cycles(nest, target));
        REQUIRE(hw::divisor_energy(nest, target) >= hw::minimum_energy(nest, target));
        sharper += hw::divisor_cycles(nest, target) > hw::minimum_cycles(nest, target) ? 1 : 0;
    }
    CHECK(mapped > 300);
    CHECK(sharper > 100);
}
