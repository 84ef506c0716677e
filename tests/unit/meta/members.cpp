#include "catch.hpp"

#include <verdant/meta/members.hpp>

#include <string>
#include <utility>
#include <vector>

namespace vd = verdant;

namespace {

enum class order { first, second };

struct tolerance {
    double value = 0.5;
    using described = vd::members<vd::member<"value", &tolerance::value>>;
};
struct stateless {};
struct own_state {
    std::vector<int> drawn{};
};
struct change {
    double rate = 0.25;
    tolerance stop{};
    using described = vd::members<vd::member<"rate", &change::rate>, vd::member<"stop", &change::stop>>;
};
struct options {
    int size = 3;
    order by = order::second;
    bool strict = true;
    std::string label = "a";
    change vary{};
    stateless choose{};
    own_state select{};
    tolerance close{};
    std::vector<int> seen{1, 2};

    using described = vd::members<vd::member<"size", &options::size>, vd::member<"by", &options::by>, vd::named_type<"rule", stateless>,
                                  vd::member<"strict", &options::strict>, vd::member<"label", &options::label>,
                                  vd::member<"vary", &options::vary, vd::member_role::policy>,
                                  vd::member<"choose", &options::choose, vd::member_role::policy>,
                                  vd::member<"select", &options::select, vd::member_role::type>,
                                  vd::member<"close", &options::close, vd::member_role::inlined>,
                                  vd::member<"seen", &options::seen, vd::member_role::unrecorded>>;
};
struct more : options {
    int rounds = 2;
    using described = vd::members<vd::member<"size", &options::size>, vd::member<"rounds", &more::rounds>>;
};

// Writes down what it is called with, and doubles numbers.
struct notes {
    std::vector<std::string>& all;
    void type(const std::string& name, std::string_view) const { all.push_back(name + ": type"); }
    template <class T>
    void value(const std::string& name, T& value) const {
        all.push_back(name);
        if constexpr (std::same_as<T, int> || std::same_as<T, double>) value *= 2;
    }
    template <class T>
    void unrecorded(const std::string& name, T&) const {
        all.push_back(name + ": unrecorded");
    }
};

// What a list must hold to be complete.
struct forgetful {
    int a = 0, b = 0;
    std::vector<int> c{};
    using described = vd::members<vd::member<"a", &forgetful::a>, vd::member<"b", &forgetful::b>>;
};
struct twice {
    int a = 0, b = 0;
    using described = vd::members<vd::member<"a", &twice::a>, vd::member<"a", &twice::b>>;
};
struct bare {
    int a = 0;
};
struct holds_bare {
    bare part{};
    using described = vd::members<vd::member<"part", &holds_bare::part>>;
};
struct forgets_its_own : options {
    int rounds = 2;
};
using fault = vd::detail::description_fault;
static_assert(vd::detail::fault_in_description<options>() == fault::none);
static_assert(vd::detail::fault_in_description<more>() == fault::none);
static_assert(vd::detail::fault_in_description<stateless>() == fault::none);
static_assert(vd::detail::fault_in_description<forgetful>() == fault::member_missing);
static_assert(vd::detail::fault_in_description<forgets_its_own>() == fault::member_missing);
static_assert(vd::detail::fault_in_description<twice>() == fault::named_twice);
static_assert(vd::detail::fault_in_description<holds_bare>() == fault::part_not_described);

} // namespace

TEST_CASE("the options of a described struct are visited in order, with those of its parts", "[meta]") {
    options o;
    std::vector<std::string> seen;
    vd::for_each_option(o, notes{seen});
    REQUIRE(seen == std::vector<std::string>{"size", "by", "rule: type", "strict", "label", "vary: type", "vary.rate", "vary.stop.value",
                                             "choose: type", "select: type", "value", "seen: unrecorded"});
    REQUIRE(o.size == 6);
    REQUIRE(o.vary.rate == 0.5);
    REQUIRE(o.vary.stop.value == 1);
    REQUIRE(o.close.value == 1);
}

TEST_CASE("constant options are visited as constants, and inherited members may be listed", "[meta]") {
    const more o;
    std::vector<std::string> seen;
    vd::for_each_option(o, notes{seen});
    REQUIRE(seen == std::vector<std::string>{"size", "rounds"});
}
