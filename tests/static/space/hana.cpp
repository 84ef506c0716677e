#include <verdant/space/hana.hpp>

#include <verdant/space/space.hpp>

#include <boost/hana/all_of.hpp>
#include <boost/hana/any_of.hpp>
#include <boost/hana/contains.hpp>
#include <boost/hana/find.hpp>
#include <boost/hana/find_if.hpp>
#include <boost/hana/fold_left.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/members.hpp>
#include <boost/hana/none_of.hpp>
#include <boost/hana/not.hpp>
#include <boost/hana/not_equal.hpp>
#include <boost/hana/optional.hpp>
#include <boost/hana/unpack.hpp>

#include <array>
#include <concepts>
#include <string_view>

namespace {

namespace hana = boost::hana;
namespace vd = verdant;
using namespace vd::literals;

enum class norm { layer, rms };

struct tower : vd::space<vd::param<"layers", vd::range<6, 12>>, vd::param<"width", vd::choices<384, 768>>> {};
struct model : vd::space<vd::param<"lr", vd::choices<0.1, 0.5>>, vd::param<"norm", vd::choices<norm::layer, norm::rms>>,
                         vd::param<"act", vd::choices<"relu", "gelu">>, vd::nest<"text", tower>, vd::repeat<"image", 2, tower>, vd::param<"bias", vd::flag>> {};
struct other : vd::space<vd::param<"layers", vd::range<6, 12>>> {};

constexpr auto p = vd::point<model>{}.with<"lr", 0.5>().with<"norm", norm::rms>().with<"act", "gelu">().with<"text.width", 768>().with<"image.1.layers", 9>();

// at_key agrees with get, in value and in type.
static_assert(hana::at_key(p, "lr"_s) == 0.5);
static_assert(std::same_as<decltype(hana::at_key(p, "lr"_s)), decltype(p.get<"lr">())>);
static_assert(std::same_as<decltype(hana::at_key(p, "norm"_s)), norm>);
static_assert(hana::at_key(p, "act"_s) == std::string_view{"gelu"});
static_assert(hana::at_key(p, "bias"_s) == p.get<"bias">());
static_assert(std::same_as<decltype(hana::at_key(p, "bias"_s)), bool>);

// Nested spaces: full names, or the names of the part.
static_assert(hana::at_key(p, "text.width"_s) == 768);
static_assert(hana::at_key(p.nested<"text">(), "width"_s) == 768);
static_assert(hana::at_key(p.nested<"image", 1>(), "layers"_s) == hana::at_key(p, "image.1.layers"_s));

// find gives the value, or nothing.
static_assert(hana::find(p, "image.1.layers"_s) == hana::just(9));
static_assert(hana::find(p, "image.2.layers"_s) == hana::nothing);
static_assert(hana::find(p, "text"_s) == hana::nothing);

// keys, in the order of the parameters.
constexpr auto names_of_keys = hana::unpack(hana::keys(p), [](auto... k) {
    return std::array<std::string_view, sizeof...(k)>{std::string_view{k.c_str()}...};
});
static_assert(names_of_keys == vd::names<model>());
static_assert(vd::key<"text.width"> == "text.width"_s);
static_assert(std::same_as<decltype(vd::literals::operator""_s<"ab">()), hana::string<'a', 'b'>>);

// Laws of Searchable.
constexpr auto is_width = [](auto name) { return name == "text.width"_s; };
constexpr auto is_depth = [](auto name) { return name == "depth"_s; };
constexpr auto obeys_searchable_laws = [](auto point, auto predicate, auto name) {
    auto any = hana::any_of(point, predicate);
    auto all = hana::all_of(point, predicate);
    auto none = hana::none_of(point, predicate);
    const auto inverse = [predicate](auto x) { return hana::not_(predicate(x)); };
    // A predicate holds for some key where it is found, for all where its contrary holds for none.
    static_assert(decltype(any)::value == decltype(hana::is_just(hana::find_if(point, predicate)))::value);
    static_assert(decltype(all)::value == !decltype(hana::any_of(point, inverse))::value);
    static_assert(decltype(none)::value == !decltype(any)::value);
    // find is find_if for equal keys, and contains whether it is something.
    const auto same = [name](auto x) { return x == name; };
    static_assert(std::same_as<decltype(hana::find(point, name)), decltype(hana::find_if(point, same))>);
    static_assert(decltype(hana::contains(point, name))::value == decltype(hana::is_just(hana::find(point, name)))::value);
    return hana::find(point, name) == hana::find_if(point, same);
};
static_assert(obeys_searchable_laws(p, is_width, "text.width"_s));
static_assert(obeys_searchable_laws(p, is_depth, "depth"_s));
static_assert(obeys_searchable_laws(p.nested<"text">(), is_width, "layers"_s));
static_assert(decltype(hana::contains(p, "bias"_s))::value && !decltype(hana::contains(p, "biased"_s))::value);

// Laws of Foldable: fold_left goes through the members in order, and length counts them.
static_assert(decltype(hana::length(p))::value == vd::parameter_count<model>);
constexpr auto agrees = [](bool good, auto member) { return good && hana::second(member) == hana::at_key(p, hana::first(member)); };
static_assert(hana::fold_left(p, true, agrees));
constexpr auto add = [](auto sum, auto member) { return sum + hana::second(member); };
static_assert(hana::fold_left(p.nested<"text">(), 0, add) == 6 + 768);
static_assert(hana::fold_left(p.nested<"text">(), 0, add) ==
              hana::unpack(p.nested<"text">(), [](auto... members) { return hana::fold_left(hana::make_tuple(members...), 0, add); }));
static_assert(hana::members(p.nested<"image", 1>()) == hana::make_tuple(9, 384));

// Laws of Comparable: as points compare; equal points are equal in all members.
constexpr auto q = p.with<"bias", true>();
static_assert(hana::equal(p, p) && !hana::equal(p, q) && hana::not_equal(p, q));
static_assert(hana::equal(p, q) == (hana::to_map(p) == hana::to_map(q)));
static_assert(hana::to_map(p)["text.width"_s] == 768);

} // namespace
