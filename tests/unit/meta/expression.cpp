#include "catch.hpp"

#include <verdant/meta/expression.hpp>

#include <string>
#include <type_traits>

using namespace verdant;

namespace {

enum class pool { max, mean };

/// Writes down the calls that an expression makes.
struct listener {
    std::string heard;
    void variable(std::string_view name) { heard += std::string{name} + ' '; }
    void constant(std::int64_t value) { heard += std::to_string(value) + ' '; }
    void label(std::int64_t code) { heard += code == verdant::detail::encode_value(std::string_view{"x"}) ? "x " : '@' + std::to_string(code) + ' '; }
    void real(double value) { heard += std::to_string(value) + ' '; }
    void plain_operand() { heard += "plain "; }
    void apply(opcode code) { heard += '#' + std::to_string(static_cast<int>(code)) + ' '; }
};

template <class Expression>
std::string heard(Expression) {
    listener sink;
    Expression::emit(sink);
    return sink.heard;
}
std::string op(opcode code) { return '#' + std::to_string(static_cast<int>(code)) + ' '; }

} // namespace

TEST_CASE("expressions are written in postfix order", "[meta]") {
    CHECK(heard(var<"a"> % var<"b.c"> == val<0>) == "a b.c " + op(opcode::remainder) + "0 " + op(opcode::equal));
    CHECK(heard(greater(var<"a">, val<3> + var<"b">)) == "a 3 b " + op(opcode::add) + op(opcode::greater));
    CHECK(heard(!(var<"a"> || -var<"b">)) == "a b " + op(opcode::negate) + op(opcode::logical_or) + op(opcode::logical_not));
    CHECK(heard(in<"x">(var<"s">)) == "s x " + op(opcode::equal));
    CHECK(heard(var<"p"> == val<pool::mean>) == "p @1 " + op(opcode::equal));
    CHECK(heard(val<true>) == "1 ");
    CHECK(heard(var<"a"> < val<0.5>) == "a 0.500000 " + op(opcode::less));
}

TEST_CASE("what is no expression beside one is handed on to be reported", "[meta]") {
    CHECK(heard(var<"a"> <= 3) == "a plain " + op(opcode::less_equal));
    CHECK(heard("x" == var<"a">) == "plain a " + op(opcode::equal));
    CHECK(heard(greater(var<"a">, 3)) == "a plain " + op(opcode::greater));
    CHECK(heard(var<8> < val<9>) == "plain 9 " + op(opcode::less));
}

TEST_CASE("expressions are empty and can be template arguments", "[meta]") {
    using type = std::remove_const_t<decltype(var<"a"> + val<1> == var<"b">)>;
    STATIC_REQUIRE(std::is_empty_v<type> && expression<type> && !expression<int>);
    STATIC_REQUIRE(std::is_same_v<std::integral_constant<int, sizeof(type)>, std::integral_constant<int, 1>>);
}
