// expect: verdant: the engine of the optimizer does not model the concept optimizer
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>&);
struct mine : vd::optimizer_policy_base {
    struct options {};
    template <class Space, class Goals>
    struct engine {
        explicit engine(const options&) {}
        void tell(std::span<const vd::trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 1; }
#if defined(VERDANT_GOOD)
        std::vector<vd::point<Space>> ask(vd::random_stream& random, std::size_t n) { return {n, vd::sample<Space>(random)}; }
#else
        vd::point<Space> ask(vd::random_stream& random) { return vd::sample<Space>(random); }
#endif
    };
};
const auto found = vd::search<net, vd::maximize<vd::accuracy>, mine>{measure}.run();
