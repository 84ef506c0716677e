#include <verdant/goal/hana.hpp>

#include <verdant/goal/metric.hpp>
#include <verdant/units.hpp>

#include <boost/hana/all_of.hpp>
#include <boost/hana/any_of.hpp>
#include <boost/hana/contains.hpp>
#include <boost/hana/find.hpp>
#include <boost/hana/find_if.hpp>
#include <boost/hana/fold_left.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/none_of.hpp>
#include <boost/hana/not.hpp>
#include <boost/hana/not_equal.hpp>
#include <boost/hana/optional.hpp>

#include <concepts>

namespace {

namespace hana = boost::hana;
namespace vd = verdant;
using namespace vd::literals;

struct delay : vd::metric<"delay", vd::si::time, vd::milliseconds> {};
struct share : vd::metric<"share"> {};
struct heat : vd::metric<"heat", vd::si::energy> {};

using record = vd::metrics<delay, share, heat>;
constexpr record r{3.0 * vd::milliseconds{}, 0.5, 2.0 * vd::joules{}};

// at_key agrees with get, in value and in type: quantities keep their units.
static_assert(hana::at_key(r, "delay"_s) == r.get<delay>());
static_assert(hana::at_key(r, "share"_s) == 0.5);
static_assert(std::same_as<decltype(hana::at_key(r, "heat"_s)), vd::si::energy>);
static_assert(hana::find(r, "share"_s) == hana::just(0.5));
static_assert(hana::find(r, "mass"_s) == hana::nothing);
static_assert(hana::keys(r) == hana::make_tuple("delay"_s, "share"_s, "heat"_s));

// Laws of Searchable.
constexpr auto is_share = [](auto name) { return name == "share"_s; };
static_assert(decltype(hana::any_of(r, is_share))::value == decltype(hana::is_just(hana::find_if(r, is_share)))::value);
static_assert(decltype(hana::all_of(r, is_share))::value == !decltype(hana::any_of(r, [](auto n) { return hana::not_(is_share(n)); }))::value);
static_assert(decltype(hana::none_of(r, is_share))::value == !decltype(hana::any_of(r, is_share))::value);
static_assert(decltype(hana::contains(r, "share"_s))::value && !decltype(hana::contains(r, "shares"_s))::value);
static_assert(hana::find(r, "share"_s) == hana::find_if(r, is_share));

// Laws of Foldable.
static_assert(decltype(hana::length(r))::value == record::size());
constexpr auto agrees = [](bool good, auto member) { return good && hana::second(member) == hana::at_key(r, hana::first(member)); };
static_assert(hana::fold_left(r, true, agrees));

// Laws of Comparable.
constexpr record other{3.0 * vd::milliseconds{}, 0.25, 2.0 * vd::joules{}};
static_assert(hana::equal(r, r) && hana::not_equal(r, other));
static_assert(hana::equal(r, other) == (hana::to_map(r) == hana::to_map(other)));

} // namespace
