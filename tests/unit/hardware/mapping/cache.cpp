#include "catch.hpp"
#include "laws/mapper.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/mapping/cache.hpp>
#include <verdant/hardware/tensor_core.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace hw = verdant::hardware;

namespace {

/// A mapper that counts its calls.
struct counting_mapper {
    std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);

    hw::mapping_result operator()(const hw::loop_bounds& b, const hw::mapping_target& t) const {
        ++*calls;
        if (b.extent[0] < 0) throw verdant::error{"asked for an error"};
        if (b.extent[0] == 7) return hw::mapping_failure{hw::mapping_constraint::l2, 1, 0};
        return hw::mapping{static_cast<double>(hw::macs(b)), static_cast<double>(t.width), {}};
    }
};
static_assert(hw::mapper<counting_mapper>);
static_assert(!hw::mapper<int>);

} // namespace

TEST_CASE("a remembered mapping is the mapper's, computed once for each bounds and target", "[hardware]") {
    counting_mapper inner;
    const hw::mapping_cache cache{inner};
    hw::mapping_target a, b;
    b.l2_energy = 1;
    for (int round = 0; round < 3; ++round)
        for (int n = 1; n <= 20; ++n) {
            CHECK(cache(hw::gemm(n, 2, 3), a) == inner(hw::gemm(n, 2, 3), a));
            CHECK(cache(hw::gemm(n, 2, 3), b) == inner(hw::gemm(n, 2, 3), b));
        }
    CHECK(*inner.calls == 120 + 40);
    CHECK(cache.size() == 40);
    CHECK(!cache(hw::gemm(7, 2, 3), a).has_value());
    CHECK(*inner.calls == 160);
}

TEST_CASE("caches obey the laws of mappers, also one of another", "[hardware]") {
    laws::obeys_mapper_laws(hw::mapping_cache{});
    laws::obeys_mapper_laws(hw::mapping_cache{hw::mapping_cache{}});
}

TEST_CASE("every field of a target tells entries apart", "[hardware]") {
    counting_mapper inner;
    const hw::mapping_cache cache{inner};
    std::vector<hw::mapping_target> targets(16);
    targets[1].width = 9;
    targets[2].depth = 9;
    targets[3].cores_x = 9;
    targets[4].cores_y = 9;
    targets[5].l2_words = 9;
    targets[6].glb_words = 9;
    targets[7].l2_bandwidth = 9;
    targets[8].glb_bandwidth = 9;
    targets[9].dram_bandwidth = 9;
    targets[10].register_words = 9;
    targets[11].register_energy = 9;
    targets[12].l2_energy = 9;
    targets[13].glb_energy = 9;
    targets[14].dram_energy = 9;
    targets[15].mac_energy = 9;
    for (const auto& t : targets) (void)cache(hw::gemm(1, 2, 3), t);
    CHECK(cache.size() == targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) CHECK(std::hash<hw::mapping_target>{}(targets[i]) != std::hash<hw::mapping_target>{}(targets[j]));
}

TEST_CASE("copies of a cache share what they know, and clear forgets it", "[hardware]") {
    counting_mapper inner;
    const hw::mapping_cache cache{inner};
    auto copy = cache;
    CHECK(cache(hw::gemm(1, 2, 3), {}) == copy(hw::gemm(1, 2, 3), {}));
    CHECK(*inner.calls == 1);
    copy.clear();
    CHECK(cache.size() == 0);
    (void)cache(hw::gemm(1, 2, 3), {});
    CHECK(*inner.calls == 2);
}

TEST_CASE("what throws is not remembered", "[hardware]") {
    counting_mapper inner;
    const hw::mapping_cache cache{inner};
    for (int i = 1; i <= 2; ++i) {
        CHECK_THROWS_AS(cache(hw::gemm(-1, 2, 3), {}), verdant::error);
        CHECK(*inner.calls == i);
    }
    CHECK(cache.size() == 0);
}

TEST_CASE("threads that ask at once get the answers that one gets", "[hardware]") {
    const auto target = hw::mapping_target_of(hw::from_clusters(2, 64, 8, 128, 64, 4));
    const hw::mapping_cache cache;
    constexpr int nests = 24;
    std::vector<std::vector<hw::mapping_result>> found(4);
    {
        std::vector<std::thread> threads;
        for (auto& f : found)
            threads.emplace_back([&] {
                for (int n = 1; n <= nests; ++n) f.push_back(cache(hw::gemm(n, 64, 96), target));
                for (int n = nests; n >= 1; --n) f.push_back(cache(hw::gemm(n, 64, 96), target));
            });
        for (auto& t : threads) t.join();
    }
    CHECK(cache.size() == nests);
    for (const auto& f : found) {
        CHECK(f == found[0]);
        for (int n = 1; n <= nests; ++n) CHECK(f[static_cast<std::size_t>(n - 1)] == hw::mapping_search{}(hw::gemm(n, 64, 96), target));
    }
}
