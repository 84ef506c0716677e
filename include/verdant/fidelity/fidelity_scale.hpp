#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/literal.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// What a measurement can be had less of, as a type: epochs, a share of the data, pixels.
namespace verdant {

/// A scale of fidelities at run time.
struct fidelity_view {
    std::string_view name{}, unit{};
    std::span<const double> values{}; ///< the least and the whole one, or all rungs; ascending
    bool integers = true;             ///< only whole numbers make sense

    [[nodiscard]] constexpr double least() const { return values.front(); }
    [[nodiscard]] constexpr double whole() const { return values.back(); }
    /// A share of the whole as a value of this scale.
    [[nodiscard]] double value_at(double share) const { return integers ? std::round(share * whole()) : share * whole(); }
    /// A value as text, with the unit: `27 epochs`.
    [[nodiscard]] std::string text(double value) const { return rounded_text(value) + (unit.empty() ? "" : " ") + std::string{unit}; }
};

namespace detail {

struct fidelity_scale_tag {};

/// A value of a scale; 0 for what is not a number, which has been reported.
template <class T>
[[nodiscard]] consteval double scale_number(const T& value) {
    if constexpr (std::is_arithmetic_v<T>) return static_cast<double>(value);
    else return 0;
}

template <auto... Values>
[[nodiscard]] consteval bool ascends_from_above_zero() {
    double last = 0;
    bool right = true;
    const auto next = [&](double value) {
        right = right && value > last && value < 1e15;
        last = value;
    };
    (next(scale_number(Values)), ...);
    return right;
}

/// The text of a name or unit; none for what is not one, which has been reported.
template <class T>
[[nodiscard]] constexpr std::string_view text_in(const literal<T>& l) {
    if constexpr (requires { l.value.view(); }) return l.value.view();
    else return {};
}

/// What is checked of a scale; in a class of its own, so that compilers list few steps between the mistake and the user's line.
template <bool Named, auto... Values>
struct fidelity_scale_check {
    static constexpr bool value = true;
    static_assert(Named, "verdant: a fidelity scale lacks its name or its unit, which are texts in front of its values; write "
                         "fidelity_scale<\"epochs\", \"epochs\", 1, 27>");
    static constexpr bool numbers = !Named || (std::is_arithmetic_v<decltype(Values)> && ...);
    static_assert(
        numbers,
        "verdant: a value of a fidelity scale is no number; write the least and the whole one: fidelity_scale<\"epochs\", \"epochs\", 1, 27>");
    static constexpr bool enough = !Named || sizeof...(Values) >= 2;
    static_assert(!numbers || enough, "verdant: a fidelity scale has less than two values; write the least and the whole one, or all rungs: "
                                      "fidelity_scale<\"epochs\", \"epochs\", 1, 27>");
    static constexpr bool ascends = !Named || !numbers || !enough || ascends_from_above_zero<Values...>();
    static_assert(ascends, "verdant: the values of a fidelity scale do not ascend from above 0; write the least first, the whole one last");
};

} // namespace detail

/// What a measurement can be had less of: a name, a unit, and the least and the whole value. Derive a struct of your own from it:
/// `struct epochs : fidelity_scale<"epochs", "epochs", 1, 27> {};`
/// Policies place their rungs between the two, a factor apart. More than two values are the rungs themselves, for what only has a few:
/// `struct pixels : fidelity_scale<"resolution", "px", 96, 128, 160, 224> {};`
/// @tparam Name   how reports and files call it
/// @tparam Unit   the symbol of its unit; empty for none
/// @tparam Values whole numbers, then only whole numbers are asked for; or with a decimal point
template <literal Name = 0, literal Unit = 0, auto... Values>
struct fidelity_scale : detail::fidelity_scale_tag {
    static_assert(detail::fidelity_scale_check < kind_of<typename decltype(Name)::value_type> == value_kind::text &&
                      kind_of<typename decltype(Unit)::value_type> == value_kind::text,
                  Values... > ::value);
    static constexpr bool integers = (std::integral<decltype(Values)> && ...);
    /// What evaluators are given: a whole number, or a `double`.
    using value_type = std::conditional_t<integers, std::int64_t, double>;
    static constexpr std::array<double, sizeof...(Values)> values{detail::scale_number(Values)...};

    [[nodiscard]] static constexpr std::string_view name() { return detail::text_in(Name); }
    [[nodiscard]] static constexpr std::string_view unit() { return detail::text_in(Unit); }
    [[nodiscard]] static constexpr fidelity_view view() { return {name(), unit(), values, integers}; }
    /// A share of the whole as a value.
    [[nodiscard]] static value_type value_at(double share) { return static_cast<value_type>(view().value_at(share)); }
    /// A value as a share of the whole.
    [[nodiscard]] static constexpr double share_of(value_type value) { return static_cast<double>(value) / values.back(); }
};

/// A struct derived from `fidelity_scale<...>`.
template <class S>
concept fidelity_scale_like = std::derived_from<S, detail::fidelity_scale_tag>;

namespace detail {

/// In a class of its own, as above.
template <class Scale>
struct at_fidelity_scale {
    static constexpr bool value = true;
    static constexpr bool is_scale = fidelity_scale_like<Scale>;
    static_assert(is_scale, "verdant: at_fidelity is of a scale of fidelities; write at_fidelity<epochs>, where epochs is a struct derived from "
                            "fidelity_scale<\"epochs\", \"epochs\", 1, 27>");
};

} // namespace detail

/// A fidelity that an evaluator is asked for: a value of a scale. Of what is not a scale, which is reported, it is made of any other, so that nothing
/// else is.
template <class Scale>
struct at_fidelity {
    static_assert(detail::at_fidelity_scale<Scale>::value);
    double value = 0;

    at_fidelity() = default;
    template <class Other>
    at_fidelity(const at_fidelity<Other>&) {} // NOLINT(google-explicit-constructor)
    [[nodiscard]] double share() const { return 0; }
};

/// The same of a scale.
template <fidelity_scale_like Scale>
struct at_fidelity<Scale> {
    typename Scale::value_type value{};

    /// The share of the whole.
    [[nodiscard]] double share() const { return Scale::share_of(value); }
};

/// The rungs of a scale as shares of the whole, ascending, the last one 1: its own, where it lists them, else the whole divided by powers of `eta`
/// down to the least. On a scale of integers they are rounded.
/// @param source who asks, for errors
/// @throws input_error for an eta below 2
template <class = instantiated_when_used>
[[nodiscard]] std::vector<double> rung_shares(const fidelity_view& scale, std::size_t eta, std::string_view source) {
    require_count(source, "eta", eta, 2, 1000);
    std::vector<double> shares;
    if (scale.values.size() > 2) {
        for (const auto v : scale.values) shares.push_back(v / scale.whole());
        return shares;
    }
    // A hair below the least one is that: 0.1 times 9 is not 0.9.
    for (double v = scale.whole(); v >= scale.least() * (1 - 1e-9); v /= static_cast<double>(eta)) {
        const auto share = (scale.integers ? std::max(std::round(v), scale.least()) : v) / scale.whole();
        if (shares.empty() || share < shares.back()) shares.push_back(share);
    }
    return {shares.rbegin(), shares.rend()};
}
VERDANT_DEFINED_ONCE(std::vector<double> rung_shares<>(const fidelity_view&, std::size_t, std::string_view));

/// For policies that measure below the whole: with one rung all trials would be measured whole, as if there were no policy.
/// @throws input_error where there are less than two rungs
inline void require_rungs(std::string_view source, std::size_t eta, std::span<const double> rungs) {
    if (rungs.size() < 2)
        throw input_error{source, "eta", "at most the whole fidelity divided by the least one, so that there is a rung below the whole",
                          std::to_string(eta)};
}

} // namespace verdant
