#include "catch.hpp"

#include <verdant/meta/literal.hpp>

#include <bit>
#include <string_view>
#include <type_traits>

using namespace verdant;

namespace {
enum class act : unsigned char { relu = 3 };
template <literal Value>
using value_type = typename decltype(Value)::value_type;
} // namespace

TEST_CASE("any kind of value can be a template argument", "[meta]") {
    STATIC_REQUIRE(std::is_same_v<value_type<3>, int> && std::is_same_v<value_type<3U>, unsigned> && std::is_same_v<value_type<true>, bool>);
    STATIC_REQUIRE(std::is_same_v<value_type<0.5>, double> && std::is_same_v<value_type<act::relu>, act>);
    STATIC_REQUIRE(std::is_same_v<value_type<"relu">, std::string_view>);
    STATIC_REQUIRE(kind_of<int> == value_kind::integer && kind_of<bool> == value_kind::boolean && kind_of<float> == value_kind::floating);
    STATIC_REQUIRE(kind_of<act> == value_kind::enumeration && kind_of<std::string_view> == value_kind::text);
}

TEST_CASE("codes are the number, the bits, or the hash of a value", "[meta]") {
    using verdant::detail::encode_value;
    static_assert(encode_value(-5) == -5 && encode_value(true) == 1 && encode_value(act::relu) == 3);
    static_assert(encode_value(0.5) == std::bit_cast<std::int64_t>(0.5) && encode_value(0.5F) == std::bit_cast<std::int64_t>(0.5));
    static_assert(encode_value(fixed_string{"relu"}) == encode_value(std::string_view{"relu"}));
    CHECK(encode_value(std::string_view{"relu"}) != encode_value(std::string_view{"gelu"}));
}
