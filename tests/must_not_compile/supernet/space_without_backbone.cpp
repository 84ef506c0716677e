// expect: verdant: no supernet is known for this space
#include <verdant/space.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/supernet/elastic_supernet.hpp>

#if defined(VERDANT_GOOD)
struct my_space : verdant::spaces::moofa_v3 {};
#else
struct my_space : verdant::space<verdant::param<"layers", verdant::range<1, 4>>> {};
#endif
using net = verdant::supernet::supernet<my_space>;
net make() { return net{}; }
