#include "spaces.hpp"

#include "catch.hpp"

#include <cstdint>
#include <type_traits>

using namespace verdant;

TEST_CASE("a range holds the evenly spaced numbers that do not pass its end", "[space]") {
    for (std::size_t i = 0; i < range<384, 768, 96>::size; ++i) CHECK(range<384, 768, 96>::value(i) == 384 + 96 * static_cast<int>(i));
    static_assert(range<6, 12>::size == 7 && range<1, 10, 4>::size == 3 && range<5, 5>::size == 1 && range<3, 2>::size == 0);
    static_assert(range<-3, 3, 3>::value(2) == 3);
    static_assert(range<1, 8, 0>::size == 0 && range<1, 8, -1>::size == 0);
    static_assert(range<INT64_MIN, INT64_MAX>::size > 1'000'000);
    static_assert(range<INT64_MAX - 1, INT64_MAX>::value(1) == INT64_MAX);
}

TEST_CASE("a floating-point range keeps an end that rounding would lose", "[space]") {
    CHECK(range<0.1, 0.5, 0.1>::size == 5);
    CHECK(range<0.0, 1.0, 0.1>::size == 11);
    CHECK(range<0.0, 0.999, 0.1>::size == 10);
    CHECK(range<0.0, 1.0, 0.1>::value(10) == Approx(1.0).epsilon(1e-15));
    static_assert(std::is_same_v<range<0, 1, 0.25>::value_type, double>);
    CHECK(range<0, 1, 0.25>::value(3) == 0.75);
}

TEST_CASE("choices keep the order and the type of their values", "[space]") {
    static_assert(choices<4, 1, 2>::value(1) == 1);
    static_assert(std::is_same_v<choices<1, 0.5>::value_type, double>);
    static_assert(choices<1, 0.5>::value(0) == 1.0);
    static_assert(choices<"relu", "gelu">::value(1) == "gelu");
    static_assert(choices<test_spaces::act::silu>::value(0) == test_spaces::act::silu);
    static_assert(flag::value(1) && !flag::value(0));
    static_assert(domain<range<1, 2>> && domain<choices<1, 2>> && domain<flag> && !domain<int>);
    CHECK(choices<"relu", "gelu">::codes[0].label == "relu");
}

namespace {
template <class>
struct many;
template <std::size_t... I>
struct many<std::index_sequence<I...>> : space<param<"x", choices<static_cast<int>(I * I)...>>> {};
} // namespace

TEST_CASE("a domain may list hundreds of values", "[space]") {
    using hundreds = many<std::make_index_sequence<700>>;
    static_assert(well_formed<hundreds>);
    CHECK(point<hundreds>{}.with<"x", 250000>()[0] == 500);
}
