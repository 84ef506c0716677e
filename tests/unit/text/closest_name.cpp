#include <verdant/text/closest_name.hpp>

#include "catch.hpp"

#include <array>
#include <string_view>

using namespace verdant::io;

TEST_CASE("changes from one word to another") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("wandb", "wadnb") == 1);
    CHECK(edit_distance("MOOVA_V1", "MOOFA_V1") == 1);
    CHECK(edit_distance("ca", "abc") == 3); // no substring is edited twice
}

TEST_CASE("the name that was meant") {
    constexpr std::array<std::string_view, 3> names{"OFA", "MOOFA_V1", "MOOFA_V2"};
    CHECK(did_you_mean("MOOVA_V2", names) == "; did you mean 'MOOFA_V2'?");
    CHECK(did_you_mean("OVA", names) == "; did you mean 'OFA'?");
    CHECK(did_you_mean("resnet", names).empty());
    CHECK(did_you_mean("batch_size", std::array<std::string_view, 2>{"valid_size", "base_batch_size"}) == "; did you mean 'base_batch_size'?");
    CHECK(name_list(names) == "OFA, MOOFA_V1, MOOFA_V2");
}
