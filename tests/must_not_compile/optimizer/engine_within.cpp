// expect: verdant: the engine of the optimizer has a member correct that is not the one for corrected trials
// once
#include <verdant/goal.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search.hpp>
#include <verdant/space/feasible_set.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
struct mine : vd::optimizer_policy_base {
    struct options {};
    template <class Space, class Goals>
    struct engine {
        explicit engine(const options&) {}
        std::vector<vd::point<Space>> ask(vd::random_stream& random, std::size_t n) { return {n, vd::sample<Space>(random)}; }
        void tell(std::span<const vd::trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 1; }
#if defined(VERDANT_GOOD)
        void correct(const vd::trial<Space, Goals>&) {}
#else
        // A trial is not for changing.
        void correct(vd::trial<Space, Goals>&) {}
#endif
    };
};
using mine_within = vd::within<vd::space_part<net>, mine>;
const auto session = vd::search<net, vd::maximize<vd::accuracy>, mine_within>::ask_tell();
