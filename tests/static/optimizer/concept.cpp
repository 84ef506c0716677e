// The concept of optimizers: each one of the library's, the least one, and what falls short.

#include <verdant/goal.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/random.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace vd = verdant;

struct net : vd::space<vd::param<"width", vd::range<1, 9>>> {};
using wanted = vd::goals<vd::minimize<vd::latency>>;
using trials = std::span<const vd::trial<net, wanted>>;

template <class Policy>
inline constexpr bool complete = vd::optimizer_policy<Policy> && vd::optimizer<typename Policy::template engine<net, wanted>, net, wanted>;
static_assert(complete<vd::random_search> && complete<vd::exhaustive_search> && complete<vd::nsga2<>>);
static_assert(complete<vd::nsga2<vd::two_point_crossover, vd::step_mutation, vd::uniform_selection>>);

struct least {
    std::vector<vd::point<net>> ask(vd::random_stream&, std::size_t);
    void tell(trials);
    std::size_t preferred_batch() const;
};
struct tells_nothing {
    std::vector<vd::point<net>> ask(vd::random_stream&, std::size_t);
    std::size_t preferred_batch() const;
};
struct asks_for_one {
    vd::point<net> ask(vd::random_stream&);
    void tell(trials);
    std::size_t preferred_batch() const;
};
static_assert(vd::optimizer<least, net, wanted>);
static_assert(!vd::optimizer<tells_nothing, net, wanted> && !vd::optimizer<asks_for_one, net, wanted>);

struct no_base {
    struct options {};
};
struct no_options : vd::optimizer_policy_base {};
static_assert(!vd::optimizer_policy<no_base> && !vd::optimizer_policy<no_options> && !vd::optimizer_policy<vd::minimize<vd::latency>>);
