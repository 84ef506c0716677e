#pragma once

#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/space/validity.hpp>
#include <verdant/space/value_type.hpp>
#include <verdant/space/where_nested.hpp>

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

/// A point of a space.
namespace verdant {

namespace detail {

template <class S, fixed_string Name>
inline constexpr std::size_t place_of = view_of<S>.find(Name.view());

template <class S, fixed_string Name>
[[nodiscard]] consteval std::size_t index_of_nearest(nearest<Name>) {
    return place_of<S, Name>;
}
template <class S>
[[nodiscard]] consteval std::size_t index_of_nearest(no_name_is_near) {
    return 0;
}

/// What is said of a name that no parameter of a space has.
template <class S, class Named, class Nearest>
struct unknown_parameter {
    static constexpr std::size_t index = index_of_nearest<S>(Nearest{}); // so that the value has the type that the program expects of it
    static constexpr bool exists = std::is_void_v<S>;
    static_assert(exists, "verdant: this space has no parameter of that name; see named<...> and nearest<...> in this message, or print "
                          "verdant::names<Space>() for the list");
};
/// Nothing is said of names where the space has a mistake, which has been reported.
template <class S, fixed_string Name, bool Exists = (place_of<S, Name> < parameter_count<S> || !table<S>.found.sound())>
struct select_place {
    using type = select_place;
    static constexpr std::size_t index = place_of<S, Name> < parameter_count<S> ? place_of<S, Name> : 0;
};
template <class S, fixed_string Name>
struct select_place<S, Name, false> {
    using type = unknown_parameter<S, named<Name>, typename select_nearest<S, Name, true>::type>;
};
/// Where the parameter of a name stands, as `index`. An alias, which compilers look through, so that they list few steps between a mistake and the
/// user's line.
template <class S, fixed_string Name>
using parameter_place = typename select_place<S, Name>::type;

/// The whole numbers of a domain on both sides of one that it lacks: how messages of the compiler show what may be written.
template <std::int64_t... Values>
struct values_beside {};

template <class S, std::size_t P, std::int64_t Code>
[[nodiscard]] consteval auto find_values_beside() {
    constexpr auto n = view_of<S>.domain_size(P);
    if constexpr (view_of<S>.kind(P) == value_kind::integer && n <= 4096) {
        constexpr auto side = [](bool above) {
            std::size_t best = n;
            for (std::size_t i = 0; i < n; ++i) {
                const auto code = view_of<S>.code_of(P, i);
                if ((code > Code) != above) continue;
                if (best == n || (code < view_of<S>.code_of(P, best)) == above) best = i;
            }
            return best;
        };
        constexpr auto low = side(false), high = side(true);
        if constexpr (low < n && high < n) return values_beside<view_of<S>.code_of(P, low), view_of<S>.code_of(P, high)>{};
        else return values_beside<view_of<S>.code_of(P, low < n ? low : high)>{};
    } else return values_beside<>{};
}

/// What is said of a value that a parameter lacks.
template <class S, class Named, class Beside>
struct missing_value {
    static constexpr bool exists = std::is_void_v<S>;
    static_assert(exists,
                  "verdant: the parameter has no such value; choose one of its domain, of whole numbers see values_beside<...> in this message");
};

template <class S>
[[nodiscard]] consteval std::size_t largest_domain() {
    std::size_t largest = 0;
    for (std::size_t p = 0; p < parameter_count<S>; ++p)
        if (view_of<S>.domain_size(p) > largest) largest = view_of<S>.domain_size(p);
    return largest;
}

} // namespace detail

/// The type that `point<S>::get<Name>()` gives: an integer, bool, floating-point, enumeration or `std::string_view`. Integers are `int` where all
/// values of the domain lie within 46340 of zero, so that the product of two never passes it; else `std::int64_t`. Convert before you multiply three.
template <search_space S, fixed_string Name>
using value_of = typename detail::parameter_value<typename S::elements, detail::parameter_place<S, Name>::index>::type;

/// One architecture: an index into its domain for each parameter. Trivially copyable, ordered (lexicographically by index), hashable,
/// usable in constant expressions. A default point has every parameter at its first value; it need not be feasible.
template <detail::given_space S>
class point {
    static_assert(detail::sound<S>::value);

public:
    using space_type = S;
    using index_type = std::conditional_t<detail::largest_domain<S>() <= 256, std::uint8_t,
                                          std::conditional_t<detail::largest_domain<S>() <= 65536, std::uint16_t, std::uint32_t>>;

    constexpr point() = default;
    /// Refused, with a sentence that says what to write.
    template <class First, class Second, class... Rest>
        requires(std::is_arithmetic_v<First> && std::is_arithmetic_v<Second> && (std::is_arithmetic_v<Rest> && ...))
    constexpr explicit point(First, Second, Rest...) {
        static_assert(detail::fits<First>,
                      "verdant: a point is not made of numbers; write values by name, for example "
                      "point<my_space>{}.with<\"depth\", 6>().with<\"width\", 64>() or parse_point<my_space>(\"depth=6 width=64\")");
    }
    /// From one index per parameter. @pre each index is below the size of its domain
    template <class Indices>
    [[nodiscard]] static constexpr point from_indices(const Indices& indices) {
        point p;
        for (std::size_t i = 0; i < size(); ++i) p.indices_[i] = static_cast<index_type>(indices[i]);
        return p;
    }

    [[nodiscard]] static constexpr std::size_t size() noexcept { return parameter_count<S>; }

    /// The value of the parameter of this name. One that does not exist at this point (`when`) gives the first of its domain, which means nothing:
    /// ask `active` before, or take `get_if`.
    template <fixed_string Name>
    [[nodiscard]] constexpr auto get() const {
        constexpr auto p = detail::parameter_place<S, Name>::index;
        return decode<value_of<S, Name>>(p);
    }
    /// Refused, with a sentence that says what to write.
    template <class Metric>
    [[nodiscard]] constexpr auto get() const {
        constexpr bool is_name = std::is_void_v<Metric>;
        static_assert(
            is_name,
            "verdant: a point is asked for a parameter by its name, for example point.get<\"layers\">(); metrics are in a trial and in metrics<...>");
        if constexpr (requires { typename Metric::value_type; }) return detail::refused_value<typename Metric::value_type>{};
        else return 0;
    }
    /// Refused, with a sentence that says what to write.
    template <auto Index>
        requires std::is_integral_v<decltype(Index)>
    [[nodiscard]] constexpr auto get() const {
        constexpr bool is_name = !std::is_integral_v<decltype(Index)>;
        static_assert(is_name,
                      "verdant: a point is asked for a parameter by its name, for example point.get<\"layers\">(); point[0] is the index of a value");
        return 0;
    }
    /// Refused, with a sentence that says what to write.
    template <class Name>
    [[nodiscard]] constexpr auto get(const Name&) const {
        constexpr bool is_template_argument = std::is_void_v<Name>;
        static_assert(is_template_argument, "verdant: the name of a parameter stands between < and >, for example point.get<\"layers\">()");
        return 0;
    }
    /// Whether the parameter of this name exists at this point: always, but for those in a `when`.
    template <fixed_string Name>
    [[nodiscard]] constexpr bool active() const {
        constexpr auto p = detail::parameter_place<S, Name>::index;
        return view_of<S>.active(p, indices_);
    }
    /// The value of the parameter of this name where it exists at this point, else nothing.
    template <fixed_string Name>
    [[nodiscard]] constexpr std::optional<value_of<S, Name>> get_if() const {
        if (!active<Name>()) return std::nullopt;
        return get<Name>();
    }

    /// The same point with one parameter changed; `Value` must be in its domain. Other parameters stay, feasible or not: `canonicalise` what may have
    /// ceased to exist.
    template <fixed_string Name, literal Value>
    [[nodiscard]] constexpr point with() const {
        constexpr auto p = detail::parameter_place<S, Name>::index;
        constexpr auto i = view_of<S>.index_of(p, detail::encode_value(static_cast_to<value_of<S, Name>>(Value)));
        constexpr bool exists = i < view_of<S>.domain_size(p) && detail::fits_64_bits(Value.value);
        // What is wrong with an unknown name, or with a space that has a mistake, has been said.
        if constexpr (!exists && view_of<S>.find(Name.view()) < parameter_count<S> && detail::table<S>.found.sound())
            static_cast<void>(detail::missing_value<
                              S, detail::named<Name>,
                              decltype(detail::find_values_beside<S, p, detail::encode_value(static_cast_to<value_of<S, Name>>(Value))>())>::exists);
        auto copy = *this;
        copy.indices_[p] = static_cast<index_type>(exists ? i : 0);
        return copy;
    }

    /// Refused, with a sentence that says what to write.
    template <fixed_string Name, class Value>
    [[nodiscard]] constexpr point with(const Value&) const {
        constexpr bool is_template_argument = std::is_void_v<Value>;
        static_assert(is_template_argument,
                      "verdant: the value stands between < and >, for example point.with<\"layers\", 8>(); one that is known only when the program "
                      "runs is set by point.assign");
        return *this;
    }

    /// The part of the point that belongs to `nest<Prefix, Inner>`, or to copy `Number` of `repeat<Prefix, Count, Inner>`, canonical. Where that does
    /// not exist at this point (`when`), it has all first values, feasible or not.
    template <fixed_string Prefix, std::size_t Number = 0>
    [[nodiscard]] constexpr auto nested() const {
        using place = detail::find_nested<Prefix, Number, typename S::elements>;
        static_assert(place::here, "verdant: this space nests no space below that prefix; see nested in this message");
        if constexpr (place::here) {
            point<typename place::space_type> inner;
            // By value, since fix and restrict may have renumbered a domain. What does not exist may have another first value here than there.
            for (std::size_t i = 0; i < inner.size(); ++i)
                if (view_of<S>.active(place::offset + i, indices_))
                    inner.assign(i, view_of<S>.code_of(place::offset + i, indices_[place::offset + i]), indices_[place::offset + i]);
            return inner;
        } else {
            return detail::no_point{};
        }
    }

    /// The index of parameter `p`, and the same to write.
    // Through data(): where g++ folds the equal functions of two spaces into one, -Warray-bounds takes the length of the longer point for both.
    [[nodiscard]] constexpr index_type operator[](std::size_t p) const { return indices_.data()[p]; }
    [[nodiscard]] constexpr index_type& operator[](std::size_t p) { return indices_.data()[p]; }
    /// Refused, with a sentence that says what to write.
    template <std::size_t Length>
    [[nodiscard]] constexpr int operator[](const char (&)[Length]) const {
        static_assert(Length == 0, "verdant: a point is asked for a parameter by its name between < and >, for example point.get<\"layers\">(); "
                                   "point[0] is the index of a value");
        return 0;
    }
    /// Sets parameter `p` to the value with this code (`space_view::code_of`); false, and no change, where its domain lacks it.
    /// @param guess the index to look at first
    constexpr bool assign(std::size_t p, std::int64_t code, std::size_t guess = 0) {
        auto i = guess;
        if (i >= view_of<S>.domain_size(p) || view_of<S>.code_of(p, i) != code) i = view_of<S>.index_of(p, code);
        if (i == view_of<S>.domain_size(p)) return false;
        indices_[p] = static_cast<index_type>(i);
        return true;
    }
    [[nodiscard]] constexpr const std::array<index_type, parameter_count<S>>& indices() const noexcept { return indices_; }

    /// Every constraint holds and every parameter that does not exist here is at its first value.
    [[nodiscard]] constexpr bool feasible() const { return view_of<S>.feasible(indices_); }
    /// Pins parameters that do not exist here (`when`) to their first value.
    constexpr void canonicalise() { view_of<S>.canonicalise(indices_); }

    friend constexpr bool operator==(const point&, const point&) = default;
    friend constexpr auto operator<=>(const point&, const point&) = default;

private:
    template <class T>
    [[nodiscard]] constexpr T decode(std::size_t p) const {
        if constexpr (kind_of<T> == value_kind::text) {
            return view_of<S>.label(p, indices_[p]);
        } else {
            const auto code = view_of<S>.code_of(p, indices_[p]);
            if constexpr (std::floating_point<T>) return static_cast<T>(std::bit_cast<double>(code));
            else return static_cast<T>(code);
        }
    }
    template <class T, class Literal>
    [[nodiscard]] static consteval auto static_cast_to(const Literal& l) {
        if constexpr (std::floating_point<T>) return detail::number_from<double>(l.value);
        else return l.value;
    }
    std::array<index_type, parameter_count<S>> indices_{};
};

namespace detail {

/// The space that was meant where something else stands: that of a point or search; where there is none, one that stands for it.
template <class S>
struct space_meant {
    using type = no_space;
};
template <search_space S>
struct space_meant<S> {
    using type = S;
};
template <class S>
    requires search_space<typename S::space_type>
struct space_meant<S> {
    using type = typename S::space_type;
};

/// What is said of a template's argument that is not a space.
template <class S>
struct space_argument : refusal {
    static constexpr bool is_space = search_space<S>; // asked also where another argument is what does not fit
    static_assert(is_space,
                  "verdant: what stands between < and > is no space; write a struct derived from space<...>, and no point, search or metric, "
                  "for example point<my_space>, sample<my_space>(random) or start_points<my_space>; see space_argument<...> in this message");
};

} // namespace detail

/// The point of what is not a space, once that has been reported: that of the space that was meant.
template <detail::given_space S>
    requires(!search_space<S>)
class point<S> : public point<typename detail::space_meant<S>::type> {
    // Said where a point is made or read, not where the class is only looked at: an overload for points that is not the one meant, f<arch>(const
    // point<S>&) beside f<arch>(config), has its class completed before its constraint is looked at (clang), and must stay out of the way.
    using meant = point<typename detail::space_meant<S>::type>;

public:
    constexpr point() { static_assert(detail::space_argument<S>::value); }
    constexpr point(const meant& p) : meant{p} { // NOLINT(google-explicit-constructor): takes its place
        static_assert(detail::space_argument<S>::value);
    }

    template <fixed_string Name>
    [[nodiscard]] constexpr auto get() const {
        static_assert(detail::space_argument<S>::value);
        if constexpr (detail::place_of<typename meant::space_type, Name> < parameter_count<typename meant::space_type>)
            return meant::template get<Name>();
        else return 0;
    }
};

namespace detail {

template <class S, fixed_string Name>
[[nodiscard]] constexpr auto value_in_space() {
    if constexpr (place_of<S, Name> < parameter_count<S>) return value_of<S, Name>{};
    else return 0;
}

} // namespace detail

/// The full names of all parameters, in order.
template <search_space S>
[[nodiscard]] constexpr std::array<std::string_view, parameter_count<S>> names() {
    std::array<std::string_view, parameter_count<S>> all{};
    for (std::size_t p = 0; p < all.size(); ++p) all[p] = view_of<S>.name(p);
    return all;
}

/// The point of `To` that has the values of a point of another space under the same names, for example of `fix<S, ...>` seen in `S`.
/// Parameters that the other space does not have, or whose value `To` does not allow, stay at their first value. Canonical, not necessarily feasible.
template <search_space To, search_space From>
[[nodiscard]] constexpr point<To> point_cast(const point<From>& from) {
    point<To> to;
    for (std::size_t p = 0; p < to.size(); ++p) {
        const auto q = view_of<From>.find(view_of<To>.name(p));
        if (q != from.size() && view_of<From>.active(q, from)) to.assign(p, view_of<From>.code_of(q, from[q]), from[q]);
    }
    to.canonicalise(); // the other space may have a parameter everywhere that this one has in a when
    return to;
}

} // namespace verdant

template <class S>
struct std::hash<verdant::point<S>> {
    [[nodiscard]] constexpr std::size_t operator()(const verdant::point<S>& p) const noexcept {
        verdant::fnv1a h; // by indices
        for (const auto i : p.indices()) h.add(i);
        return static_cast<std::size_t>(h.value() ^ (h.value() >> 29));
    }
};
