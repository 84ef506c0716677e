// expect: verdant: the list `described` of this struct names a member twice
#include <verdant/search/option_flags.hpp>
namespace vd = verdant;

struct options {
    int children = 8, rounds = 3;
#if defined(VERDANT_GOOD)
    using described = vd::members<vd::member<"children", &options::children>, vd::member<"rounds", &options::rounds>>;
#else
    using described = vd::members<vd::member<"children", &options::children>, vd::member<"children", &options::children>>;
#endif
};
void bind(options& o) { vd::bind_options(o, [](const std::string&, int&) {}); }
