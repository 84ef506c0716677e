// expect: verdant: an evaluator of batches in a multi-fidelity search
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
const auto found = vd::multi_fidelity<study, epochs, vd::asha>{train}.run();
#else
std::vector<vd::metrics<vd::accuracy>> many(std::span<const vd::point<net>>);
const auto found = vd::multi_fidelity<study, epochs, vd::asha>{many}.run();
#endif
