// expect: verdant: a log_range begins at zero or below
#include <verdant/space.hpp>

#include <iostream>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
struct training : vd::space<vd::param<"rate", vd::log_range<1e-5, 1e-1, 41>>,  // ten values a decade, 0.0001 and 0.001 among them
#else
struct training : vd::space<vd::param<"rate", vd::log_range<0.0, 1e-1, 41>>,  // ten values a decade, 0.0001 and 0.001 among them
#endif
                            vd::param<"decay", vd::log_range<1e-6, 1e-2, 5>>,  // 1e-06, 1e-05, ..., 0.01
                            vd::param<"dropout", vd::uniform<0.0, 0.5, 11>>,   // 0, 0.05, ..., 0.5
                            vd::param<"batch", vd::log_range<16, 512, 6>>,     // whole numbers: 16, 32, ..., 512
                            vd::where<(vd::var<"rate"> > vd::var<"decay">)>,   // floating-point parameters are compared,
                            vd::where<vd::var<"dropout"> <= vd::val<0.3>>> {
}; // with each other and with numbers
static_assert(vd::valid<training>);

int main() {
    for (std::size_t p = 0; p < vd::view_of<training>.size(); ++p)
        std::cout << vd::view_of<training>.name(p) << ": " << vd::domain_text(vd::view_of<training>, p) << '\n';
    for (std::size_t c = 0; c < vd::view_of<training>.constraint_count(); ++c)
        std::cout << "where " << vd::constraint_text(vd::view_of<training>, c) << '\n';
    std::cout << vd::count_feasible<training>()->to_string() << " feasible points of " << vd::cardinality<training>.to_string() << '\n';

    vd::random_stream random{7};
    const auto p = vd::sample<training>(random).with<"rate", 1e-3>();
    const double rate = p.get<"rate">();
    const auto slower = vd::step_mutation{.rate = 1}(p, random); // each parameter one step: a rate 1.26 times as large or as small
    std::cout << to_string(p) << '\n' << (rate == 1e-3) << ' ' << to_string(slower) << '\n';
}
