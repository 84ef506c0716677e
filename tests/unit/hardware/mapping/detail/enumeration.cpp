#include "catch.hpp"
#include "unit/hardware/mapping/oracle.hpp"

#include <verdant/hardware/mapping/detail/divisors.hpp>
#include <verdant/hardware/mapping/detail/enumeration.hpp>
#include <verdant/hardware/mapping/detail/register_tiles.hpp>
#include <verdant/random/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace hw = verdant::hardware;
using namespace verdant::hardware::detail;

namespace {

struct bench {
    explicit bench(const hw::loop_bounds& bounds) {
        lattice.assign(bounds, budget);
        for (std::size_t d = 0; d < 7; ++d) full[d] = bounds.extent[d];
    }

    std::vector<oracle::factors> plain(const std::vector<divisor_ids>& list) const {
        std::vector<oracle::factors> result;
        for (const auto& ids : list) {
            const auto f = lattice.factors(ids);
            result.emplace_back();
            for (std::size_t d = 0; d < 7; ++d) result.back()[d] = f[d];
        }
        return result;
    }

    work_budget budget{1'000'000'000};
    divisor_lattice lattice;
    factor_enumeration enumeration{lattice, budget};
    register_tiles tiles{lattice, budget};
    oracle::factors full{};
};

hw::loop_bounds some_bounds(verdant::random_stream& random) {
    hw::loop_bounds b;
    for (std::size_t d = 0; d < 7; ++d) b.extent[d] = 1 + static_cast<int>(random.below(d < 3 ? 48 : 6));
    return b;
}

} // namespace

TEST_CASE("a divisor table knows divisors, ranks and quotients", "[hardware]") {
    work_budget budget{1'000'000};
    divisor_table table;
    for (const int number : {1, 2, 12, 97, 360, 1024}) {
        table.assign(number, budget);
        for (std::size_t i = 0; i < table.size(); ++i) {
            CHECK(number % table.value(i) == 0);
            const auto own = table.of(static_cast<std::uint16_t>(i));
            int previous = 0, count = 0;
            for (int d = 1; d <= table.value(i); ++d) count += table.value(i) % d == 0;
            CHECK(own.size() == static_cast<std::size_t>(count));
            for (std::size_t r = 0; r < own.size(); ++r) {
                CHECK(table.value(own[r]) > previous);
                previous = table.value(own[r]);
                CHECK(table.value(i) % previous == 0);
                CHECK(table.rank(static_cast<std::uint16_t>(i), own[r]) == r);
                CHECK(table.value(table.quotient(static_cast<std::uint16_t>(i), own[r])) * previous == table.value(i));
            }
        }
    }
}

TEST_CASE("exact products, largest tiles, spreads and register tiles come in the order of the breadth-first searches", "[hardware]") {
    verdant::random_stream random{5};
    std::size_t seen = 0;
    for (int i = 0; i < 150; ++i) {
        const auto bounds = some_bounds(random);
        bench b{bounds};
        const int width = 1 << random.below(7), depth = 1 << random.below(6);
        INFO("case " << i << ", " << width << " by " << depth);

        std::vector<divisor_ids> found;
        b.enumeration.exact(b.lattice.top(), width, indexing_loops[tensor_role::input], found);
        CHECK(b.plain(found) == oracle::exact(b.full, width, oracle::without({oracle::K})));
        seen += found.size();

        found.clear();
        const double capacity = static_cast<double>(1 + random.below(5000));
        b.enumeration.maximal(b.lattice.top(), all_loops, [&](const loop_values& v) { return words_of(v).sum() <= capacity; }, found);
        if (!found.empty()) found.insert(found.begin(), divisor_ids{});
        CHECK(b.plain(found) == oracle::grow(b.full, oracle::ones, [&](const oracle::factors& f) { return static_cast<double>(oracle::words(f)) <= capacity; }));
        seen += found.size();

        std::vector<spread> spreads;
        b.enumeration.spreads(b.lattice.top(), width, depth, spreads);
        const auto expected = oracle::unroll(b.full, width, depth);
        REQUIRE(spreads.size() == expected.size());
        for (std::size_t s = 0; s < spreads.size(); ++s) {
            CHECK(b.plain({spreads[s].factor}).front() == expected[s].first);
            CHECK(spreads[s].kept == expected[s].second);
        }

        for (const auto kept : tensor_role::all) {
            found.clear();
            b.tiles.grow(b.lattice.top(), 32, kept, found);
            CHECK(b.plain(found) == oracle::register_tiles(b.full, 32, kept));
        }
    }
    CHECK(seen > 500);
}

TEST_CASE("a key map agrees with a map, also after it was emptied", "[hardware]") {
    key_map fast;
    verdant::random_stream random{6};
    for (int round = 0; round < 3; ++round) {
        std::map<std::uint64_t, std::uint32_t> slow;
        fast.clear();
        for (std::uint32_t i = 0; i < 2000; ++i) {
            const std::uint64_t key = random.below(700) << (round * 20);
            const auto expected = slow.try_emplace(key, i);
            const auto found = fast.insert(key, i);
            CHECK(found.first == expected.first->second);
            CHECK(found.second == expected.second);
        }
    }
}
