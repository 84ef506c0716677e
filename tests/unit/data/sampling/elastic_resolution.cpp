#include <verdant/data/sampling/elastic_resolution.hpp>
#include <verdant/error.hpp>

#include "catch.hpp"

#include <limits>
#include <vector>

namespace nn = verdant::nn;

TEST_CASE("sides between two are all multiples of 4, or refused where there is none", "[nn]") {
    CHECK(nn::elastic_resolution{{160, 170}, nn::side_choice::multiples_of_4}.sizes() == std::vector<int>{160, 164, 168});
    CHECK(nn::elastic_resolution{{29}, nn::side_choice::multiples_of_4}.sizes() == std::vector<int>{29});
    CHECK(nn::elastic_resolution{{161, 163}, nn::side_choice::listed}.sizes() == std::vector<int>{161, 163});
    CHECK_THROWS_WITH((nn::elastic_resolution{{161, 163}, nn::side_choice::multiples_of_4}),
                      "verdant: elastic resolution, sizes: expected a multiple of 4 from the least to the largest, found 161 to 163");
    constexpr auto most = std::numeric_limits<int>::max();
    CHECK(nn::elastic_resolution{{most - 4, most}, nn::side_choice::multiples_of_4}.sizes() == std::vector<int>{most - 3});
}
