#include <verdant/meta/expression.hpp>

#include <type_traits>

using namespace verdant;

static_assert(expression<decltype(var<"a"> + val<1>)>);
static_assert(expression<decltype(!var<"a">)> && expression<decltype(in<1, 2>(var<"a">))>);
static_assert(std::is_same_v<decltype(greater(var<"a">, val<1>)), decltype(var<"a"> > val<1>)>);
static_assert(!expression<int> && !expression<const char*>);
static_assert(std::is_same_v<decltype(var<"a"> + var<"b">), decltype(var<"a"> + var<"b">)>);
static_assert(!std::is_same_v<decltype(var<"a"> + var<"b">), decltype(var<"b"> + var<"a">)>);
// C++'s precedence: * before +, + before <, < before ==, ! before &&.
static_assert(std::is_same_v<decltype(var<"a"> + var<"b"> * val<2> <= val<9>), decltype((var<"a"> + (var<"b"> * val<2>)) <= val<9>)>);
static_assert(std::is_same_v<decltype(!var<"a"> && var<"b"> != val<3> % val<2>), decltype((!var<"a">) && (var<"b"> != (val<3> % val<2>)))>);
static_assert(std::is_same_v<decltype(var<"a"> - var<"b"> - var<"c">), decltype((var<"a"> - var<"b">) - var<"c">)>);
