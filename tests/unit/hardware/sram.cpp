#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/sram.hpp>

namespace hw = verdant::hardware;

TEST_CASE("sizes of the table are exact, others lie between their neighbours and say that they are extrapolated", "[hardware]") {
    for (std::size_t i = 0; i + 1 < hw::sram_22nm.size(); ++i) {
        const auto &a = hw::sram_22nm[i], &b = hw::sram_22nm[i + 1];
        CHECK(a.bytes < b.bytes);
        CHECK_FALSE(hw::sram(a.bytes).extrapolated);
        const auto m = hw::sram((a.bytes + b.bytes) / 2);
        CHECK(m.extrapolated);
        CHECK((m.area_square_micrometres > a.area_square_micrometres && m.area_square_micrometres < b.area_square_micrometres));
        CHECK((m.read_picojoules > a.read_picojoules && m.read_picojoules < b.read_picojoules));
        CHECK((m.write_picojoules > a.write_picojoules && m.write_picojoules < b.write_picojoules));
    }
}

TEST_CASE("an SRAM without bytes is refused", "[hardware]") {
    CHECK_THROWS_AS(hw::sram(0), verdant::input_error);
    CHECK_THROWS_AS(hw::sram(-1), verdant::input_error);
}
