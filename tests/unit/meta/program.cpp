#include "catch.hpp"

#include <verdant/meta/expression.hpp>
#include <verdant/meta/program.hpp>
#include <verdant/random/stream.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

using namespace verdant;

namespace {

/// Collects what an expression emits; parameters are `a` = index 0, `b` = index 1, ...
struct collector {
    std::vector<instruction> code;
    void variable(std::string_view name) { code.push_back({opcode::variable, name[0] - 'a'}); }
    void constant(std::int64_t value) { code.push_back({opcode::constant, value}); }
    void label(std::int64_t value) { code.push_back({opcode::label, value}); }
    void floating_number() { constant(0); }
    void plain_operand() { constant(0); }
    void apply(opcode c) { code.push_back({c}); }
};

template <class Expression>
evaluation value(Expression, std::int64_t a = 0, std::int64_t b = 0, std::int64_t c = 0) {
    collector sink;
    Expression::emit(sink);
    const std::int64_t values[] = {a, b, c};
    return evaluate(sink.code, [&](std::size_t i) { return values[i]; });
}

constexpr auto a = var<"a">;
constexpr auto b = var<"b">;
constexpr auto c = var<"c">;

} // namespace

TEST_CASE("expressions mean what the same C++ means", "[meta]") {
    random_stream random{1};
    for (int i = 0; i < 2000; ++i) {
        const auto x = static_cast<std::int64_t>(random.below(41)) - 20, y = static_cast<std::int64_t>(random.below(41)) - 20,
                   z = static_cast<std::int64_t>(random.below(41)) - 20;
        CHECK(value(a + b * c - val<3>, x, y, z).value == x + y * z - 3);
        CHECK(value((a + b) * -c, x, y, z).value == (x + y) * -z);
        CHECK(value(a - b - c, x, y, z).value == x - y - z);
        CHECK(value(a < b || (b <= c && !(a == c)), x, y, z).value == (x < y || (y <= z && !(x == z))));
        CHECK(value(a >= b && c != b, x, y, z).value == (x >= y && z != y));
        CHECK(value(min(a, max(b, c)), x, y, z).value == std::min(x, std::max(y, z)));
        CHECK(value((a > b) == (b > c), x, y, z).value == ((x > y) == (y > z) ? 1 : 0));
        CHECK(value(in<-3, 0, 7>(a), x).value == (x == -3 || x == 0 || x == 7));
        CHECK(value(!a, x).value == !x);
        if (z != 0) {
            CHECK(value(a / c, x, y, z).value == x / z);
            CHECK(value(a % c + b, x, y, z).value == x % z + y);
        }
    }
}

TEST_CASE("what overflows or divides by zero is undefined, and does not hold", "[meta]") {
    constexpr auto low = INT64_MIN, high = INT64_MAX;
    CHECK(!value(a + b, high, 1).defined);
    CHECK(!value(a - b, low, 1).defined);
    CHECK(!value(a * b, high, 2).defined);
    CHECK(!value(a / b, 1, 0).defined);
    CHECK(!value(a % b, 1, 0).defined);
    CHECK(!value(a / b, low, -1).defined);
    CHECK(!value(a % b, low, -1).defined);
    CHECK(!value(-a, low).defined);
    CHECK(value(a + b, high, -1).defined);
    CHECK(value(a * b, low, 1).value == low);
    CHECK(value(-a, high).value == -high);
    CHECK(!value(a / b == val<0> || a / b != val<0>, 1, 0).holds());
    CHECK(!value(!(a / b == val<1>), 1, 0).holds());
    CHECK(!value(min(a / b, val<-1>) < val<0>, 1, 0).holds());
}

TEST_CASE("a side that decides makes the other irrelevant, from left to right", "[meta]") {
    const auto undefined = a / b == val<0>; // for b = 0
    CHECK(value(b != val<0> && undefined, 1, 0).defined);
    CHECK(!value(b != val<0> && undefined, 1, 0).holds());
    CHECK(value(b == val<0> || undefined, 1, 0).holds());
    CHECK(!value(undefined || b == val<0>, 1, 0).holds());
    CHECK(!value(undefined && b != val<0>, 1, 0).defined);
    CHECK(!value(b == val<0> && undefined, 1, 0).defined);
    CHECK(value(b == val<0> || undefined, 1, 0).value == 1);
}

TEST_CASE("an implication holds where its condition does not, or is undefined", "[meta]") {
    const auto implies = [](std::vector<instruction> condition, std::vector<instruction> then) {
        condition.insert(condition.end(), then.begin(), then.end());
        condition.push_back({opcode::implies});
        return evaluate(condition, [](std::size_t) { return std::int64_t{0}; });
    };
    const std::vector<instruction> yes{{opcode::constant, 2}}, no{{opcode::constant, 0}},
        undefined{{opcode::constant, 1}, {opcode::constant, 0}, {opcode::divide}};
    CHECK(implies(yes, yes).holds());
    CHECK(!implies(yes, no).holds());
    CHECK(!implies(yes, undefined).holds());
    for (const auto& condition : {no, undefined})
        for (const auto& then : {yes, no, undefined}) CHECK(implies(condition, then).holds());
}

TEST_CASE("the depth of a program is what its evaluation stacks up", "[meta]") {
    collector left, right;
    decltype(a + b + c + a)::emit(left);
    decltype(a + (b + (c + a)))::emit(right);
    CHECK(stack_depth(left.code) == 2);
    CHECK(stack_depth(right.code) == 4);
    CHECK(stack_depth({}) == 0);
}

TEST_CASE("every instruction takes the operands that its kind says", "[meta]") {
    CHECK(arity(opcode::variable) == 0);
    CHECK(arity(opcode::label) == 0);
    CHECK(arity(opcode::negate) == 1);
    CHECK(arity(opcode::logical_not) == 1);
    for (auto code = static_cast<int>(opcode::add); code <= static_cast<int>(opcode::implies); ++code) CHECK(arity(static_cast<opcode>(code)) == 2);
}
