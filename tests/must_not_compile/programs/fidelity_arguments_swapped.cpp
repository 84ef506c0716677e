// expect: verdant: the first argument of multi_fidelity is no search
#include <verdant/fidelity.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>

#include <iostream>
namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<1, 12>>, vd::param<"width", vd::range<16, 128, 8>>> {};
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
vd::metrics<vd::accuracy> train(const vd::point<net>& p, vd::at_fidelity<epochs> at) {
    return 0.1 * static_cast<double>(p.get<"depth">()) / (2.0 + static_cast<double>(at.value));
}
int main() {
#if defined(VERDANT_GOOD)
    const vd::multi_fidelity<study, epochs, vd::asha> search{train};
#else
    const vd::multi_fidelity<epochs, study, vd::asha> search{train};
#endif
    const auto found = search.run({.budget = 12, .seed = 1, .policy = {.eta = 3}});
    for (const auto& t : found) std::cout << t.point << ' ' << t.get<vd::accuracy>() << '\n';
}
