#include <verdant/io/file/number_in_name.hpp>

#include "catch.hpp"

#include <cstdint>

using verdant::io::number_in_name;

TEST_CASE("the number in the name of one of several files", "[io]") {
    CHECK(number_in_name("epoch_12.pt", "epoch_", ".pt") == 12);
    CHECK(number_in_name("expand_1-0.pt", "expand_1-", ".pt") == 0);
    CHECK(number_in_name("9223372036854775807", "", "") == INT64_MAX);
    for (const auto* const other : {"", "epoch_", "epoch_.pt", "epoch_x.pt", "epoch_12.pt.bak", "epoch_12.optimizer.pt", "epoch_12.pt.part-3-0",
                                    "epoch_1 .pt", "epoch_9223372036854775808.pt", "Epoch_1.pt", ".pt"})
        CHECK_FALSE(number_in_name(other, "epoch_", ".pt").has_value());
    CHECK_FALSE(number_in_name("aba", "ab", "ba").has_value()); // what stands before and behind may not share letters
}

TEST_CASE("a number that is spelled otherwise is not that of the file, which has another name", "[io]") {
    for (const auto* const other : {"epoch_03.pt", "epoch_-3.pt", "epoch_+3.pt", "epoch_-0.pt", "epoch_00.pt"})
        CHECK_FALSE(number_in_name(other, "epoch_", ".pt").has_value());
}
