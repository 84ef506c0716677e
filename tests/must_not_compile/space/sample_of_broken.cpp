// expect: verdant: a parameter has an empty domain
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"width", verdant::range<1, 8>>> {};
auto draw(verdant::random_stream& random) { return verdant::sample<block>(random); }
#else
struct block : verdant::space<verdant::param<"width", verdant::range<8, 1>>> {};
auto draw(verdant::random_stream& random) { return verdant::sample<block>(random); }
#endif
