// expect: verdant: an expression is nested too deeply
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#include <utility>
template <std::size_t>
inline constexpr auto term = verdant::var<"a.width">;
// Folded to the right, so that every operand is pushed before the first addition.
template <std::size_t... I>
constexpr auto sum(std::index_sequence<I...>) { return (term<I> + ...); }
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<(sum(std::make_index_sequence<20>{})) >= verdant::val<0>>> {};
static_assert(verdant::valid<net>);
#else
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<(sum(std::make_index_sequence<80>{})) >= verdant::val<0>>> {};
static_assert(verdant::valid<net>);
#endif
