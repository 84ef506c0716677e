// expect: verdant: a constraint, when or fix names a parameter that this space does not have
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"a", verdant::range<1, 8>>, verdant::where<verdant::var<"a"> != verdant::val<1>>> {};
void encode(const verdant::point<block>& p, std::span<double> out) { verdant::encode_one_hot(p, out); }
#else
struct block : verdant::space<verdant::param<"a", verdant::range<1, 8>>, verdant::where<verdant::var<"b"> != verdant::val<1>>> {};
void encode(const verdant::point<block>& p, std::span<double> out) { verdant::encode_one_hot(p, out); }
#endif
