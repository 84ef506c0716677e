// expect: verdant: a constraint, when or fix names a parameter that this space does not have
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"a", verdant::range<1, 8>>, verdant::where<verdant::var<"a"> != verdant::val<1>>> {};
auto vary(const verdant::point<block>& p, verdant::random_stream& r) { return verdant::reset_mutation{}(p, r); }
#else
struct block : verdant::space<verdant::param<"a", verdant::range<1, 8>>, verdant::where<verdant::var<"b"> != verdant::val<1>>> {};
auto vary(const verdant::point<block>& p, verdant::random_stream& r) { return verdant::reset_mutation{}(p, r); }
#endif
