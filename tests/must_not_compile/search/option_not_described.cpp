// expect: verdant: a member of this struct is not described; add member<"name", &options::name> to its list `described`
#include <verdant/goal.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/search.hpp>
#include <verdant/space.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>&);
struct mine : vd::optimizer_policy_base {
    struct options {
        std::size_t children = 8;
        double rate = 0.5;
#if defined(VERDANT_GOOD)
        using described = vd::members<vd::member<"children", &options::children>, vd::member<"rate", &options::rate>>;
#else
        using described = vd::members<vd::member<"children", &options::children>>;
#endif
    };
    template <class Space, class Goals>
    struct engine {
        explicit engine(const options&) {}
        void tell(std::span<const vd::trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 1; }
        std::vector<vd::point<Space>> ask(vd::random_stream& random, std::size_t n) { return {n, vd::sample<Space>(random)}; }
    };
};
const auto found = vd::search<net, vd::maximize<vd::accuracy>, mine>{measure}.run();
