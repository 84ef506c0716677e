#pragma once

#include <verdant/meta/expression.hpp>
#include <verdant/space/domain.hpp>
#include <verdant/space/table_writer.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>

/// Spaces as types, and the elements that they are made of.
namespace verdant {

namespace detail {

struct space_tag {};

template <class... Elements>
struct element_list {};

/// `prefix.3`: names of repeated spaces are made at compile time.
template <std::size_t PrefixSize>
struct repeat_name {
    char characters[PrefixSize + 21]{};
    std::size_t length = 0;
    constexpr repeat_name(const fixed_string<PrefixSize>& prefix, std::size_t number) {
        for (const char c : prefix.view()) characters[length++] = c;
        characters[length++] = '.';
        char digits[20]{};
        std::size_t n = 0;
        do digits[n++] = static_cast<char>('0' + number % 10);
        while ((number /= 10) != 0);
        while (n != 0) characters[length++] = digits[--n];
    }
    [[nodiscard]] constexpr std::string_view view() const { return {characters, length}; }
};

// Lists of elements are walked through arrays, since clang nests fold expressions and stops at 256 of them.

/// What elements take in all.
[[nodiscard]] constexpr table_size sum_of(std::initializer_list<table_size> parts) {
    table_size sum{};
    for (const auto& part : parts) sum += part;
    return sum;
}
[[nodiscard]] constexpr std::size_t sum_of(std::initializer_list<std::size_t> parts) {
    std::size_t sum = 0;
    for (const auto part : parts) sum += part;
    return sum;
}

/// What is not an element takes no room, and is reported when the table is written.
template <class Element>
inline constexpr bool is_element = requires { Element::parameters; };

template <class Element>
[[nodiscard]] consteval std::size_t parameters_of() {
    if constexpr (is_element<Element>) return Element::parameters;
    else return 0;
}
template <class Element>
[[nodiscard]] consteval table_size measure(std::size_t guard_code) {
    if constexpr (is_element<Element>) return Element::measure(guard_code);
    else return {};
}
template <class Element, class Writer>
constexpr int declare(Writer& w) {
    if constexpr (is_element<Element>) Element::declare(w);
    else w.report(problem::not_an_element, "");
    return 0;
}
template <class Element, class Writer>
constexpr int constrain(Writer& w) {
    if constexpr (is_element<Element>) Element::constrain(w);
    return 0;
}

template <class... Elements, class Writer>
constexpr void declare_all(Writer& w) {
    const int in_order[] = {0, declare<Elements>(w)...};
    static_cast<void>(in_order);
}
template <class... Elements, class Writer>
constexpr void constrain_all(Writer& w) {
    const int in_order[] = {0, constrain<Elements>(w)...};
    static_cast<void>(in_order);
}

} // namespace detail

namespace detail {

/// A value of the type that a parameter has, in programs with a mistake; defined where points are.
template <class S, fixed_string Name>
[[nodiscard]] constexpr auto value_in_space();

/// What is said where a space is asked for a value, however often it is. Then, and so only in programs that do not compile, there is a function that
/// says so to the check of evaluators, which keeps silent.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend" // it is meant
#endif
template <class Elements>
struct reported_space {
    friend constexpr auto asked_for_values(reported_space);
};
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
template <class Elements>
struct space_as_point {
    friend constexpr auto asked_for_values(reported_space<Elements>) { return true; }
    static constexpr bool is_point = std::is_void_v<Elements>;
    static_assert(is_point,
                  "verdant: a space has no values, its points have; take a point of it, for example an evaluator of const point<my_space>&");
};

} // namespace detail

/// The base of every search space. Derive a struct of your own from it, so that diagnostics name it:
/// `struct tower : space<param<"layers", range<6, 12>>, param<"width", choices<384, 768>>> {};`
/// @tparam Elements `param`, `where`, `nest`, `repeat`, `when`
template <class... Elements>
struct space : detail::space_tag {
    using elements = detail::element_list<Elements...>;

    /// Refused, with a sentence that says what to write.
    template <fixed_string Name>
    [[nodiscard]] constexpr auto get() const {
        static_cast<void>(sizeof(detail::space_as_point<elements>));
        return detail::value_in_space<space, Name>();
    }
};

/// A struct derived from `space<...>`.
template <class S>
concept search_space = std::derived_from<S, detail::space_tag> && requires { typename S::elements; };

namespace detail {

/// As `search_space`, but for classes that are not points either, which the template then refuses in a sentence of its own and not by its constraint.
template <class S>
concept given_space = search_space<S> || (std::is_class_v<S> && !requires { typename S::index_type; });

} // namespace detail

namespace detail {

template <search_space S>
[[nodiscard]] consteval auto make_table();

template <class S>
inline constexpr auto table = make_table<S>();

/// What copying a finished table of `inner` below a prefix of so many characters takes.
[[nodiscard]] constexpr table_size nested_size(const table_size& inner, std::size_t prefix, std::size_t guard_code) {
    auto s = inner;
    if (prefix != 0) s.characters += inner.parameters * (prefix + 1);
    if (guard_code != 0) s.instructions += (inner.constraints + inner.guards) * (guard_code + 1);
    return s;
}

template <class Domain>
[[nodiscard]] consteval table_size domain_table_size() {
    table_size s{};
    if constexpr (Domain::listed) {
        s.values = Domain::size;
        for (const auto& v : Domain::codes) s.characters += v.label.size();
    } else if constexpr (requires { Domain::words; }) {
        s.values = Domain::words.size();
    }
    return s;
}

/// Stands for what is nested and is not a space, once it has been reported.
struct no_space;
template <class Inner>
using space_in = std::conditional_t<search_space<Inner>, Inner, no_space>;

} // namespace detail

/// A named parameter with a finite ordered domain.
/// @tparam Name   letters, digits, `_` and `-`; a dot only stands between a nested space and its parameters
/// @tparam Domain `range<...>`, `uniform<...>`, `log_range<...>`, `choices<...>` or `flag`
template <literal Name, class Domain = void>
struct param {
    using domain_type = std::conditional_t<domain<Domain>, Domain, flag>; // the latter once it has been reported
    static constexpr std::size_t parameters = 1;

    static consteval detail::table_size measure(std::size_t) {
        auto s = detail::domain_table_size<domain_type>();
        s.parameters = 1;
        s.characters += sizeof(Name) - 1; // of a string, its length
        return s;
    }
    template <class Writer>
    static constexpr void declare(Writer& w) {
        if constexpr (requires { Name.value.view(); }) {
            if constexpr (!domain<Domain>) w.report(problem::not_a_domain, Name.value.view());
            w.template parameter<domain_type>(Name.value.view());
        } else w.template parameter<domain_type>(std::string_view{}); // reported as a bad name
    }
    template <class Writer>
    static constexpr void constrain(Writer& w) {
        w.skip_parameter();
    }
};

namespace detail {
struct no_space : space<param<"none", flag>> {};
} // namespace detail

/// A constraint: a point is feasible only where the condition holds. Names are relative to the space that holds it. Arithmetic is in 64 bits; where
/// it overflows or divides by zero the condition does not hold. A parameter that does not exist at a point (`when`) counts with its first value,
/// unless the constraint stands in that `when`, too.
/// @tparam Condition an expression such as `var<"width"> % var<"heads"> == val<0>`
template <literal Condition>
struct where {
    using expression_type = decltype(Condition.value);
    static constexpr std::size_t parameters = 0;

    static consteval detail::table_size measure(std::size_t guard_code) {
        detail::table_size s{};
        s.constraints = 1;
        s.instructions = detail::instruction_count<expression_type>() + (guard_code == 0 ? 0 : guard_code + 1);
        return s;
    }
    template <class Writer>
    static constexpr void declare(Writer&) {}
    template <class Writer>
    static constexpr void constrain(Writer& w) {
        w.template constraint<expression_type>();
    }
};

/// A whole space below a prefix: its parameter `width` becomes `prefix.width`.
template <fixed_string Prefix, class Inner>
struct nest {
    using space_type = detail::space_in<Inner>;
    static constexpr std::size_t parameters = detail::table<space_type>.size.parameters;

    static consteval detail::table_size measure(std::size_t guard_code) {
        return detail::nested_size(detail::table<space_type>.size, Prefix.size(), guard_code);
    }
    template <class Writer>
    static constexpr void declare(Writer& w) {
        if constexpr (!search_space<Inner>) w.report(problem::not_a_space, Prefix.view());
        w.prefix(Prefix.view());
        w.nested(detail::table<space_type>, Prefix.view());
    }
    template <class Writer>
    static constexpr void constrain(Writer& w) {
        w.nested_constraints(detail::table<space_type>);
    }
};

/// `Count` copies of a space: `prefix.0.width`, `prefix.1.width`, ...
template <fixed_string Prefix, std::size_t Count, class Inner>
struct repeat {
    using space_type = detail::space_in<Inner>;
    static constexpr std::size_t count = Count;
    static constexpr std::size_t parameters = Count * detail::table<space_type>.size.parameters;

    static consteval detail::table_size measure(std::size_t guard_code) {
        detail::table_size s{};
        for (std::size_t i = 0; i < Count; ++i)
            s += detail::nested_size(detail::table<space_type>.size, detail::repeat_name{Prefix, i}.length, guard_code);
        return s;
    }
    template <class Writer>
    static constexpr void declare(Writer& w) {
        if constexpr (!search_space<Inner>) w.report(problem::not_a_space, Prefix.view());
        w.prefix(Prefix.view());
        for (std::size_t i = 0; i < Count; ++i) w.nested(detail::table<space_type>, detail::repeat_name{Prefix, i}.view());
    }
    template <class Writer>
    static constexpr void constrain(Writer& w) {
        for (std::size_t i = 0; i < Count; ++i) w.nested_constraints(detail::table<space_type>);
    }
};

/// Elements that exist only where the condition holds. Elsewhere their parameters are pinned to the first value, so that equal
/// architectures are equal points, and their constraints do not apply; constraints outside that name them do. The condition names parameters declared
/// before it.
template <literal Condition, class... Elements>
struct when {
    using expression_type = decltype(Condition.value);
    using elements = detail::element_list<Elements...>;
    static constexpr std::size_t parameters = detail::sum_of({std::size_t{0}, detail::parameters_of<Elements>()...});

    static consteval detail::table_size measure(std::size_t guard_code) {
        const auto own = detail::instruction_count<expression_type>() + (guard_code == 0 ? 0 : guard_code + 1);
        auto s = detail::sum_of({detail::table_size{}, detail::measure<Elements>(own)...});
        s.guards += 1;
        s.instructions += own;
        return s;
    }
    template <class Writer>
    static constexpr void declare(Writer& w) {
        const auto outer = w.template enter_declaring<expression_type>();
        detail::declare_all<Elements...>(w);
        w.leave(outer);
    }
    template <class Writer>
    static constexpr void constrain(Writer& w) {
        const auto outer = w.enter(w.next_guard());
        detail::constrain_all<Elements...>(w);
        w.leave(outer);
    }
};

namespace detail {

template <class... Elements>
[[nodiscard]] consteval table_size elements_size(element_list<Elements...>) {
    return sum_of({table_size{}, measure<Elements>(0)...});
}

template <class Writer, class... Elements>
constexpr void write_elements(Writer& w, element_list<Elements...>) {
    declare_all<Elements...>(w);
    w.names_complete();
    constrain_all<Elements...>(w);
}

template <search_space S>
consteval auto make_table() {
    table_writer<elements_size(typename S::elements{})> w{};
    write_elements(w, typename S::elements{});
    return w.table;
}

} // namespace detail

/// The space as data: names, domains, constraints; for code that does not need the types of values.
template <search_space S>
inline constexpr space_view view_of{detail::table<S>};

/// Number of parameters.
template <search_space S>
inline constexpr std::size_t parameter_count = detail::table<S>.size.parameters;

} // namespace verdant
