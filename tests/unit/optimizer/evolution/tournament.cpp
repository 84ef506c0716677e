#include <verdant/optimizer/evolution/tournament.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace verdant;

TEST_CASE("In two rounds of tournaments everybody takes part twice and the better of each pair wins", "[optimizer]") {
    random_stream random{1};
    binary_tournament tournament;
    const std::vector<std::uint32_t> ranks{0, 1, 2, 3, 4, 5};
    const std::vector<double> crowding(6, 1.0);
    for (int repeat = 0; repeat < 50; ++repeat) {
        std::vector<int> wins(6);
        for (int round = 0; round < 6; ++round) ++wins[tournament(random, ranks, crowding)];
        CHECK(wins[0] == 2);
        CHECK(wins[5] == 0);
    }
}

TEST_CASE("Within a front the larger crowding distance wins", "[optimizer]") {
    random_stream random{2};
    binary_tournament tournament;
    const std::array<std::uint32_t, 2> ranks{0, 0};
    const std::array crowding{1.0, 2.0};
    for (int repeat = 0; repeat < 20; ++repeat) CHECK(tournament(random, ranks, crowding) == 1);
}

TEST_CASE("A tournament adapts to a population of another size, even of one", "[optimizer]") {
    random_stream random{3};
    binary_tournament tournament;
    const std::vector<std::uint32_t> ranks(7);
    const std::vector<double> crowding(7, 1.0);
    for (const std::size_t n : {7U, 1U, 2U, 5U, 1U})
        for (int repeat = 0; repeat < 20; ++repeat) CHECK(tournament(random, std::span{ranks}.first(n), std::span{crowding}.first(n)) < n);
}
