#include "spaces.hpp"

#include "catch.hpp"

#include <array>

using namespace test_spaces;

// `diagnosis_of` asks without failing, so every mistake can be tested in one program.
namespace {

template <class... Elements>
struct trial : space<Elements...> {};
using a = param<"a", range<1, 4>>;

template <search_space S>
std::string found() {
    const auto& d = diagnosis_of<S>;
    return std::to_string(static_cast<int>(d.kind)) + ' ' + std::string{d.name()};
}
std::string expected(problem kind, std::string_view name) { return std::to_string(static_cast<int>(kind)) + ' ' + std::string{name}; }

struct bad_inner : space<a, where<var<"b"> == val<1>>> {};
struct good_inner : space<a> {};

} // namespace

TEST_CASE("each mistake is found and its name is kept", "[space]") {
    CHECK(found<trial<>>() == expected(problem::no_parameters, ""));
    CHECK(found<trial<where<val<true>>>>() == expected(problem::no_parameters, ""));
    CHECK(found<trial<a, int>>() == expected(problem::not_an_element, ""));
    CHECK(found<trial<a, good_inner>>() == expected(problem::not_an_element, ""));
    CHECK(found<trial<a, when<var<"a"> == val<1>, good_inner>>>() == expected(problem::not_an_element, ""));
    CHECK(found<trial<a, param<"b", int>>>() == expected(problem::not_a_domain, "b"));
    CHECK(found<trial<a, nest<"n", flag>>>() == expected(problem::not_a_space, "n"));
    CHECK(found<trial<a, repeat<"n", 3, a>>>() == expected(problem::not_a_space, "n"));
    CHECK(found<trial<a, where<true>>>() == expected(problem::plain_operand, ""));
    CHECK(found<trial<a, when<3, param<"b", flag>>>>() == expected(problem::plain_operand, ""));
    CHECK(found<trial<param<"", flag>>>() == expected(problem::bad_name, ""));
    CHECK(found<trial<param<"a.b", flag>>>() == expected(problem::bad_name, "a.b"));
    CHECK(found<trial<nest<"x y", good_inner>>>() == expected(problem::bad_prefix, "x y"));
    CHECK(found<trial<repeat<"", 2, good_inner>>>() == expected(problem::bad_prefix, ""));
    CHECK(found<trial<a, param<"b", flag>, a>>() == expected(problem::duplicate_name, "a"));
    CHECK(found<trial<nest<"n", good_inner>, nest<"n", good_inner>>>() == expected(problem::duplicate_name, "n.a"));
    CHECK(found<trial<a, param<"b", range<3, 2>>>>() == expected(problem::empty_domain, "b"));
    CHECK(found<trial<a, param<"b", range<1, 9, -1>>>>() == expected(problem::empty_domain, "b"));
    CHECK(found<trial<param<"b", choices<>>>>() == expected(problem::empty_domain, "b"));
    CHECK(found<trial<param<"b", range<INT64_MIN, INT64_MAX>>>>() == expected(problem::large_domain, "b"));
    CHECK(found<trial<param<"b", range<0.0, 1.0, 1e-9>>>>() == expected(problem::large_domain, "b"));
    CHECK(found<trial<param<"b", choices<1, 2, 1>>>>() == expected(problem::duplicate_value, "b"));
    CHECK(found<trial<param<"b", choices<0.5, 1, 0.5>>>>() == expected(problem::duplicate_value, "b"));
    CHECK(found<trial<param<"b", choices<1, "x">>>>() == expected(problem::mixed_domain, "b"));
    CHECK(found<trial<param<"b", choices<act::relu, "x">>>>() == expected(problem::mixed_domain, "b"));
    CHECK(found<trial<a, where<var<"c"> == val<1>>>>() == expected(problem::unknown_name, "c"));
    CHECK(found<trial<nest<"n", bad_inner>>>() == expected(problem::unknown_name, "b"));
    CHECK(found<trial<when<var<"a"> == val<1>, param<"b", flag>>, a>>() == expected(problem::declared_later, "a"));
    CHECK(found<trial<when<var<"x"> == val<1>, param<"b", flag>>, a>>() == expected(problem::unknown_name, "x"));
    CHECK(found<trial<param<"f", choices<0.5, 1.0>>, when<var<"x"> == val<1>, param<"b", flag>>, param<"x", flag>>>() == expected(problem::declared_later, "x"));
    CHECK(found<trial<when<var<"b"> == val<1>, param<"b", flag>>>>() == expected(problem::declared_later, "b"));
    CHECK(found<trial<param<"f", choices<0.5, 1.0>>, where<var<"f"> * val<2> < val<1>>>>() == expected(problem::floating_in_constraint, "f"));
    CHECK(found<trial<param<"f", choices<0.5, 1.0>>, a, where<var<"f"> == var<"a">>>>() == expected(problem::mixed_numbers, "f"));
    CHECK(found<trial<a, where<var<"a"> < val<1.5>>>>() == expected(problem::floating_number, ""));
    CHECK(found<trial<a, where<var<"a"> < 3>>>() == expected(problem::plain_operand, ""));
    CHECK(found<trial<a, where<3 == var<"a">>>>() == expected(problem::plain_operand, ""));
    CHECK(found<trial<param<"s", choices<"x", "y">>, where<var<"s"> == val<1>>>>() == expected(problem::mixed_types, "s"));
    CHECK(found<trial<param<"s", choices<"x", "y">>, where<var<"s"> < val<"y">>>>() == expected(problem::mixed_types, "s"));
    CHECK(found<trial<param<"s", choices<"x", "y">>, where<!var<"s">>>>() == expected(problem::mixed_types, "s"));
    CHECK(found<trial<param<"s", choices<act::relu, act::gelu>>, where<var<"s"> * val<2> == val<2>>>>() == expected(problem::mixed_types, "s"));
    CHECK(found<trial<param<"s", choices<act::relu, act::gelu>>, where<var<"s"> == val<act::silu>>>>() == expected(problem::unknown_label, "s"));
    CHECK(found<trial<param<"s", choices<"x", "y">>, where<val<"z"> != var<"s">>>>() == expected(problem::unknown_label, "s"));
    CHECK(found<trial<a, where<var<"a"> + val<1>>>>() == expected(problem::not_a_condition, ""));
    CHECK(found<trial<a, where<var<"a">>>>() == expected(problem::not_a_condition, "a"));
    CHECK(found<trial<a, where<val<2>>>>() == expected(problem::not_a_condition, ""));
    CHECK(found<fix<good_inner, "a", 5>>() == expected(problem::foreign_value, "a"));
    CHECK(found<fix<good_inner, "a", true>>() == expected(problem::foreign_value, "a"));
    CHECK(found<fix<good_inner, "b", 5>>() == expected(problem::unknown_name, "b"));
    CHECK(found<restrict<good_inner, "a", range<0, 4, 2>>>() == expected(problem::foreign_value, "a"));
}

TEST_CASE("what is right has no diagnosis", "[space]") {
    static_assert(valid<tower> && valid<conv> && valid<net> && valid<single> && valid<diagonal> && valid<stem> && valid<fifty>);
    CHECK(diagnosis_of<net>.sound());
    CHECK(diagnosis_of<trial<a, where<val<true>>>>.sound());
    CHECK(diagnosis_of<trial<param<"b", flag>, where<var<"b">>>>.sound());
    CHECK(diagnosis_of<trial<param<"s", choices<"x", "y">>, param<"t", choices<"y", "z">>, where<var<"s"> == var<"t">>>>.sound());
}

TEST_CASE("long names are cut, not overrun", "[space]") {
    using long_name = trial<param<"a234567890123456789012345678901234567890123456789012345678901234567890", range<2, 1>>>;
    CHECK(diagnosis_of<long_name>.name().size() == 64);
}

TEST_CASE("greater is > under a name, in constraints and conditions", "[space]") {
    struct named : space<param<"a", range<1, 4>>, param<"b", range<1, 4>>, where<greater(var<"a">, var<"b">)>,
                         when<greater(var<"a">, val<3>), param<"c", flag>>> {};
    struct written : space<param<"a", range<1, 4>>, param<"b", range<1, 4>>, where<(var<"a"> > var<"b">)>, when<(var<"a"> > val<3>), param<"c", flag>>> {};
    static_assert(valid<named> && point<named>::from_indices(std::array{1, 0, 0}).feasible() && !point<named>::from_indices(std::array{1, 1, 0}).feasible());
    static_assert(point<named>::from_indices(std::array{3, 0, 1}).active<"c">() && !point<named>::from_indices(std::array{2, 0, 0}).active<"c">());
    for (unsigned a = 0; a < 4; ++a)
        for (unsigned b = 0; b < 4; ++b)
            for (unsigned c = 0; c < 2; ++c) {
                const std::array<unsigned, 3> at{a, b, c};
                CHECK(point<named>::from_indices(at).feasible() == point<written>::from_indices(at).feasible());
            }
    CHECK(point<named>::from_indices(std::array{2, 1, 0}).feasible());
    CHECK_FALSE(point<named>::from_indices(std::array{1, 2, 0}).feasible());
}

TEST_CASE("domains without numbers, names and conditions that are none are reported as such", "[space]") {
    CHECK(found<trial<param<"a", range<6>>>>() == expected(problem::no_numbers, "a"));
    CHECK(found<trial<param<"a", range<>>>>() == expected(problem::no_numbers, "a"));
    CHECK(found<trial<param<"a", range<"6", "12">>>>() == expected(problem::no_numbers, "a"));
    CHECK(found<trial<param<"a", uniform<0, 1>>>>() == expected(problem::no_numbers, "a"));
    CHECK(found<trial<param<"a", uniform<0, 1, 0.5>>>>() == expected(problem::no_numbers, "a"));
    CHECK(found<trial<param<"a", log_range<1, 8>>>>() == expected(problem::no_numbers, "a"));
    CHECK(found<trial<param<1, flag>>>() == expected(problem::bad_name, ""));
    CHECK(found<trial<a, where<"a == 1">>>() == expected(problem::plain_operand, ""));
    CHECK(found<trial<a, when<"a", param<"b", flag>>>>() == expected(problem::plain_operand, ""));
    CHECK(found<trial<a, where<var<1> < val<2>>>>() == expected(problem::plain_operand, ""));
}
