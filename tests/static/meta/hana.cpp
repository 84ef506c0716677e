#include <verdant/meta/hana.hpp>

#include <verdant/meta/members.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>

#include <boost/hana/at_key.hpp>
#include <boost/hana/contains.hpp>
#include <boost/hana/equal.hpp>
#include <boost/hana/find.hpp>
#include <boost/hana/fold_left.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/optional.hpp>

#include <concepts>
#include <cstddef>

namespace {

namespace hana = boost::hana;
namespace vd = verdant;
using namespace vd::literals;

// The options of the library's optimizers are Structs of Hana: all members under their names, in order.
using nsga2_options = vd::nsga2<>::options;
static_assert(hana::Struct<nsga2_options>::value);
static_assert(hana::keys(nsga2_options{}) == hana::make_tuple("population"_s, "offspring"_s, "crossover_probability"_s, "duplicates"_s, "crossover"_s,
                                                              "mutation"_s, "selection"_s, "survival"_s));
static_assert(hana::keys(vd::random_search::options{}) == hana::make_tuple("batch"_s));
static_assert(decltype(hana::length(vd::evolution<>::options{}))::value == 8);

// A type that no member has is no member.
struct named {
    int size = 3;
    double rate = 0.5;
    using described = vd::members<vd::named_type<"rule", int>, vd::member<"size", &named::size>, vd::member<"rate", &named::rate>>;
};
static_assert(hana::keys(named{}) == hana::make_tuple("size"_s, "rate"_s));
static_assert(hana::at_key(named{}, "size"_s) == 3);
static_assert(hana::find(named{}, "rate"_s) == hana::just(0.5));
static_assert(hana::find(named{}, "rule"_s) == hana::nothing);
static_assert(decltype(hana::contains(named{}, "size"_s))::value && !decltype(hana::contains(named{}, "rule"_s))::value);
static_assert(hana::equal(named{}, named{}) && !hana::equal(named{}, named{.size = 4}));
constexpr auto add = [](auto sum, auto member) { return sum + hana::second(member); };
static_assert(hana::fold_left(named{}, 0.0, add) == 3.5);

// at_key gives references, to write through as well.
constexpr int changed() {
    named n;
    hana::at_key(n, "size"_s) = 8;
    return n.size;
}
static_assert(changed() == 8);
static_assert(std::same_as<decltype(hana::at_key(std::declval<named&>(), "size"_s)), int&>);

struct not_described {
    int size = 3;
};
static_assert(!hana::Struct<not_described>::value);

} // namespace
