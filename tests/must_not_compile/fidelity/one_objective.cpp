// expect: verdant: this policy compares trials by one objective, and the search has several
#include <verdant/fidelity.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/study/memory_storage.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 8>>> {};
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
vd::metrics<vd::accuracy> train(const vd::point<net>&, vd::at_fidelity<epochs>);
#if defined(VERDANT_GOOD)
using fronts = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::random_search>;
using right = vd::multi_fidelity<fronts, epochs, vd::asha>;
[[maybe_unused]] const auto size = sizeof(right);
#else
using fronts = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::random_search>;
using wrong = vd::multi_fidelity<fronts, epochs, vd::median_stopping>;
[[maybe_unused]] const auto size = sizeof(wrong);
#endif
