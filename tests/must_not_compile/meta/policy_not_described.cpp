// expect: verdant: a part of these options has members and no list of them
#include <verdant/search/option_flags.hpp>
namespace vd = verdant;

struct mutation {
    double rate = 0.5;
#if defined(VERDANT_GOOD)
    using described = vd::members<vd::member<"rate", &mutation::rate>>;
#endif
};
struct options {
    mutation change;
    using described = vd::members<vd::member<"change", &options::change, vd::member_role::policy>>;
};
void bind(options& o) { vd::bind_options(o, [](const std::string&, double&) {}); }
