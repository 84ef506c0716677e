#pragma once

#include <verdant/error.hpp>

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace verdant {

/// An exact natural number of up to 32 * Limbs bits: sizes of spaces pass 2^64 quickly.
/// @tparam Limbs how many 32-bit digits it keeps; a product that needs more is cut off, so choose enough
template <std::size_t Limbs>
class natural {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): natural numbers are written as plain numbers
    constexpr natural(std::uint64_t value = 0) {
        for (std::size_t i = 0; i < Limbs && value != 0; ++i, value >>= 32U) limbs_[i] = static_cast<std::uint32_t>(value);
    }

    /// Multiplies by a factor below 2^32. @pre the product fits
    constexpr natural& operator*=(std::uint32_t factor) {
        std::uint64_t carry = 0;
        for (auto& limb : limbs_) {
            carry += std::uint64_t{limb} * factor;
            limb = static_cast<std::uint32_t>(carry);
            carry >>= 32U;
        }
        return *this;
    }

    /// Multiplies by any 64-bit factor. @pre the product fits
    constexpr natural& multiply(std::uint64_t factor) {
        natural high = *this;
        high *= static_cast<std::uint32_t>(factor >> 32U);
        *this *= static_cast<std::uint32_t>(factor);
        std::uint64_t carry = 0;
        for (std::size_t i = 1; i < Limbs; ++i) {
            carry += std::uint64_t{limbs_[i]} + high.limbs_[i - 1];
            limbs_[i] = static_cast<std::uint32_t>(carry);
            carry >>= 32U;
        }
        return *this;
    }

    friend constexpr bool operator==(const natural&, const natural&) = default;
    friend constexpr std::strong_ordering operator<=>(const natural& a, const natural& b) {
        for (std::size_t i = Limbs; i-- > 0;)
            if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] <=> b.limbs_[i];
        return std::strong_ordering::equal;
    }
    /// Numbers of different capacity, and plain integers, compare by value.
    template <std::size_t Other>
    friend constexpr bool operator==(const natural& a, const natural<Other>& b) { return a.compare(b) == 0; }
    template <std::size_t Other>
    friend constexpr std::strong_ordering operator<=>(const natural& a, const natural<Other>& b) { return a.compare(b); }
    template <std::integral I>
    friend constexpr bool operator==(const natural& a, I b) {
        return std::cmp_greater_equal(b, 0) && a.compare(natural<2>{static_cast<std::uint64_t>(b)}) == 0;
    }
    template <std::integral I>
    friend constexpr std::strong_ordering operator<=>(const natural& a, I b) {
        return std::cmp_less(b, 0) ? std::strong_ordering::greater : a.compare(natural<2>{static_cast<std::uint64_t>(b)});
    }
    /// With a double: by `static_cast<double>` of this number.
    template <std::floating_point F>
    friend constexpr bool operator==(const natural& a, F b) { return static_cast<double>(a) == static_cast<double>(b); }
    template <std::floating_point F>
    friend constexpr std::partial_ordering operator<=>(const natural& a, F b) { return static_cast<double>(a) <=> static_cast<double>(b); }

    /// As a double, rounded limb by limb: within 2^-52 relative; infinity beyond its range.
    [[nodiscard]] constexpr explicit operator double() const {
        double value = 0;
        for (std::size_t i = Limbs; i-- > 0;) value = value * 4294967296.0 + limbs_[i];
        return value;
    }

    /// As a plain integer: `static_cast<std::uint64_t>(cardinality<S>)`.
    /// Throws input_error where it does not fit; in a constant expression that is an error of the compiler.
    template <std::integral I>
        requires(!std::same_as<I, bool>)
    [[nodiscard]] constexpr explicit operator I() const {
        if (!fits_64() || !std::in_range<I>(low_64())) throw input_error{"natural number", "", "one that the integer type holds", to_string()};
        return static_cast<I>(low_64());
    }

    /// Whether the number fits 64 bits, and the number.
    [[nodiscard]] constexpr bool fits_64() const {
        for (std::size_t i = 2; i < Limbs; ++i)
            if (limbs_[i] != 0) return false;
        return true;
    }
    [[nodiscard]] constexpr std::uint64_t low_64() const { return std::uint64_t{limb(1)} << 32U | limb(0); }

    [[nodiscard]] constexpr std::uint32_t limb(std::size_t i) const { return i < Limbs ? limbs_[i] : 0; }

    /// Decimal digits.
    [[nodiscard]] std::string to_string() const {
        std::string digits;
        auto rest = limbs_;
        for (bool more = true; more;) {
            std::uint64_t remainder = 0;
            more = false;
            for (std::size_t i = Limbs; i-- > 0;) {
                remainder = (remainder << 32U) | rest[i];
                rest[i] = static_cast<std::uint32_t>(remainder / 10);
                remainder %= 10;
                more = more || rest[i] != 0;
            }
            digits.insert(digits.begin(), static_cast<char>('0' + remainder));
        }
        return digits;
    }

    /// Writes the decimal digits.
    template <class Stream>
    friend Stream& operator<<(Stream& out, const natural& n) {
        out << n.to_string();
        return out;
    }

private:
    template <std::size_t Other>
    [[nodiscard]] constexpr std::strong_ordering compare(const natural<Other>& b) const {
        for (std::size_t i = Limbs > Other ? Limbs : Other; i-- > 0;)
            if (limb(i) != b.limb(i)) return limb(i) <=> b.limb(i);
        return std::strong_ordering::equal;
    }

    std::array<std::uint32_t, Limbs> limbs_{};
};

} // namespace verdant
