#include "catch.hpp"
#include "laws/mapper.hpp"
#include "oracle.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/mapping/bounds.hpp>
#include <verdant/hardware/mapping/detail/cost.hpp>
#include <verdant/hardware/mapping/search.hpp>
#include <verdant/hardware/tensor_core.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hw = verdant::hardware;

namespace {

template <class T>
T pick(verdant::random_stream& random, std::initializer_list<T> values) {
    return values.begin()[random.below(values.size())];
}

hw::loop_bounds random_bounds(verdant::random_stream& random) {
    hw::loop_bounds b;
    switch (random.below(3)) {
    case 0: return hw::gemm(pick(random, {1, 50, 77, 197, 600}), pick(random, {64, 77, 197, 384, 768}), pick(random, {1, 64, 77, 197, 1536}));
    case 1: b.extent = {1, pick(random, {3, 16, 24}), pick(random, {32, 96, 100}), pick(random, {1, 3, 5}), pick(random, {1, 3}), pick(random, {7, 14}), pick(random, {7, 14, 28})}; return b;
    default:
        for (std::size_t d = 0; d < b.extent.size(); ++d) b.extent[d] = 1 + static_cast<int>(random.below(d < 3 ? 24 : 8));
        return b;
    }
}

hw::mapping_target random_target(verdant::random_stream& random) {
    auto t = hw::mapping_target_of(hw::from_clusters(pick(random, {1, 2, 4}), pick(random, {1, 3, 16, 32, 64, 256}), pick(random, {1, 2, 8, 32}),
                                                     pick(random, {64, 256, 1024}), pick(random, {7, 32, 128}), pick(random, {2, 8})));
    if (random.below(4) == 0) {
        t.cores_x = pick(random, {3, 27, 33});
        t.cores_y = pick(random, {1, 2, 16});
    }
    if (random.below(2) == 0) {
        t.l2_words = pick(random, {64, 500, 2000, 9000});
        t.glb_words = pick(random, {100, 1000, 5000, 200000});
    }
    if (random.below(4) == 0) t.register_words = pick(random, {3, 4, 12, 100});
    return t;
}

} // namespace

TEST_CASE("the search finds the oracle's mapping bit for bit, ties included", "[hardware]") {
    verdant::random_stream random{20};
    int mapped = 0;
    for (int i = 0; i < 120; ++i) {
        const auto bounds = random_bounds(random);
        const auto target = random_target(random);
        const auto expected = oracle::search(bounds, target);
        const auto found = hw::mapping_search{}(bounds, target);
        INFO("case " << i);
        REQUIRE(found.has_value() == expected.has_value());
        if (!expected) continue;
        ++mapped;
        CHECK(*found == *expected);
    }
    CHECK(mapped > 50);
}

TEST_CASE("a mapping is made of exact divisors, fits everywhere, costs what it says, and respects the bounds", "[hardware]") {
    verdant::random_stream random{21};
    for (int i = 0; i < 500; ++i) {
        const auto bounds = random_bounds(random);
        const auto target = random_target(random);
        const auto found = hw::mapping_search{}(bounds, target);
        if (!found) continue;
        INFO("case " << i);
        auto tile = (*found)[hw::mapping_level::registers];
        const auto include = [&](hw::mapping_level level) {
            for (std::size_t d = 0; d < tile.size(); ++d) tile[d] *= (*found)[level][d];
        };
        CHECK(hw::input_words(tile) + hw::weight_words(tile) + hw::output_words(tile) <= target.register_words);
        CHECK(hw::macs({(*found)[hw::mapping_level::pe_array]}) <= 1LL * target.width * target.depth);
        CHECK(hw::macs({(*found)[hw::mapping_level::core_grid]}) <= target.cores());
        include(hw::mapping_level::pe_array);
        include(hw::mapping_level::l2_tile);
        CHECK(std::max({hw::input_words(tile), hw::weight_words(tile), hw::output_words(tile)}) <= target.l2_words);
        include(hw::mapping_level::core_grid);
        include(hw::mapping_level::glb_tile);
        CHECK(hw::input_words(tile) + hw::weight_words(tile) + hw::output_words(tile) <= target.glb_words);
        include(hw::mapping_level::dram_loop);
        CHECK(tile == bounds.extent);
        CHECK(hw::evaluate_mapping(bounds, target, found->levels) == *found);
        CHECK(found->cycles >= hw::minimum_cycles(bounds, target));
        CHECK(found->energy >= hw::minimum_energy(bounds, target));
    }
}

TEST_CASE("the search obeys the laws of mappers", "[hardware]") { laws::obeys_mapper_laws(hw::mapping_search{}); }

TEST_CASE("prime, unit and very large extents are mapped", "[hardware]") {
    const auto target = hw::mapping_target_of(hw::from_clusters(2, 64, 16, 256, 64, 4));
    const hw::mapping_search search;
    CHECK(search(hw::gemm(1, 1, 1), target)->cycles == 1);
    // a prime can only be left whole: one multiply-accumulate at a time
    CHECK(search(hw::gemm(2147483647, 1, 1), target)->cycles == 2147483647.0);
    CHECK(search(hw::gemm(99991, 99989, 3), target).has_value());
    CHECK(search(hw::gemm(1, 1 << 30, 1 << 20), target).has_value());
    auto one = target;
    one.width = one.depth = one.cores_x = one.cores_y = 1;
    CHECK(search(hw::gemm(4, 6, 8), one)->cycles >= 4 * 6 * 8);
}

TEST_CASE("an empty mapping space names the constraint that emptied it", "[hardware]") {
    const auto target = hw::mapping_target_of(hw::from_clusters(2, 64, 16, 256, 64, 4));
    const auto bounds = hw::gemm(197, 768, 768);
    const auto failure = [&](auto&& change, hw::mapping_search search = {}) {
        auto t = target;
        change(t);
        const auto result = search(bounds, t);
        REQUIRE(!result.has_value());
        CHECK_THROWS_AS(result.value(), verdant::infeasible_error);
        return result.error();
    };
    using verdant::hardware::mapping_constraint;
    const auto registers = failure([](auto& t) { t.register_words = 2; });
    CHECK(registers.constraint == mapping_constraint::registers);
    CHECK(registers.text() == "no mapping: the smallest register tile has 3 words, the registers of a PE hold 2");
    const auto l2 = failure([](auto& t) { t.l2_words = 63; });
    CHECK(l2.constraint == mapping_constraint::l2);
    CHECK(l2.needed > 63);
    CHECK(l2.text().find("an L2 buffer holds 63") != std::string::npos);
    const auto glb = failure([](auto& t) { t.glb_words = 1000; });
    CHECK(glb.constraint == mapping_constraint::glb);
    CHECK(glb.needed > 1000);
    CHECK(glb.text().find("the global buffer holds 1000") != std::string::npos);
    const auto budget = failure([](auto&) {}, {.max_work = 100});
    CHECK(budget.constraint == mapping_constraint::search_budget);
    CHECK(budget.text() == "no mapping: the search stopped at its budget of 100 steps");
    // an exhausted search leaves nothing behind that changes the next
    CHECK(*hw::mapping_search{}(bounds, target) == *oracle::search(bounds, target));
}

TEST_CASE("illegal bounds and targets are errors that name the place", "[hardware]") {
    const auto target = hw::mapping_target_of(hw::from_clusters(2, 64, 16, 256, 64, 4));
    const hw::mapping_search search;
    for (const int extent : {0, -1, std::numeric_limits<int>::min()})
        CHECK_THROWS_AS(search(hw::gemm(4, extent, 4), target), verdant::input_error);
    try {
        (void)search(hw::gemm(4, -3, 4), target);
        FAIL("no error");
    } catch (const verdant::input_error& e) {
        CHECK(std::string{e.what()} == "verdant: loop bounds, c: expected a positive extent, found -3");
    }
    constexpr int most = std::numeric_limits<int>::max();
    CHECK_THROWS_AS(search({{most, most, most, most, most, most, most}}, target), verdant::input_error);
    const auto rejects = [&](auto&& change) {
        auto t = target;
        change(t);
        CHECK_THROWS_AS(search(hw::gemm(4, 4, 4), t), verdant::input_error);
    };
    rejects([](auto& t) { t.width = 0; });
    rejects([](auto& t) { t.depth = -1; });
    rejects([](auto& t) { t.cores_x = 0; });
    rejects([](auto& t) { t.l2_words = -1; });
    rejects([](auto& t) { t.dram_bandwidth = 0; });
    rejects([](auto& t) { t.l2_energy = std::nan(""); });
    rejects([](auto& t) { t.dram_energy = -1; });
    rejects([](auto& t) { t.mac_energy = std::numeric_limits<double>::infinity(); });
}

TEST_CASE("the budget is a count: just enough succeeds every time, one less fails every time", "[hardware]") {
    const auto target = hw::mapping_target_of(hw::from_clusters(2, 64, 16, 256, 64, 4));
    const auto bounds = hw::gemm(77, 512, 2048);
    long long enough = 1'000'000, little = 0;
    REQUIRE(hw::mapping_search{enough}(bounds, target).has_value());
    // other searches first, so that nothing remembered makes the boundary move
    while (enough - little > 1) {
        (void)hw::mapping_search{}(hw::gemm(12, 30, 7), target);
        const long long middle = little + (enough - little) / 2;
        (hw::mapping_search{middle}(bounds, target).has_value() ? enough : little) = middle;
    }
    for (int i = 0; i < 3; ++i) {
        CHECK(hw::mapping_search{enough}(bounds, target).has_value());
        CHECK(!hw::mapping_search{little}(bounds, target).has_value());
    }
}

TEST_CASE("threads that search at once find what one finds", "[hardware]") {
    const auto target = hw::mapping_target_of(hw::from_clusters(4, 128, 16, 128, 32, 2));
    const std::vector<hw::loop_bounds> nests{hw::gemm(197, 768, 768), hw::gemm(77, 512, 2048), {{1, 3, 96, 4, 4, 14, 14}}};
    std::vector<hw::mapping_result> alone;
    for (const auto& b : nests) alone.push_back(hw::mapping_search{}(b, target));
    std::vector<std::vector<hw::mapping_result>> found(4);
    {
        std::vector<std::thread> threads;
        for (auto& f : found)
            threads.emplace_back([&] {
                for (const auto& b : nests) f.push_back(hw::mapping_search{}(b, target));
            });
        for (auto& t : threads) t.join();
    }
    for (const auto& f : found) CHECK(f == alone);
}
