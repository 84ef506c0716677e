#include "spaces.hpp"

#include "catch.hpp"

#include <verdant/space/type_check.hpp>

#include <initializer_list>

using namespace test_spaces;

namespace {

/// What the check says of an expression over the parameters of conv.
problem of(std::initializer_list<instruction> code) {
    return verdant::detail::type_check{view_of<conv>}({code.begin(), code.size()}).kind;
}

constexpr instruction kind{opcode::variable, 0}, activation{opcode::variable, 1}, width{opcode::variable, 2}, shuffle{opcode::variable, 4},
    scale{opcode::variable, 5}, number{opcode::constant, 4};

} // namespace

TEST_CASE("conditions pass, numbers do not", "[space]") {
    CHECK(of({width, number, {opcode::less}}) == problem::none);
    CHECK(of({shuffle}) == problem::none);
    CHECK(of({shuffle, {opcode::logical_not}}) == problem::none);
    CHECK(of({width}) == problem::not_a_condition);
    CHECK(of({width, number, {opcode::minimum}}) == problem::not_a_condition);
}

TEST_CASE("strings and enumerators are compared with their own values only", "[space]") {
    const instruction gelu{opcode::label, verdant::detail::encode_value(act::gelu)};
    const instruction plain{opcode::label, verdant::detail::encode_value(std::string_view{"plain"})};
    CHECK(of({activation, gelu, {opcode::equal}}) == problem::none);
    CHECK(of({plain, kind, {opcode::not_equal}}) == problem::none);
    CHECK(of({activation, plain, {opcode::equal}}) == problem::unknown_label);
    CHECK(of({kind, gelu, {opcode::equal}}) == problem::unknown_label);
    CHECK(of({activation, gelu, {opcode::less}}) == problem::mixed_types);
    CHECK(of({activation, number, {opcode::equal}}) == problem::mixed_types);
    CHECK(of({activation, {opcode::negate}}) == problem::mixed_types);
    CHECK(of({activation}) == problem::not_a_condition);
}

TEST_CASE("floating-point parameters are compared with numbers and each other only", "[space]") {
    const instruction half{opcode::real, verdant::detail::ordered_code(verdant::detail::encode_value(0.5))};
    for (const auto code : {opcode::equal, opcode::not_equal, opcode::less, opcode::less_equal, opcode::greater, opcode::greater_equal}) {
        CHECK(of({scale, number, {code}}) == problem::none);
        CHECK(of({half, scale, {code}}) == problem::none);
        CHECK(of({scale, scale, {code}}) == problem::none);
        CHECK(of({scale, width, {code}}) == problem::mixed_numbers);
        CHECK(of({shuffle, scale, {code}}) == problem::mixed_numbers);
        CHECK(of({scale, number, number, {opcode::add}, {code}}) == problem::mixed_numbers);
        CHECK(of({width, half, {code}}) == problem::floating_number);
        CHECK(of({half, half, {code}}) == problem::floating_number);
    }
    for (const auto code : {opcode::add, opcode::multiply, opcode::minimum, opcode::maximum, opcode::logical_and}) {
        CHECK(of({scale, scale, {code}, number, {opcode::less}}) == problem::floating_in_constraint);
        CHECK(of({number, half, {code}, number, {opcode::less}}) == problem::floating_number);
    }
    CHECK(of({scale}) == problem::not_a_condition);
    CHECK(of({scale, {opcode::logical_not}}) == problem::floating_in_constraint);
}

TEST_CASE("the first of several problems is reported", "[space]") {
    CHECK(of({scale, {opcode::negate}, activation, {opcode::less}}) == problem::floating_in_constraint);
    CHECK(of({scale, activation, {opcode::less}}) == problem::mixed_types);
}

TEST_CASE("expressions deeper than the evaluation's stack are refused", "[space]") {
    std::vector<instruction> code(65, width);
    code.insert(code.end(), 64, instruction{opcode::add});
    code.push_back(number);
    code.push_back({opcode::less});
    CHECK(verdant::detail::type_check{view_of<conv>}(code).kind == problem::too_deep);
    code.erase(code.begin());
    code.erase(code.end() - 3);
    CHECK(verdant::detail::type_check{view_of<conv>}(code).kind == problem::none);
}
