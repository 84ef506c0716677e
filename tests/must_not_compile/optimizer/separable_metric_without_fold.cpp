// expect: verdant: the metric of a goal is neither a sum nor a maximum, or both
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/separable/exact_front.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>, verdant::param<"width", verdant::range<1, 4>>> {};
template <>
inline constexpr verdant::one_block_a_group verdant::separable_blocks<net>{};
struct costs {
    using record = verdant::metrics<verdant::macs>;
    using sums = record;
#if defined(VERDANT_GOOD)
    using maxima = verdant::metrics<>;
#else
    using maxima = record;
#endif
    record operator()(const verdant::point<net>& p) const { return {static_cast<double>(p.get<"depth">() + p.get<"width">())}; }
    record shared_term(const verdant::point<net>&) const { return {0.0}; }
    record block_term(const verdant::point<net>& p, std::size_t block) const { return {static_cast<double>(1 + p[block])}; }
};
const auto front = verdant::exact_front<net, verdant::goals<verdant::minimize<verdant::macs>>>({}, costs{});
