#include "catch.hpp"

#include <verdant/meta/fnv1a.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

using verdant::fnv1a;

// The vectors of the authors (draft-eastlake-fnv, appendix C, 64 bits).
static_assert(fnv1a::of("") == 0xcbf29ce484222325);
static_assert(fnv1a::of("a") == 0xaf63dc4c8601ec8c);
static_assert(fnv1a::of("foobar") == 0x85944171f73967e8);

TEST_CASE("FNV-1a takes in texts piece by piece, and bytes above 127 as they are", "[meta]") {
    fnv1a pieces;
    pieces.add("foo");
    pieces.add("bar");
    CHECK(pieces.value() == fnv1a::of("foobar"));

    fnv1a byte;
    byte.add(0xe9);
    CHECK(byte.value() == fnv1a::of("\xe9"));

    fnv1a ended; // a zero ends a text: "ab" + "c" is not "a" + "bc"
    ended.add("a");
    ended.add(0);
    CHECK(ended.value() == fnv1a::of(std::string("a\0", 2)));
}

TEST_CASE("names of parameters hash without collisions", "[meta]") {
    std::set<std::uint64_t> hashes;
    std::size_t n = 0;
    for (int block = 0; block < 50; ++block)
        for (int layer = 0; layer < 50; ++layer)
            for (const auto* leaf : {"kernel", "width", "expand", "k"}) {
                hashes.insert(fnv1a::of("b" + std::to_string(block) + '.' + std::to_string(layer) + '.' + leaf));
                ++n;
            }
    CHECK(hashes.size() == n);
}
