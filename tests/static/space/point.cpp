#include <verdant/space/point.hpp>

#include <compare>
#include <concepts>
#include <functional>
#include <type_traits>

namespace vd = verdant;

struct block : vd::space<vd::param<"width", vd::range<8, 64, 8>>, vd::param<"heads", vd::choices<1, 3>>,
                         vd::where<vd::var<"width"> % vd::var<"heads"> == vd::val<0>>> {};
using point = vd::point<block>;

static_assert(std::is_trivially_copyable_v<point> && std::is_standard_layout_v<point> && sizeof(point) == 2);
static_assert(std::regular<point> && std::three_way_comparable<point, std::strong_ordering>);
static_assert(point{}.with<"heads", 3>() > point{} && point{}.with<"width", 64>() > point{}.with<"heads", 3>());
static_assert(std::hash<point>{}(point{}) != std::hash<point>{}(point{}.with<"width", 64>()));
static_assert(point{}.feasible() && !point{}.with<"heads", 3>().feasible() && point{}.with<"width", 24>().with<"heads", 3>().feasible());
static_assert(vd::names<block>()[1] == "heads");

// What a message shows of a whole number that is not one of the domain.
static_assert(std::same_as<decltype(vd::detail::find_values_beside<block, 0, 17>()), vd::detail::values_beside<16, 24>>);
static_assert(std::same_as<decltype(vd::detail::find_values_beside<block, 0, 7>()), vd::detail::values_beside<8>>);
static_assert(std::same_as<decltype(vd::detail::find_values_beside<block, 0, 99>()), vd::detail::values_beside<64>>);

// A point can itself be computed with at compile time, and be a template argument's value.
static_assert([] {
    int feasible = 0;
    point p;
    for (std::uint8_t w = 0; w < 8; ++w)
        for (std::uint8_t h = 0; h < 2; ++h) {
            p[0] = w;
            p[1] = h;
            feasible += p.feasible() ? 1 : 0;
        }
    return feasible == 8 + 2;
}());
template <auto V>
struct holds_value {};
static_assert(std::is_same_v<holds_value<point{}.get<"width">()>, holds_value<8>>);

// A space of 300 elements, more than clang's limit on nested folds.
template <std::size_t I>
inline constexpr vd::fixed_string<3> numbered{
    {static_cast<char>('a' + I / 100), static_cast<char>('0' + I / 10 % 10), static_cast<char>('0' + I % 10), '\0'}};
template <class>
struct many_parameters;
template <std::size_t... I>
struct many_parameters<std::index_sequence<I...>>
    : vd::space<vd::param<numbered<I>, vd::range<0, 9>>..., vd::where<(vd::var<numbered<I>> > vd::val<3>)>...> {};
struct many : many_parameters<std::make_index_sequence<300>> {};
static_assert(vd::valid<many> && vd::parameter_count<many> == 300);

// An overload for points beside another one, called with a class that is not a space: clang completes the point's class before it looks at the
// constraint.
struct arch {};
struct config {};
template <vd::search_space S>
constexpr int arch_of(const vd::point<S>&) {
    return 1;
}
template <class A>
constexpr int arch_of(const config&) {
    return 2;
}
static_assert(arch_of<arch>(config{}) == 2 && arch_of<block>(point{}) == 1);
