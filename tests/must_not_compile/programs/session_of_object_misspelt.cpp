// expect: verdant: session takes no such options
#include <verdant/verdant.hpp>

#include <iostream>
namespace vd = verdant;

struct tower : vd::space<vd::param<"layers", vd::range<6, 12>>,
                         vd::param<"width", vd::choices<384, 512, 768>>,
                         vd::param<"heads", vd::choices<6, 8, 12>>,
                         vd::param<"act", vd::choices<"relu", "gelu">>,
                         vd::param<"distilled", vd::flag>,
                         vd::when<vd::var<"distilled"> == vd::val<true>, vd::param<"teacher", vd::range<1, 3>>>,
                         vd::where<vd::var<"width"> % vd::var<"heads"> == vd::val<0>>> {};

using study = vd::search<tower,
                         vd::minimize<vd::latency, vd::threshold<50>>,
                         vd::maximize<vd::accuracy, vd::threshold<0.5>>,
                         vd::subject_to<vd::parameters, vd::at_most<100'000'000>>,
                         vd::nsga2<>>;

vd::metrics<vd::latency, vd::parameters> cost(const vd::point<tower>& p) {
    const double width = p.get<"width">(), layers = p.get<"layers">();
    return {0.001 * width * layers * vd::milliseconds{}, 12 * layers * width * width};
}

vd::metrics<vd::accuracy> quality(const vd::point<tower>& p) {
    return 1 - 1 / (0.1 * p.get<"layers">() + 0.01 * p.get<"width">()) + (p.get<"act">() == "gelu" ? 0.01 : 0.0);
}

int main() {
#if defined(VERDANT_GOOD)
    auto session = study{cost, quality}.session({.seed = 1, .optimizer = {.population = 20}});
#else
    auto session = study{cost, quality}.session({.sed = 1, .optimizer = {.population = 20}});
#endif
    for (const auto& p : session.ask(20)) session.tell(p, {cost(p).get<vd::latency>(), quality(p).get<vd::accuracy>(), cost(p).get<vd::parameters>()});
    const auto result = session.result();
    for (const auto& t : result)
        std::cout << vd::in<vd::milliseconds>(t.get<vd::latency>()) << " ms  " << t.get<vd::accuracy>() << "  " << to_string(t.point) << '\n';
    vd::print_table(std::cout, vd::report_of(result.front()), 10);
}
