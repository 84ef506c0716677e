#pragma once

// What every model of the concept `mapper` keeps.

#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/target.hpp>
#include <verdant/hardware/tensor_core.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <thread>
#include <vector>

namespace laws {

template <verdant::hardware::mapper M>
void obeys_mapper_laws(const M& map) {
    namespace hw = verdant::hardware;
    const auto target = hw::mapping_target_of(hw::from_clusters(2, 64, 8, 128, 64, 4));
    auto other = target;
    other.l2_words *= 2;
    other.dram_energy += 1;
    hw::loop_bounds convolution;
    convolution.extent = {1, 16, 24, 3, 3, 14, 14};
    const std::vector<hw::loop_bounds> nests{hw::gemm(1, 1, 1), hw::gemm(50, 64, 96), hw::gemm(97, 1, 13), hw::gemm(197, 384, 64), convolution};

    // What it finds multiplies to the bounds, and costs something.
    std::vector<hw::mapping_result> found;
    for (const auto& t : {target, other})
        for (const auto& bounds : nests) {
            const hw::mapping_result result = map(bounds, t);
            found.push_back(result);
            REQUIRE(result.has_value());
            for (std::size_t d = 0; d < hw::loop_dim::count; ++d) {
                long long product = 1;
                for (const auto& level : result->levels) {
                    REQUIRE(level[d] >= 1);
                    product *= level[d];
                }
                REQUIRE(product == bounds.extent[d]);
            }
            REQUIRE((result->cycles >= 1 && std::isfinite(result->cycles)));
            REQUIRE((result->energy >= 0 && std::isfinite(result->energy)));
        }

    // A pure function of its arguments, in any order, of a copy, and from several threads at once.
    const auto again = [&](const M& m) {
        std::vector<hw::mapping_result> results(found.size(), hw::mapping_failure{});
        for (std::size_t i = results.size(); i-- > 0;) results[i] = m(nests[i % nests.size()], i < nests.size() ? target : other);
        return results;
    };
    REQUIRE(again(map) == found);
    const M copy = map;
    REQUIRE(again(copy) == found);
    std::vector<std::vector<hw::mapping_result>> at_once(4);
    {
        std::vector<std::thread> threads;
        for (auto& results : at_once) threads.emplace_back([&] { results = again(map); });
        for (auto& t : threads) t.join();
    }
    for (const auto& results : at_once) REQUIRE(results == found);

    // A nest that fits nowhere is a failure, which says what was missing, the same every time.
    for (const auto shrunk : {&hw::mapping_target::l2_words, &hw::mapping_target::glb_words}) {
        auto small = target;
        small.*shrunk = 0;
        const hw::mapping_result none = map(nests[1], small);
        REQUIRE_FALSE(none.has_value());
        REQUIRE(none.error().needed > none.error().available);
        REQUIRE(none.error().constraint == (shrunk == &hw::mapping_target::l2_words ? hw::mapping_constraint::l2 : hw::mapping_constraint::glb));
        REQUIRE(map(nests[1], small) == none);
        REQUIRE_THROWS_AS(none.value(), verdant::infeasible_error);
    }
    auto bare = target;
    bare.register_words = 0;
    const hw::mapping_result none = map(nests[1], bare);
    REQUIRE_FALSE(none.has_value());
    REQUIRE(none.error().constraint == hw::mapping_constraint::registers);

    // Illegal arguments are errors, also the second time, and the mapper works on.
    for (int round = 0; round < 2; ++round) {
        for (const auto& bounds : {hw::gemm(0, 1, 1), hw::gemm(1, -3, 1), hw::gemm(1 << 30, 1 << 30, 1)}) REQUIRE_THROWS_AS(map(bounds, target), verdant::input_error);
        auto bad = target;
        bad.width = 0;
        REQUIRE_THROWS_AS(map(nests[0], bad), verdant::input_error);
        bad = target;
        bad.mac_energy = std::numeric_limits<double>::quiet_NaN();
        REQUIRE_THROWS_AS(map(nests[0], bad), verdant::input_error);
    }
    REQUIRE(again(map) == found);
}

} // namespace laws
