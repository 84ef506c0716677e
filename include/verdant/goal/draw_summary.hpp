#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/meta/fixed_string.hpp>
#include <verdant/uncertainty/interval.hpp>
#include <verdant/uncertainty/sample_quantile.hpp>

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

/// What of an uncertain metric is wanted: its mean, a quantile, its deviation, its bounds. Each is a metric of its own, in the unit of the one it is
/// made from, so that goals, tables, pictures and kept studies have it under its own name: `total_carbon_q0.95`.
namespace verdant {

namespace detail {

struct summary_tag {};
struct bound_tag {};

/// What is written where the level of a quantile is: a number, or something else, which the quantile reports.
struct level_value {
    double number = -1;
    template <class T>
    // NOLINTNEXTLINE(google-explicit-constructor): levels are written as plain numbers
    constexpr level_value([[maybe_unused]] const T& value) {
        if constexpr (std::is_arithmetic_v<T>) number = static_cast<double>(value);
    }
    [[nodiscard]] constexpr bool is_share() const { return number >= 0 && number <= 1; }
};

/// What is checked of a summary.
template <class M, level_value Level>
struct summary_check {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool is_metric = metric_like<M>;
    static_assert(is_metric, "verdant: what a quantile or a mean is taken of is no metric; write a struct derived from metric<...>, for example "
                             "quantile<total_carbon, 0.95>");
    static constexpr bool is_share = Level.is_share();
    static_assert(is_share, "verdant: the level of a quantile is no share between 0 and 1; write for example quantile<total_carbon, 0.95>");
};

/// A text that is made by the compiler.
struct made_name {
    std::array<char, 200> letters{};
    std::size_t size = 0;
    constexpr void add(std::string_view text) {
        for (const char c : text)
            if (size < letters.size()) letters[size++] = c;
    }
    constexpr void add_digits(std::uint64_t n, int digits, unsigned base = 10) {
        std::uint64_t unit = 1;
        for (int i = 1; i < digits; ++i) unit *= base;
        for (; unit > 0; unit /= base) {
            const char digit[2]{"0123456789abcdef"[n / unit % base], 0};
            add({digit, 1});
        }
    }
};

/// A share as the shortest decimal that reads back as it. Decimals of up to 15 digits are whole numbers over powers of ten, both exact, so the
/// division is rounded as reading is; what has more digits says its bits as well. So no two shares have one text.
constexpr void add_share(made_name& name, double share) {
    double power = 1;
    std::uint64_t whole = 0;
    for (int digits = 0; digits <= 15; ++digits, power *= 10) {
        whole = static_cast<std::uint64_t>(share * power + 0.5);
        if (static_cast<double>(whole) / power != share && digits < 15) continue;
        name.add_digits(whole / static_cast<std::uint64_t>(power), 1);
        if (digits > 0) name.add(".");
        if (digits > 0) name.add_digits(whole % static_cast<std::uint64_t>(power), digits);
        break;
    }
    if (static_cast<double>(whole) / 1e15 != share && power >= 1e15) {
        name.add("_");
        name.add_digits(std::bit_cast<std::uint64_t>(share), 16, 16);
    }
}

/// The name of a summary: that of the metric, and what it is; of a quantile its share.
template <class M, fixed_string What, double Level = 0.0>
[[nodiscard]] consteval made_name summary_name() {
    made_name name;
    name.add(metric_in<M>::name());
    name.add("_");
    name.add(What.view());
    if constexpr (What.view() == "q") add_share(name, Level);
    return name;
}
template <class M, fixed_string What, double Level = 0.0>
inline constexpr auto summary_text = [] {
    constexpr auto made = summary_name<M, What, Level>();
    fixed_string<made.size> text;
    for (std::size_t i = 0; i < made.size; ++i) text.characters[i] = made.letters[i];
    return text;
}();

template <class M, fixed_string What, double Level = 0.0>
struct summary_metric : metric<summary_text<M, What, Level>, typename metric_in<M>::value_type, typename metric_in<M>::unit> {
    using named = metric<summary_text<M, What, Level>, typename metric_in<M>::value_type, typename metric_in<M>::unit>;
};

/// The name of a summary. Checks are made where a goal or a record uses it and not where its type is looked at, so that compilers list few steps
/// between the mistake and the user's line.
template <class Summary>
[[nodiscard]] constexpr std::string_view checked_name() {
    static_assert(Summary::summary_check::value);
    return Summary::named::name();
}

} // namespace detail

/// The mean of the draws of a metric: `minimize<mean<total_carbon>>`.
template <class M>
struct mean : detail::summary_metric<M, "mean">, detail::summary_tag {
    using drawn_metric = detail::metric_in<M>;
    using summary_check = detail::summary_check<M, 0.0>;
    [[nodiscard]] static constexpr std::string_view name() { return detail::checked_name<mean>(); }
    /// From draws in SI units. @throws input_error for no draws, and for NaN
    [[nodiscard]] static double of_draws(std::span<double> draws) { return uncertainty::sample_mean(draws, drawn_metric::name()); }
};

/// What a share of the draws of a metric does not exceed: `minimize<quantile<total_carbon, 0.95>>`. Interpolated as `uncertainty::sample_quantile`
/// does.
/// @tparam Level the share, 0 to 1
template <class M = void, detail::level_value Level = "">
struct quantile : detail::summary_metric<M, "q", Level.is_share() ? Level.number : 0.0>, detail::summary_tag {
    using drawn_metric = detail::metric_in<M>;
    static constexpr double level = Level.is_share() ? Level.number : 0.0;
    using summary_check = detail::summary_check<M, Level>;
    [[nodiscard]] static constexpr std::string_view name() { return detail::checked_name<quantile>(); }
    /// From draws in SI units, which it puts into another order. @throws input_error for no draws, and for NaN
    [[nodiscard]] static double of_draws(std::span<double> draws) { return uncertainty::sample_quantile(draws, level, drawn_metric::name()); }
};

/// The standard deviation of the draws of a metric.
template <class M>
struct deviation : detail::summary_metric<M, "deviation">, detail::summary_tag {
    using drawn_metric = detail::metric_in<M>;
    using summary_check = detail::summary_check<M, 0.0>;
    [[nodiscard]] static constexpr std::string_view name() { return detail::checked_name<deviation>(); }
    /// From draws in SI units. @throws input_error for fewer than two draws, and for one that is not finite
    [[nodiscard]] static double of_draws(std::span<double> draws) { return uncertainty::sample_deviation(draws, drawn_metric::name()); }
};

/// The lower bound of a metric of which an interval is known.
template <class M>
struct lower_bound : detail::summary_metric<M, "lower_bound">, detail::bound_tag {
    using ranged_metric = detail::metric_in<M>;
    using summary_check = detail::summary_check<M, 0.0>;
    [[nodiscard]] static constexpr std::string_view name() { return detail::checked_name<lower_bound>(); }
    [[nodiscard]] static auto of_interval(const uncertainty::interval<typename ranged_metric::value_type>& known) { return known.low(); }
};

/// The upper bound of a metric of which an interval is known: `minimize<upper_bound<total_carbon>>` guards against the worst case.
template <class M>
struct upper_bound : detail::summary_metric<M, "upper_bound">, detail::bound_tag {
    using ranged_metric = detail::metric_in<M>;
    using summary_check = detail::summary_check<M, 0.0>;
    [[nodiscard]] static constexpr std::string_view name() { return detail::checked_name<upper_bound>(); }
    [[nodiscard]] static auto of_interval(const uncertainty::interval<typename ranged_metric::value_type>& known) { return known.high(); }
};

/// A metric that is made from the draws of another one: `mean`, `quantile`, `deviation`, or one of your own, which derives from a metric and from
/// `draw_summary_base`, names the other one as `drawn_metric` and has `of_draws`.
template <class S>
concept draw_summary = metric_like<S> && std::derived_from<S, detail::summary_tag>;
/// A metric that is made from the interval of another one: `lower_bound`, `upper_bound`.
template <class S>
concept interval_summary = metric_like<S> && std::derived_from<S, detail::bound_tag>;
/// The base that marks a metric as made from draws.
using draw_summary_base = detail::summary_tag;

} // namespace verdant
