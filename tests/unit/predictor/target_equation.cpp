#include <verdant/predictor/target_equation.hpp>

#include "catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace verdant;
using Catch::Contains;
using predictor::target_equation;

namespace {

constexpr std::array<std::string_view, 3> xyz{"x", "y", "z"};

/// With x = 2, y = -3, z = 0.
double value(std::string_view text) {
    const auto e = target_equation::parse(text, xyz);
    std::vector<double> values;
    for (const auto& name : e.metrics()) values.push_back(name == "x" ? 2 : name == "y" ? -3 : 0);
    return e(values);
}

std::string refused(const std::string& text) {
    try {
        static_cast<void>(target_equation::parse(text, xyz));
    } catch (const input_error& e) { return e.what(); }
    return "accepted";
}

} // namespace

TEST_CASE("Target equations compute as Python does", "[predictor]") {
    // What `python3 -c "import numpy as np; x, y, z = 2.0, -3.0, 0.0; print(...)"` gives.
    const std::vector<std::pair<std::string, double>> cases{
        {"1 + 2*3", 7},
        {"(1+2)*3", 9},
        {"-x**2", -4},
        {"y**2", 9},
        {"2**3**2", 512},
        {"2**-1", 0.5},
        {"-2**-2", -0.25},
        {"+-+x", -2},
        {"7//2", 3},
        {"-7//2", -4},
        {"1 // 0.1", 9}, // 1 / 0.1 is 10 by rounding alone, and 1 % 0.1 is 0.09999999999999995
        {"0.75 // 0.05", 14},
        {"-1 // 0.1", -10},
        {"-1 // (1e308 * 10)", -1}, // what is left of -1 is -1, and infinity does not fit in once
        {"-1.7e308 // 1e308", -2},
        {"-1135791.6550123696 // 3.5500390098985493e-10", -3199377961766216.0},
        {"1 // -0.1", -10},
        {"1e300 // 1e-5", 1e305},
        {"-7 % 3", 2},
        {"7 % y", -2},
        {"y % 3", 0},
        {"8/4/2", 1},
        {"8-4-2", 2},
        {"1e3 + .5 + 5. + 2E-1", 1005.7},
        {"x < 3", 1},
        {"x >= 3", 0},
        {"1 < x < 3", 1},
        {"1 < x < 2 < 5", 0},
        {"1 < x <= 2 < 5 != 4", 1},
        {"3 > x > 1 > z == 0", 1},
        {"(x == 2) + (y != -3)", 1},
        {"x if y < 0 else z", 2},
        {"x if z else y if z else 5", 5},
        {"1 if (0 if 1 else 1) else 2", 2},
        {"1/z if z > 0 else 0", 0},
        {"z or y", -3},
        {"z and 1/z", 0},
        {"x and y", -3},
        {"x or 1/z", 2},
        {"z or 0 or x", 2},
        {"x and y and z and x", 0},
        {"not x or not z", 1},
        {"not not x", 1},
        {"not x == 2", 0},
        {"[x, y][1]", -3},
        {"[x, y, 7][-1]", 7},
        {"[1, 5,][x > 1]", 5},
        {"[x, [y, z][0]][1]*2", -6},
        {"True + True - False", 2},
        {"np.power(x, 3) + np.square(y)", 17},
        {"np.log(np.e) + np.log2(8) + np.log10(1000) + np.log1p(0) + np.exp(0) + np.expm1(0)", 8},
        {"np.sqrt(16) + np.abs(y) + np.maximum(x, y) + np.minimum(x, y)", 6},
        {"np.clip(y, -1, 1) + np.clip(x, 0, 1)", 0},
        {"np.floor(2.5) + np.ceil(2.5) + np.round(2.5) + np.round(3.5) + np.trunc(y/2)", 10},
        {"np.round(2.675, 1)", 2.7},
        {"np.round(0.3, -1) + np.round(1234, -2) + np.round(-35, -1)", 1160},
        {"np.round(7.000000000000001e22, -22)", 7e22},
        {"np.max(x) + np.sum(y) + np.mean(x,)", 1},
        {"np.sign(y) + np.sign(z) + np.sign(x)", 0},
        {"np.sin(np.pi/2) + np.cos(0) + np.tanh(0)", 2},
        {"np.where(x > 1, y, z)", -3},
        {"np.sum([x, y, 1]) + np.mean([1, 2, 3]) + np.max([x, y]) + np.min([x, y]) + np.prod([2, 3])", 7},
        {"max(x, y, 4) + min([x, y]) + abs(y) + pow(x, 3) + round(2.5) + sum([1, 2]) + int(2.7) + float(x) + bool(y)", 22},
        {" \t x\n * 3 ", 6},
    };
    for (const auto& [text, expected] : cases) {
        INFO(text);
        CHECK(value(text) == Approx(expected).margin(1e-12));
    }
}

TEST_CASE("Where Python raises an error or NumPy has no number, an equation has no value", "[predictor]") {
    for (const auto* text : {"1/z", "1//z", "1 % z", "z**-1", "y**0.5", "[x, y][2]", "[x, y][-3]", "[x, y][0.5]", "(1/z) > 3", "np.log(y)",
                             "np.sqrt(y)", "np.maximum(np.log(y), 1)", "x if 1/z else y", "1/z or x", "np.round(x, 0.5)"}) {
        INFO(text);
        CHECK(std::isnan(value(text)));
    }
    CHECK(std::isinf(value("np.divide(x, z)")));
    CHECK(std::isinf(value("1e308*10")));
}

TEST_CASE("A target equation names its metrics once, in the order of their use", "[predictor]") {
    const auto e = target_equation::parse("y/x + y*y", xyz);
    CHECK(std::vector<std::string>(e.metrics().begin(), e.metrics().end()) == std::vector<std::string>{"y", "x"});
    CHECK(e.text() == "y/x + y*y");
    CHECK_THROWS_WITH(e(std::vector<double>{1}), "verdant: target equation, y/x + y*y: expected 2 values of metrics, found 1");
    CHECK(target_equation::parse("1").metrics().empty());
    // Of the published names, longer ones are not mistaken for shorter ones.
    const auto longer = target_equation::parse("flops_pan_seg/flops");
    CHECK(longer.metrics().size() == 2);
}

TEST_CASE("A bad target equation is refused with a caret below the place", "[predictor]") {
    CHECK(refused("x + w") == "verdant: target equation, column 5: expected a metric: x, y, z; did you mean 'x'?, found 'w'\n"
                              "  x + w\n"
                              "      ^");
    CHECK(refused("(x*100") == "verdant: target equation, column 7: expected ')', found the end\n"
                               "  (x*100\n"
                               "        ^");
    try {
        static_cast<void>(target_equation::parse("acc / latency_gpus"));
        FAIL("accepted");
    } catch (const input_error& e) { CHECK_THAT(e.what(), Contains("did you mean 'latency_gpu'?") && Contains("\n  acc / latency_gpus\n        ^")); }
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "column 1: expected a number, a metric, a function or '(', found the end"},
        {"  ", "found the end"},
        {"x y", "column 3: expected an operator or the end, found 'y'"},
        {"x +", "column 4: expected a number"},
        {"x * / y", "column 5: expected a number, a metric, a function or '(', found '/'"},
        {"2x", "column 1: expected a number, found '2x'"},
        {"1.2.3", "column 1: expected a number, found '1.2.'"},
        {".", "column 1: expected a number"},
        {"1e999", "expected a number that a double holds, found '1e999'"},
        {"x)", "expected an operator or the end, found ')'"},
        {"x = 3", "expected an operator or the end, found '='"},
        {"x if y", "column 7: expected 'else', found the end"},
        {"else", "found 'else'"},
        {"np", "expected '.', found the end"},
        {"np.lgo(x)", "did you mean 'log'?, found 'np.lgo'"},
        {"np.power(x)", "expected np.power of 2 values, found 1"},
        {"np.round(x, 1, 2)", "np.round of 1 to 2 values, found 3"},
        {"np.sum(x, y)", "column 4: expected np.sum of one value or a list like [a, b], found 2 values"},
        {"np.max(x, y, z)", "expected np.max of one value or a list like [a, b], found 3 values"},
        {"np.min(x, 0)", "expected np.min of one value"},
        {"np.mean(x, 0)", "expected np.mean of one value"},
        {"np.prod(x, 0)", "expected np.prod of one value"},
        {"sum(x, y)", "expected sum of a list like [a, b], found 2 values"},
        {"sum(x)", "expected sum of a list like [a, b], found 1 value"},
        {"max(x)", "expected max of two or more values or a list like [a, b], found 1 value"},
        {"np.log(x, 10)", "expected np.log of 1 value, found 2"},
        {"np.sqrt()", "np.sqrt of 1 value, found 0"},
        {"np.log x", "expected '(', found 'x'"},
        {"sqrt(x)", "expected a function: abs, max"},
        {"[]", "expected a list of some values, found none"},
        {"[x, y]", "expected '[', found the end"},
        {"[x y][0]", "expected ',' or ']', found 'y'"},
        {"x ^ y", "found '^'"},
        {"x is y", "found 'is'"},
        {"x\x01", "found '?'"},
        {"x and", "found the end"},
        {std::string(300, '('), "fewer than 200 operations within each other"},
        {std::string(300, '-') + "x", "fewer than 200 operations within each other"},
        {std::string(5000, ' '), "at most 4096 characters, found 5000"},
    };
    for (const auto& [text, message] : cases) {
        INFO(text);
        CHECK_THAT(refused(text), Contains(message) && Contains("^"));
    }
    std::string many = "max(x";
    for (int i = 0; i < 70; ++i) many += ", x";
    CHECK_THAT(refused(many + ")"), Contains("values at a time"));
    // What is far to the right is shown, too.
    CHECK_THAT(refused(std::string(500, ' ') + "?"), Contains("column 501") && Contains("?\n" + std::string(52, ' ') + "^"));
}

TEST_CASE("Entries without a metric or a value are dropped and counted", "[predictor]") {
    const std::vector<std::map<std::string, double, std::less<>>> entries{{{"x", 1}, {"y", 2}}, {{"x", 4}},          {{"x", 9}, {"y", 3}}, {},
                                                                          {{"x", 1}, {"y", 0}}, {{"x", 6}, {"y", 2}}};
    const auto metric = [&](std::size_t i, std::string_view name) {
        const auto found = entries[i].find(name);
        return found == entries[i].end() ? std::nullopt : std::optional{found->second};
    };
    const auto column = predictor::targets_of(target_equation::parse("x/y", xyz), entries.size(), metric);
    CHECK(column.values == std::vector<double>{0.5, 3, 3});
    CHECK(column.entries == std::vector<std::size_t>{0, 2, 5});
    CHECK(column.best() == 1); // the first of equals
    CHECK(column.incomplete == 2);
    CHECK(column.undefined == 1);
    CHECK(column.dropped() == 3);
    CHECK(column.missing == std::vector<std::pair<std::string, std::size_t>>{{"x", 1}, {"y", 2}});
    CHECK_THROWS_WITH(predictor::targets_of(target_equation::parse("z", xyz), entries.size(), metric),
                      "verdant: targets, z: expected entries with a target, found none of 6; 6 lack z");
    CHECK_THROWS_WITH(predictor::targets_of(target_equation::parse("x", xyz), 0, metric), Contains("entries with a target, found none"));
}

TEST_CASE("Equations in names of files", "[predictor]") {
    CHECK(predictor::format_target("(acc*100)/latency_gpu") == "acc100_div_latency_gpu");
    CHECK(predictor::format_target("a >= b and c <= d or e>f<g") == "a_gte_bandc_lte_dore_gt_f_lt_g");
    CHECK(predictor::format_target("a > = b") == "a_gte_b"); // signs that meet when the space between them goes
    CHECK(predictor::format_target("").empty());
}
