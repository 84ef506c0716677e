#pragma once

#include <verdant/meta/literal.hpp>
#include <verdant/meta/program.hpp>

#include <string_view>
#include <type_traits>

/// Expressions over the parameters of a space, for constraints and conditions.
namespace verdant {

/// Expressions are empty structural types: `var<"width"> % var<"heads"> == val<0>` is a value that can be a template argument.
/// They are evaluated over the parameters of a space, in 64-bit integers; floating-point numbers are compared only.
template <class E>
concept expression = requires { typename std::remove_cvref_t<E>::verdant_expression; };

/// Base of all expressions, so that their operators, which live in this namespace, are found from everywhere.
struct expression_operand {};

namespace detail {

template <literal Name>
struct variable_expression : expression_operand {
    using verdant_expression = void;
    template <class Sink>
    static constexpr void emit(Sink& sink) {
        if constexpr (requires { Name.value.view(); }) sink.variable(Name.value.view());
        else sink.plain_operand(); // var<8> for val<8>
    }
};

template <literal Value>
struct constant_expression : expression_operand {
    using verdant_expression = void;
    template <class Sink>
    static constexpr void emit(Sink& sink) {
        constexpr auto kind = kind_of<typename decltype(Value)::value_type>;
        if constexpr (kind == value_kind::floating) sink.real(number_from<double>(Value.value));
        else if constexpr (kind == value_kind::text || kind == value_kind::enumeration) sink.label(encode_value(Value.value));
        else if constexpr (!fits_64_bits(Value.value)) sink.large_number();
        else sink.constant(encode_value(Value.value));
    }
};

/// A plain number beside an expression is a common slip; it gets this far so that the space can report it in words.
template <class Sink, class Operand>
constexpr void emit_operand(Sink& sink) {
    if constexpr (expression<Operand>) Operand::emit(sink);
    else sink.plain_operand();
}

template <opcode Code, class A>
struct unary_expression : expression_operand {
    using verdant_expression = void;
    template <class Sink>
    static constexpr void emit(Sink& sink) {
        A::emit(sink);
        sink.apply(Code);
    }
};

template <opcode Code, class A, class B>
struct binary_expression : expression_operand {
    using verdant_expression = void;
    template <class Sink>
    static constexpr void emit(Sink& sink) {
        emit_operand<Sink, A>(sink);
        emit_operand<Sink, B>(sink);
        sink.apply(Code);
    }
};

template <class A, class B>
concept operands = expression<A> || expression<B>;

} // namespace detail

/// The value of a parameter, by its name as seen from the space that holds the constraint.
template <literal Name>
inline constexpr detail::variable_expression<Name> var{};

/// A constant: an integer, a bool, a floating-point number, an enumerator or a string.
template <literal Value>
inline constexpr detail::constant_expression<Value> val{};

template <expression A>
constexpr detail::unary_expression<opcode::negate, A> operator-(A) { return {}; }
template <expression A>
constexpr detail::unary_expression<opcode::logical_not, A> operator!(A) { return {}; }

template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::add, A, B> operator+(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::subtract, A, B> operator-(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::multiply, A, B> operator*(A, B) { return {}; }
/// Integer division, truncated towards zero; undefined for a zero divisor, and then a constraint does not hold.
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::divide, A, B> operator/(A, B) { return {}; }
/// Remainder of `/`; undefined for a zero divisor.
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::remainder, A, B> operator%(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::equal, A, B> operator==(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::not_equal, A, B> operator!=(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::less, A, B> operator<(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::less_equal, A, B> operator<=(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::greater, A, B> operator>(A, B) { return {}; }
/// `a > b` under a name, since a > between template arguments ends them: `where<greater(var<"width">, var<"heads">)>`, or in parentheses.
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::greater, A, B> greater(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::greater_equal, A, B> operator>=(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::logical_and, A, B> operator&&(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::logical_or, A, B> operator||(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::minimum, A, B> min(A, B) { return {}; }
template <class A, class B>
    requires detail::operands<A, B>
constexpr detail::binary_expression<opcode::maximum, A, B> max(A, B) { return {}; }

/// True where the expression has one of the listed values: `in<1, 2, 4>(var<"clusters">)`, `in<"relu", "gelu">(var<"act">)`.
template <literal... Values, expression A>
    requires(sizeof...(Values) > 0)
constexpr auto in(A a) {
    return ((a == val<Values>) || ...);
}

} // namespace verdant
