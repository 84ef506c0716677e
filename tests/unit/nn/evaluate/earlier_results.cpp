#include <verdant/nn/evaluate/earlier_results.hpp>

#include "catch.hpp"

#include <string>

TEST_CASE("lines of earlier epochs are kept, whole ones of results alone", "[nn]") {
    const std::string one = "{\"epoch\": 1, \"num_samples\": 8}\n", two = "{\"epoch\": 2, \"num_samples\": 8}\n", three = "{\"epoch\": 3}\n";
    CHECK(verdant::nn::results_until(one + three + two, 2) == one + two);
    CHECK(verdant::nn::results_until(one + "\nnot JSON\n{\"epoch\": x}\n{\"step\": 1}\n" + two, 2) == one + two);
    CHECK(verdant::nn::results_until(one + two.substr(0, two.size() - 1), 2) == one); // what a killed process left
    CHECK(verdant::nn::results_until("", 2).empty());
    CHECK(verdant::nn::results_until(one + two, 0).empty());
}
