#include "spaces.hpp"

#include "catch.hpp"

using namespace test_spaces;

TEST_CASE("constraints are printed as they were written, with full names", "[space]") {
    struct inner : space<param<"a", range<1, 4>>, param<"b", range<1, 4>>, param<"act", choices<"relu", "gelu">>, param<"kind", choices<act::relu, act::silu>>,
                         where<var<"a"> % var<"b"> == val<0>>, where<(var<"a"> + var<"b">) * val<2> <= val<20> - var<"a">>,
                         where<!(var<"a"> == val<4> && var<"b"> == val<4>) || var<"act"> == val<"gelu">>,
                         where<min(var<"a">, var<"b">) < max(var<"a">, val<3>)>, where<var<"a"> - (var<"b"> - val<1>) >= -val<2>>,
                         where<in<act::relu, act::silu>(var<"kind">)>, when<var<"act"> != val<"relu">, param<"c", flag>, where<var<"a"> != val<9>>>,
                         where<var<"c"> == !(var<"a"> == val<1>) || var<"c"> == val<true>>,
                         where<-(-var<"a">) * val<-1> < -(val<-3>)>, where<greater(var<"a"> + var<"b">, val<1>)>> {};
    struct outer : space<nest<"n", inner>> {};
    const auto text = [](std::size_t c) { return constraint_text(view_of<outer>, c); };
    CHECK(text(0) == "n.a % n.b == 0");
    CHECK(text(1) == "(n.a + n.b) * 2 <= 20 - n.a");
    CHECK(text(2) == "!(n.a == 4 && n.b == 4) || n.act == gelu");
    CHECK(text(3) == "min(n.a, n.b) < max(n.a, 3)");
    CHECK(text(4) == "n.a - (n.b - 1) >= -2");
    CHECK(text(5) == "n.kind == relu || n.kind == silu");
    CHECK(text(6) == "n.a != 9 when n.act != relu");
    CHECK(text(7) == "n.c == !(n.a == 1) || n.c == true");
    CHECK(text(8) == "-(-n.a) * -1 < -(-3)");
    CHECK(text(9) == "n.a + n.b > 1");
}
