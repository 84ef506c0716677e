// expect: verdant: a when condition names a parameter that is declared after it
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"deep", verdant::flag>,
                              verdant::when<verdant::var<"deep"> == verdant::val<true>, verdant::param<"depth", verdant::range<2, 8>>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::when<verdant::var<"deep"> == verdant::val<true>, verdant::param<"depth", verdant::range<2, 8>>>,
                              verdant::param<"deep", verdant::flag>> {};
static_assert(verdant::valid<block>);
#endif
