#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <optional>
#include <span>
#include <string_view>

/// What target equations become: postfix programs over doubles, and the functions that they may call.
namespace verdant::predictor::detail {

/// One step. Operands are taken from the stack; `power` to `remainder` are Python's operators, which fail where NumPy's functions give infinity.
enum class equation_op : std::uint8_t {
    number,
    metric,                                                     // push
    jump,
    jump_if_zero,
    jump_if_zero_or_drop,
    jump_unless_zero_or_drop, // by `count` instructions
    negate,
    logical_not,
    truth,
    add,
    subtract,
    multiply,
    divide,
    floor_divide,
    modulo,
    power,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    link,       ///< of a < b < c: a b -> (a < b) b, where `count` is the comparison
    both_below, ///< r s b -> (r and s) b
    pick,       ///< `count` values, then an index, from the end where it is below 0
    // Functions of one number, of two, of three, of `count`.
    ln,
    log2,
    log10,
    log1p,
    exp,
    exp2,
    expm1,
    sqrt,
    cbrt,
    absolute,
    floor,
    ceil,
    truncate,
    round_even,
    square,
    sign,
    sin,
    cos,
    tan,
    arcsin,
    arccos,
    arctan,
    sinh,
    cosh,
    tanh,
    reciprocal,
    np_power,
    np_divide,
    np_modulo,
    maximum,
    minimum,
    arctan2,
    hypot,
    round_to,
    clip,
    where,
    sum,
    mean,
    product,
    greatest,
    least
};

struct equation_step {
    equation_op op{};
    std::uint32_t count = 0; ///< of operands or instructions, or the place of a metric
    double value = 0;
};

/// A function that an equation may call.
struct equation_function {
    std::string_view name;
    equation_op op;
    std::size_t least, most; ///< operands; `most` of `any_number` takes a list too
};
inline constexpr std::size_t any_number = 64;

/// By the names that they have in NumPy, where they are called as `np.name`.
inline constexpr auto numpy_functions = std::to_array<equation_function>({
    {"power", equation_op::np_power, 2, 2},
    {"float_power", equation_op::np_power, 2, 2},
    {"log", equation_op::ln, 1, 1},
    {"log2", equation_op::log2, 1, 1},
    {"log10", equation_op::log10, 1, 1},
    {"log1p", equation_op::log1p, 1, 1},
    {"exp", equation_op::exp, 1, 1},
    {"exp2", equation_op::exp2, 1, 1},
    {"expm1", equation_op::expm1, 1, 1},
    {"sqrt", equation_op::sqrt, 1, 1},
    {"cbrt", equation_op::cbrt, 1, 1},
    {"abs", equation_op::absolute, 1, 1},
    {"absolute", equation_op::absolute, 1, 1},
    {"fabs", equation_op::absolute, 1, 1},
    {"maximum", equation_op::maximum, 2, 2},
    {"minimum", equation_op::minimum, 2, 2},
    {"clip", equation_op::clip, 3, 3},
    {"tanh", equation_op::tanh, 1, 1},
    {"sinh", equation_op::sinh, 1, 1},
    {"cosh", equation_op::cosh, 1, 1},
    {"sin", equation_op::sin, 1, 1},
    {"cos", equation_op::cos, 1, 1},
    {"tan", equation_op::tan, 1, 1},
    {"arcsin", equation_op::arcsin, 1, 1},
    {"arccos", equation_op::arccos, 1, 1},
    {"arctan", equation_op::arctan, 1, 1},
    {"arctan2", equation_op::arctan2, 2, 2},
    {"hypot", equation_op::hypot, 2, 2},
    {"floor", equation_op::floor, 1, 1},
    {"ceil", equation_op::ceil, 1, 1},
    {"trunc", equation_op::truncate, 1, 1},
    {"fix", equation_op::truncate, 1, 1},
    {"rint", equation_op::round_even, 1, 1},
    {"round", equation_op::round_to, 1, 2},
    {"around", equation_op::round_to, 1, 2},
    {"square", equation_op::square, 1, 1},
    {"sign", equation_op::sign, 1, 1},
    {"reciprocal", equation_op::reciprocal, 1, 1},
    {"negative", equation_op::negate, 1, 1},
    {"add", equation_op::add, 2, 2},
    {"subtract", equation_op::subtract, 2, 2},
    {"multiply", equation_op::multiply, 2, 2},
    {"divide", equation_op::np_divide, 2, 2},
    {"true_divide", equation_op::np_divide, 2, 2},
    {"mod", equation_op::np_modulo, 2, 2},
    {"remainder", equation_op::np_modulo, 2, 2},
    {"where", equation_op::where, 3, 3},
    {"sum", equation_op::sum, 1, any_number},
    {"mean", equation_op::mean, 1, any_number},
    {"prod", equation_op::product, 1, any_number},
    {"max", equation_op::greatest, 1, any_number},
    {"min", equation_op::least, 1, any_number},
});

/// Those that Python has without a module.
inline constexpr auto python_functions = std::to_array<equation_function>({
    {"abs", equation_op::absolute, 1, 1},
    {"max", equation_op::greatest, 1, any_number},
    {"min", equation_op::least, 1, any_number},
    {"pow", equation_op::power, 2, 2},
    {"round", equation_op::round_even, 1, 1},
    {"sum", equation_op::sum, 1, any_number},
    {"float", equation_op::add, 1, 1},
    {"int", equation_op::truncate, 1, 1},
    {"bool", equation_op::truth, 1, 1},
});

/// `np.pi` and `np.e`.
[[nodiscard]] constexpr std::optional<double> numpy_constant(std::string_view name) {
    if (name == "pi") return std::numbers::pi;
    if (name == "e") return std::numbers::e;
    return std::nullopt;
}

/// The remainder with the sign of the divisor, as Python and NumPy have it.
[[nodiscard]] inline double python_modulo(double a, double b) {
    const double r = std::fmod(a, b);
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

/// The whole quotient as Python and NumPy have it (CPython, Objects/floatobject.c, float_divmod): what is left of a without a % b, so that 1 // 0.1
/// is 9, since 10 times the double next to 0.1 is more than 1.
[[nodiscard]] inline double python_floor_divide(double a, double b) {
    const double r = std::fmod(a, b);
    double whole = (a - r) / b; // but for rounding
    if (r != 0 && (r < 0) != (b < 0)) whole -= 1;
    const double below = std::floor(whole);
    return whole - below > 0.5 ? below + 1 : below;
}

[[nodiscard]] inline double of_one(equation_op op, double x) {
    switch (op) {
    case equation_op::negate: return -x;
    case equation_op::logical_not: return x == 0;
    case equation_op::truth: return x != 0;
    case equation_op::ln: return std::log(x);
    case equation_op::log2: return std::log2(x);
    case equation_op::log10: return std::log10(x);
    case equation_op::log1p: return std::log1p(x);
    case equation_op::exp: return std::exp(x);
    case equation_op::exp2: return std::exp2(x);
    case equation_op::expm1: return std::expm1(x);
    case equation_op::sqrt: return std::sqrt(x);
    case equation_op::cbrt: return std::cbrt(x);
    case equation_op::absolute: return std::abs(x);
    case equation_op::floor: return std::floor(x);
    case equation_op::ceil: return std::ceil(x);
    case equation_op::truncate: return std::trunc(x);
    case equation_op::round_even: return std::nearbyint(x);
    case equation_op::square: return x * x;
    case equation_op::sign: return x > 0 ? 1 : x < 0 ? -1 : x;
    case equation_op::sin: return std::sin(x);
    case equation_op::cos: return std::cos(x);
    case equation_op::tan: return std::tan(x);
    case equation_op::arcsin: return std::asin(x);
    case equation_op::arccos: return std::acos(x);
    case equation_op::arctan: return std::atan(x);
    case equation_op::sinh: return std::sinh(x);
    case equation_op::cosh: return std::cosh(x);
    case equation_op::tanh: return std::tanh(x);
    default: return 1 / x; // reciprocal
    }
}

[[nodiscard]] inline double of_two(equation_op op, double a, double b) {
    constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
    const bool numbers = !std::isnan(a) && !std::isnan(b);
    switch (op) {
    case equation_op::add: return a + b;
    case equation_op::subtract: return a - b;
    case equation_op::multiply: return a * b;
    case equation_op::divide:
    case equation_op::np_divide: return a / b;
    case equation_op::floor_divide: return python_floor_divide(a, b);
    case equation_op::modulo:
    case equation_op::np_modulo: return python_modulo(a, b);
    case equation_op::power:
    case equation_op::np_power: return std::pow(a, b);
    case equation_op::less: return a < b;
    case equation_op::less_equal: return a <= b;
    case equation_op::greater: return a > b;
    case equation_op::greater_equal: return a >= b;
    case equation_op::equal: return a == b;
    case equation_op::not_equal: return a != b;
    case equation_op::maximum: return numbers ? std::fmax(a, b) : undefined;
    case equation_op::minimum: return numbers ? std::fmin(a, b) : undefined;
    case equation_op::arctan2: return std::atan2(a, b);
    case equation_op::hypot: return std::hypot(a, b);
    default: { // round_to, as NumPy's multiarray/calculation.c has it: of a negative number of decimals the power is that of its absolute value
        if (b != std::floor(b)) return undefined;
        const double scale = std::pow(10.0, std::abs(b));
        return b < 0 ? std::nearbyint(a / scale) * scale : std::nearbyint(a * scale) / scale;
    }
    }
}

/// Whether Python refuses the operation: a division by 0, a power that is not a real number.
[[nodiscard]] inline bool refused_by_python(equation_op op, double a, double b) {
    if (op == equation_op::divide || op == equation_op::floor_divide || op == equation_op::modulo) return b == 0;
    if (op == equation_op::power) return (a == 0 && b < 0) || (a < 0 && std::isfinite(b) && b != std::floor(b));
    return false;
}

/// Of `count` values.
[[nodiscard]] inline double of_many(equation_op op, std::span<const double> x) {
    double all = op == equation_op::product ? 1 : op == equation_op::sum || op == equation_op::mean ? 0 : x[0];
    for (const double value : x)
        all = op == equation_op::product    ? all * value
              : op == equation_op::greatest ? of_two(equation_op::maximum, all, value)
              : op == equation_op::least    ? of_two(equation_op::minimum, all, value)
                                            : all + value;
    return op == equation_op::mean ? all / static_cast<double>(x.size()) : all;
}

/// How many operands an operation takes from the stack, but for those of `count` values.
[[nodiscard]] constexpr std::size_t operands(equation_op op) {
    if (op <= equation_op::jump_unless_zero_or_drop) return 0;
    if (op <= equation_op::truth || (op >= equation_op::ln && op <= equation_op::reciprocal)) return 1;
    return op == equation_op::clip || op == equation_op::where ? 3 : 2;
}

/// The greatest depth of the stack, which the parser sees to.
inline constexpr std::size_t equation_stack = 64;

/// NaN where Python would raise an error.
template <class = instantiated_when_used>
[[nodiscard]] double run_equation(std::span<const equation_step> code, std::span<const double> metrics) {
    constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
    std::array<double, equation_stack> stack; // NOLINT(cppcoreguidelines-pro-type-member-init): every value is written before it is read
    std::size_t top = 0;
    for (std::size_t at = 0; at < code.size(); ++at) {
        const auto& step = code[at];
        const auto pop = [&] { return stack[--top]; };
        switch (step.op) {
        case equation_op::number: stack[top++] = step.value; break;
        case equation_op::metric: stack[top++] = metrics[step.count]; break;
        case equation_op::jump: at += step.count; break;
        case equation_op::jump_if_zero:
            if (pop() == 0) at += step.count;
            break;
        case equation_op::jump_if_zero_or_drop:
        case equation_op::jump_unless_zero_or_drop:
            if ((stack[top - 1] == 0) == (step.op == equation_op::jump_if_zero_or_drop)) at += step.count;
            else --top;
            break;
        case equation_op::link: stack[top - 2] = of_two(static_cast<equation_op>(step.count), stack[top - 2], stack[top - 1]); break;
        case equation_op::both_below: {
            const double b = pop(), second = pop();
            stack[top - 1] = stack[top - 1] != 0 && second != 0;
            stack[top++] = b;
            break;
        }
        case equation_op::pick: {
            const double index = pop(), place = index < 0 ? index + step.count : index;
            top -= step.count;
            if (!(place >= 0 && place < step.count && place == std::floor(place))) return undefined;
            stack[top] = stack[top + static_cast<std::size_t>(place)];
            ++top;
            break;
        }
        case equation_op::clip: {
            const double high = pop(), low = pop();
            stack[top - 1] = of_two(equation_op::minimum, of_two(equation_op::maximum, stack[top - 1], low), high);
            break;
        }
        case equation_op::where: {
            const double otherwise = pop(), then = pop();
            stack[top - 1] = stack[top - 1] != 0 ? then : otherwise;
            break;
        }
        default:
            if (step.op >= equation_op::sum) {
                top -= step.count;
                stack[top] = of_many(step.op, {stack.data() + top, step.count});
                ++top;
            } else if (operands(step.op) == 1) {
                stack[top - 1] = of_one(step.op, stack[top - 1]);
            } else {
                const double b = pop();
                if (refused_by_python(step.op, stack[top - 1], b)) return undefined;
                stack[top - 1] = of_two(step.op, stack[top - 1], b);
            }
        }
    }
    return stack[0];
}
VERDANT_DEFINED_ONCE(double run_equation<>(std::span<const equation_step>, std::span<const double>));

} // namespace verdant::predictor::detail
