// expect: verdant: a constraint mixes a string or an enumerator with a number
#include <verdant/space.hpp>

enum class act { relu, gelu };
#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"act", verdant::choices<act::relu, act::gelu>>, verdant::where<verdant::var<"act"> == verdant::val<act::gelu>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"act", verdant::choices<act::relu, act::gelu>>, verdant::where<verdant::var<"act"> + verdant::val<1> == verdant::val<1>>> {};
static_assert(verdant::valid<block>);
#endif
