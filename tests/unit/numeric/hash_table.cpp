#include "catch.hpp"

#include <verdant/numeric/hash_table.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace {

/// All keys collide.
struct one_hash {
    std::uint64_t operator()(const std::string&) const { return 7; }
};

} // namespace

TEST_CASE("a hash table finds what was added, and nothing else") {
    verdant::hash_table<std::uint64_t, std::uint64_t> table;
    std::unordered_map<std::uint64_t, std::uint64_t> expected;
    CHECK(table.find(0) == nullptr);
    std::uint64_t x = 1;
    for (std::size_t i = 0; i < 5000; ++i) {
        x = x * 6364136223846793005ULL + 1442695040888963407ULL;
        const auto key = i % 3 == 0 ? i : i % 3 == 1 ? x : x << 32; // small ones, random ones, ones whose low half is 0
        if (!expected.try_emplace(key, i).second) continue;
        CHECK(table.find(key) == nullptr);
        CHECK(table.add(key, i) == i);
    }
    CHECK(table.size() == expected.size());
    std::size_t wrong = 0;
    for (const auto& [key, value] : expected) {
        const auto* found = table.find(key);
        wrong += found == nullptr || *found != value ? 1 : 0;
    }
    CHECK(wrong == 0);
    CHECK(table.find(3000000000000000001ULL) == nullptr);
}

TEST_CASE("keys of one hash are told apart") {
    verdant::hash_table<std::string, int, one_hash> table;
    for (int i = 0; i < 100; ++i) table.add("key " + std::to_string(i), i);
    for (int i = 0; i < 100; ++i) {
        REQUIRE(table.find("key " + std::to_string(i)) != nullptr);
        CHECK(*table.find("key " + std::to_string(i)) == i);
    }
    CHECK(table.find("key") == nullptr);
}

TEST_CASE("a value in a hash table can be changed; a copy is a table of its own; what is cleared can be used again") {
    verdant::hash_table<std::string, int> table;
    table.add("a", 1);
    *table.find("a") = 2;
    auto copy = table;
    *copy.find("a") = 3;
    CHECK(*table.find("a") == 2);
    table.clear();
    CHECK(table.size() == 0);
    CHECK(table.find("a") == nullptr);
    CHECK(*copy.find("a") == 3);
    table.add("a", 4);
    CHECK(*table.find("a") == 4);
}
