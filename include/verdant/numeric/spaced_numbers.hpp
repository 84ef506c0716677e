#pragma once

#include <verdant/numeric/constexpr_math.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

/// Evenly and geometrically spaced numbers with the same bits from every compiler, at compile time and at run time: they are computed in integers, so
/// that neither a fused multiplication and addition nor a library's `pow` has a say in them.
namespace verdant::detail {

__extension__ using wide = unsigned __int128;
__extension__ using signed_wide = __int128;

[[nodiscard]] constexpr std::uint64_t high_half(wide x) noexcept { return static_cast<std::uint64_t>(x >> 64U); }
[[nodiscard]] constexpr std::uint64_t low_half(wide x) noexcept { return static_cast<std::uint64_t>(x); }
[[nodiscard]] constexpr wide joined(std::int64_t high, std::int64_t low) noexcept {
    return static_cast<wide>(static_cast<std::uint64_t>(high)) << 64U | static_cast<std::uint64_t>(low);
}
[[nodiscard]] constexpr int bit_count(wide x) noexcept {
    return high_half(x) != 0 ? 64 + static_cast<int>(std::bit_width(high_half(x))) : static_cast<int>(std::bit_width(low_half(x)));
}

/// A number above zero in 128 binary digits: significand * 2^exponent, the highest bit of the significand set.
struct long_real {
    wide significand = 0;
    int exponent = 0;
};

[[nodiscard]] constexpr long_real long_real_of(wide whole, int exponent = 0) noexcept {
    const auto free = 128 - bit_count(whole);
    return {whole << static_cast<unsigned>(free), exponent - free};
}
/// Exact. @pre x is finite and above zero
[[nodiscard]] constexpr long_real long_real_of(double x) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const auto biased = static_cast<int>(bits >> 52U);
    const auto fraction = bits & ((std::uint64_t{1} << 52U) - 1);
    return biased == 0 ? long_real_of(wide{fraction}, -1074) : long_real_of(wide{fraction | std::uint64_t{1} << 52U}, biased - 1075);
}

/// Cut off below the last digit.
[[nodiscard]] constexpr long_real product(const long_real& a, const long_real& b) noexcept {
    const wide ah = high_half(a.significand), al = low_half(a.significand), bh = high_half(b.significand), bl = low_half(b.significand);
    const wide across = ah * bl, back = al * bh;
    const wide middle = wide{low_half(across)} + low_half(back) + high_half(al * bl);
    const wide high = ah * bh + high_half(across) + high_half(back) + high_half(middle);
    const auto exponent = a.exponent + b.exponent + 128;
    if (high >> 127U != 0) return {high, exponent};
    return {high << 1U | (low_half(middle) >> 63U), exponent - 1};
}

/// Cut off below the last digit, which is set where something is cut off. @pre both are above zero, q below 2^127
[[nodiscard]] constexpr long_real quotient(wide p, wide q) noexcept {
    auto exponent = bit_count(p) - bit_count(q);
    // So that q <= p < 2q, one binary digit after the other.
    if (exponent < 0) p <<= static_cast<unsigned>(-exponent);
    auto divisor = q;
    auto rest = p;
    if (exponent > 0) { // where q cannot be shifted up so far, p is divided from its head on
        divisor = q << static_cast<unsigned>(exponent);
        if (high_half(divisor) >> 63U != 0) {
            const auto whole = p / q;
            auto left = p % q;
            auto digits = long_real_of(whole);
            for (auto bit = -digits.exponent; bit-- > 0;) {
                left <<= 1U;
                if (left >= q) left -= q, digits.significand |= wide{1} << static_cast<unsigned>(bit);
            }
            digits.significand |= left != 0 ? 1U : 0U;
            return digits;
        }
    }
    if (rest < divisor) rest <<= 1U, --exponent;
    wide digits = 0;
    for (int i = 0; i < 128; ++i) {
        digits <<= 1U;
        if (rest >= divisor) rest -= divisor, digits |= 1U;
        rest <<= 1U;
    }
    return {digits | (rest != 0 ? 1U : 0U), exponent - 127};
}

/// The nearest double, of two the even one; below the normal ones with as many digits as there are. @pre it is finite
[[nodiscard]] constexpr double nearest_double(const long_real& x) noexcept {
    const auto lowest = x.exponent + 128 - 53 > -1074 ? x.exponent + 128 - 53 : -1074; // of the last binary digit that is kept
    const auto cut = lowest - x.exponent;
    if (cut > 128) return 0;
    auto whole = cut == 128 ? std::uint64_t{0} : low_half(x.significand >> static_cast<unsigned>(cut));
    const auto half = wide{1} << static_cast<unsigned>(cut - 1);
    const auto rest = cut == 128 ? x.significand : x.significand & ((half << 1U) - 1);
    if (rest > half || (rest == half && whole % 2 != 0)) ++whole;
    // A digit more after rounding becomes a larger exponent by itself.
    if (lowest == -1074) return std::bit_cast<double>(whole);
    return std::bit_cast<double>((static_cast<std::uint64_t>(lowest + 1074) << 52U) + whole);
}

/// The nearest whole number; halves go up. @pre it is below 2^63
[[nodiscard]] constexpr std::int64_t nearest_whole(const long_real& x) noexcept {
    const auto cut = -x.exponent; // 65 or more, since x is below 2^63
    if (cut > 128) return 0;
    const auto half = cut == 128 ? std::uint64_t{0} : low_half(x.significand >> static_cast<unsigned>(cut - 1));
    return static_cast<std::int64_t>(cut == 128 ? x.significand >> 127U : (half >> 1U) + (half & 1U));
}

/// A number as the fraction that was written: 0.1 is 1/10 and not the double next to it; what is not a decimal number of up to 15 digits is a whole
/// number of binary places, which is exact, too.
struct written_number {
    std::int64_t numerator = 0;   ///< with the sign
    wide denominator = 1;         ///< a power of ten
    int exponent = 0;             ///< of two, times all this
};

/// @param places how many decimal places are tried
[[nodiscard]] constexpr written_number written(double x, int places) noexcept {
    const auto size = x < 0 ? -x : x;
    if (size == 0) return {};
    wide power = 1;
    double scale = 1;
    for (int d = 0; d <= places; ++d, power *= 10, scale *= 10) {
        const auto scaled = size * scale;
        if (!(scaled < 1e15)) break;
        const auto whole = static_cast<std::int64_t>(scaled + 0.5);
        if (whole > 0 && nearest_double(quotient(static_cast<wide>(whole), power)) == size) return {x < 0 ? -whole : whole, power, 0};
    }
    auto exact = long_real_of(size);
    auto digits = high_half(exact.significand) >> 11U; // a double has 53
    auto exponent = exact.exponent + 75;
    for (; digits % 2 == 0; digits /= 2) ++exponent;
    return {x < 0 ? -static_cast<std::int64_t>(digits) : static_cast<std::int64_t>(digits), 1, exponent};
}

/// Numbers i = 0, 1, ...: (start + i * step) / denominator * 2^exponent, each the nearest double.
struct even_numbers {
    signed_wide start = 0, step = 0;
    wide denominator = 1;
    int exponent = 0;

    /// As the 64-bit words that tables hold.
    static constexpr std::size_t words = 7;
    [[nodiscard]] constexpr std::array<std::int64_t, words> packed() const noexcept {
        const auto high = [](auto x) { return static_cast<std::int64_t>(high_half(static_cast<wide>(x))); };
        const auto low = [](auto x) { return static_cast<std::int64_t>(low_half(static_cast<wide>(x))); };
        return {high(start), low(start), high(step), low(step), high(denominator), low(denominator), exponent};
    }
    /// @param word (i) -> word i of what `packed` gave
    template <class Word>
    [[nodiscard]] static constexpr even_numbers unpacked(const Word& word) noexcept {
        return {static_cast<signed_wide>(joined(word(0), word(1))), static_cast<signed_wide>(joined(word(2), word(3))), joined(word(4), word(5)),
                static_cast<int>(word(6))};
    }

    [[nodiscard]] constexpr double operator()(std::size_t i) const noexcept {
        const auto sum = start + static_cast<signed_wide>(i) * step;
        if (sum == 0) return 0;
        const auto size = static_cast<wide>(sum < 0 ? -sum : sum);
        // A division of two numbers that doubles hold is rounded to the nearest by itself.
        constexpr auto exact = wide{1} << 53U;
        const auto x = exponent == 0 && size <= exact && denominator <= exact
                           ? static_cast<double>(low_half(size)) / static_cast<double>(low_half(denominator))
                           : scaled(quotient(size, denominator));
        return sum < 0 ? -x : x;
    }

private:
    [[nodiscard]] constexpr double scaled(long_real x) const noexcept {
        x.exponent += exponent;
        return nearest_double(x);
    }
};

/// Both as multiples of the same fraction.
struct common_fraction {
    signed_wide first = 0, second = 0;
    wide denominator = 1;
    int exponent = 0;
};
/// @param room how many binary digits the larger number may get; what lies below the last of them is cut off
[[nodiscard]] constexpr common_fraction in_common(double a, double b, int room) noexcept {
    auto x = written(a, 15), y = written(b, 15);
    if (x.exponent == 0 && y.exponent == 0) {
        const auto denominator = x.denominator > y.denominator ? x.denominator : y.denominator;
        const auto scaled = [denominator](const written_number& n) {
            return static_cast<signed_wide>(n.numerator) * static_cast<signed_wide>(denominator / n.denominator);
        };
        // 10^15 * 10^15 has 100 digits.
        return {scaled(x), scaled(y), denominator, 0};
    }
    x = written(a, -1), y = written(b, -1);
    if (x.numerator == 0) x.exponent = y.exponent;
    if (y.numerator == 0) y.exponent = x.exponent;
    auto lowest = x.exponent < y.exponent ? x.exponent : y.exponent;
    const auto highest = x.exponent < y.exponent ? y.exponent : x.exponent;
    if (highest - lowest > room - 53) lowest = highest - (room - 53);
    const auto scaled = [lowest](const written_number& n) -> signed_wide {
        const auto shift = n.exponent - lowest;
        if (shift >= 0) return static_cast<signed_wide>(n.numerator) * (static_cast<signed_wide>(1) << static_cast<unsigned>(shift));
        return shift > -63 ? n.numerator / (std::int64_t{1} << static_cast<unsigned>(-shift)) : 0;
    };
    return {scaled(x), scaled(y), 1, lowest};
}

/// first + i * step. @pre both are finite
[[nodiscard]] constexpr even_numbers stepped(double first, double step) noexcept {
    const auto both = in_common(first, step, 113);
    return {both.first, both.second, both.denominator, both.exponent};
}
/// From low to high in `steps` equal steps. @pre both are finite, steps is 1 to 2^24
[[nodiscard]] constexpr even_numbers divided(double low, double high, std::size_t steps) noexcept {
    const auto both = in_common(low, high, 101);
    const auto n = static_cast<signed_wide>(steps);
    return {both.first * n, both.second - both.first, both.denominator * static_cast<wide>(steps), both.exponent};
}

/// Numbers low * ratio^i with (high / low) = ratio^steps: powers of the ratio in 128 binary digits, one for each binary digit of i, so that a value
/// takes at most 24 multiplications and has an error of less than 2^-100 before it is rounded.
template <std::size_t Steps>
struct geometric_numbers {
    static constexpr auto powers = static_cast<std::size_t>(std::bit_width(Steps));
    long_real low{};
    std::array<long_real, powers> power{}; ///< ratio^1, ratio^2, ratio^4, ...

    /// As the 64-bit words that tables hold: three a number.
    static constexpr std::size_t words = 3 * (1 + powers);
    [[nodiscard]] constexpr std::array<std::int64_t, words> packed() const noexcept {
        std::array<std::int64_t, words> all{};
        for (std::size_t k = 0; k <= powers; ++k) {
            const auto& x = k == 0 ? low : power[k - 1];
            all[3 * k] = static_cast<std::int64_t>(high_half(x.significand));
            all[3 * k + 1] = static_cast<std::int64_t>(low_half(x.significand));
            all[3 * k + 2] = x.exponent;
        }
        return all;
    }

    /// Of floating-point or of whole numbers. @pre both are finite, 0 < a < b
    template <class T>
    [[nodiscard]] static constexpr geometric_numbers between(T a, T b) noexcept {
        const auto fraction = []<class X>(X x) {
            if constexpr (!std::is_floating_point_v<X>) return long_real_of(static_cast<wide>(x));
            else {
                const auto w = written(x, 36);
                auto r = quotient(static_cast<wide>(w.numerator), w.denominator);
                r.exponent += w.exponent;
                return r;
            }
        };
        geometric_numbers g;
        g.low = fraction(a);
        const auto whole = quotient_of(fraction(b), g.low);
        auto ratio = first_guess(static_cast<double>(a), static_cast<double>(b));
        for (int newton = 0; newton < 4; ++newton) {
            g.raise(ratio);
            ratio = corrected(ratio, whole, g.at(Steps));
        }
        g.raise(ratio);
        return g;
    }

    /// low * ratio^i
    [[nodiscard]] constexpr long_real operator()(std::size_t i) const noexcept { return times_power(low, i); }

private:
    [[nodiscard]] constexpr long_real times_power(long_real x, std::size_t i) const noexcept {
        for (std::size_t k = 0; k < powers; ++k)
            if ((i >> k & 1U) != 0) x = product(x, power[k]);
        return x;
    }
    [[nodiscard]] constexpr long_real at(std::size_t i) const noexcept { return times_power(long_real_of(wide{1}), i); }
    constexpr void raise(const long_real& ratio) noexcept {
        power[0] = ratio;
        for (std::size_t k = 1; k < powers; ++k) power[k] = product(power[k - 1], power[k - 1]);
    }

    [[nodiscard]] static constexpr long_real quotient_of(const long_real& a, const long_real& b) noexcept {
        // Of significands whose last digit is 2^-127 of them; nothing is lost above 2^-120.
        auto q = quotient(a.significand >> 1U, b.significand >> 1U);
        q.exponent += a.exponent - b.exponent;
        return q;
    }
    /// The root to about 50 binary digits.
    [[nodiscard]] static constexpr long_real first_guess(double a, double b) {
        constexpr auto ln_2 = 0.693147180559945309417232121458;
        const auto logarithm = (surrogate::detail::natural_log(b) - surrogate::detail::natural_log(a)) / static_cast<double>(Steps);
        const auto doublings = static_cast<int>(logarithm / ln_2);
        auto guess = long_real_of(surrogate::detail::exponential(logarithm - doublings * ln_2));
        guess.exponent += doublings;
        return guess;
    }
    /// A step of Newton's method: ratio * (1 + (whole / reached - 1) / steps).
    [[nodiscard]] static constexpr long_real corrected(const long_real& ratio, long_real whole, long_real reached) noexcept {
        whole.significand >>= 2U, reached.significand >>= 2U; // room for a sign, and for exponents that differ by one
        const auto shift = whole.exponent - reached.exponent;
        const auto a = static_cast<signed_wide>(shift > 0 ? whole.significand << 1U : whole.significand);
        const auto b = static_cast<signed_wide>(shift < 0 ? reached.significand << 1U : reached.significand);
        const auto more = static_cast<double>(a - b) / static_cast<double>(b) / static_cast<double>(Steps);
        if (more == 0) return ratio;
        auto part = product(ratio, long_real_of(more < 0 ? -more : more));
        part.significand >>= static_cast<unsigned>(ratio.exponent - part.exponent < 127 ? ratio.exponent - part.exponent : 127);
        return more < 0 ? minus(ratio, part.significand) : plus(ratio, part.significand);
    }
    [[nodiscard]] static constexpr long_real plus(const long_real& x, wide more) noexcept {
        const auto sum = x.significand + more;
        return sum >= x.significand ? long_real{sum, x.exponent} : long_real{sum >> 1U | wide{1} << 127U, x.exponent + 1};
    }
    [[nodiscard]] static constexpr long_real minus(const long_real& x, wide less) noexcept {
        const auto difference = long_real_of(x.significand - less);
        return {difference.significand, difference.exponent + x.exponent};
    }
};

/// How a table finds a value of a domain from its index.
enum class spacing : std::uint8_t {
    listed,         ///< it stands in the table
    steps,          ///< first + index * step
    even,           ///< as `even_numbers`, whose words stand in the table
    geometric,      ///< as `geometric_numbers`
    geometric_whole ///< the whole number next to that
};

/// Number i of geometric ones in a table. @param word (k) -> word k of what `packed` gave
template <class Word>
[[nodiscard]] constexpr long_real geometric_number(const Word& word, std::size_t i) noexcept {
    const auto real = [&word](std::size_t k) { return long_real{joined(word(3 * k), word(3 * k + 1)), static_cast<int>(word(3 * k + 2))}; };
    auto x = real(0);
    for (std::size_t k = 1; i != 0; ++k, i >>= 1U)
        if ((i & 1U) != 0) x = product(x, real(k));
    return x;
}

} // namespace verdant::detail
