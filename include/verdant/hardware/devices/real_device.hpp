#pragma once

#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// A product that can be bought or rented, by its published or measured figures. Unlike `hardware::device`, whose accelerators are like well-known
/// GPUs in one 22 nm template, these are models of the products themselves.
namespace verdant::hardware {

/// The format of the numbers that are multiplied.
enum class precision : unsigned char { fp32, tf32, bf16, fp16, fp8, int8 };

/// How many there are.
inline constexpr std::size_t precision_count = 6;
/// Their names, in order.
inline constexpr std::array<std::string_view, precision_count> precision_names{"fp32", "tf32", "bf16", "fp16", "fp8", "int8"};

[[nodiscard]] constexpr std::string_view name(precision p) {
    return static_cast<std::size_t>(p) < precision_count ? precision_names[static_cast<std::size_t>(p)] : "a precision without a name";
}

/// Bytes of a number in memory; TF32 is kept in 32 bits.
/// @throws input_error for a number that is not a precision
[[nodiscard]] constexpr double bytes_of(precision p) {
    switch (p) {
    case precision::fp32:
    case precision::tf32: return 4;
    case precision::bf16:
    case precision::fp16: return 2;
    case precision::fp8:
    case precision::int8: return 1;
    }
    throw input_error{"precision", "", "one of fp32, tf32, bf16, fp16, fp8 and int8", std::to_string(static_cast<int>(p))};
}

/// Peak operations a second by precision, a multiply-accumulate counted as two, without sparsity; 0 where the maker publishes none.
struct peak_rates {
    double fp32 = 0;
    double tf32 = 0;
    double bf16 = 0;
    double fp16 = 0;
    double fp8 = 0;
    double int8 = 0;

    [[nodiscard]] constexpr double operator[](precision p) const {
        const auto place = static_cast<std::size_t>(p);
        return place < precision_count ? std::array{fp32, tf32, bf16, fp16, fp8, int8}[place] : 0.0;
    }
};

/// A peak at one precision, none at the others.
[[nodiscard]] constexpr peak_rates only(precision p, double peak) {
    const auto at = [&](precision q) { return p == q ? peak : 0.0; };
    return {at(precision::fp32), at(precision::tf32), at(precision::bf16), at(precision::fp16), at(precision::fp8), at(precision::int8)};
}

/// The figures of a device that a roofline needs.
struct real_device {
    std::string_view name;
    peak_rates peaks;
    double bandwidth = 0; ///< of its memory, in bytes a second
    double capacity = 0;  ///< of its memory, in bytes
    double link = 0;      ///< to its peers, in bytes a second and direction; 0 where none is published
    si::power power{};    ///< what it may draw; 0 where none is published
};

/// Whether a roofline can be drawn: a positive bandwidth and at least one positive peak, nothing negative or infinite.
[[nodiscard]] constexpr bool has_roofline(const real_device& d) {
    const auto sound = [](double x) { return x >= 0 && x < 1e30; };
    bool some = false;
    for (std::size_t i = 0; i < precision_count; ++i) {
        const double peak = d.peaks[static_cast<precision>(i)];
        if (!sound(peak)) return false;
        some = some || peak > 0;
    }
    return some && d.bandwidth > 0 && sound(d.bandwidth) && sound(d.capacity) && sound(d.link) && sound(to_si(d.power));
}

/// Whether the device has a published peak at this precision.
[[nodiscard]] constexpr bool computes(const real_device& d, precision p) { return d.peaks[p] > 0; }

namespace detail {

/// @throws input_error if nothing is known of the device at this precision
constexpr void check_roofline(const real_device& d, precision p) {
    if (!hardware::has_roofline(d))
        throw input_error{"device", d.name, "a positive bandwidth and peak, and nothing negative", "figures that are not so"};
    if (!hardware::computes(d, p)) throw input_error{"device", d.name, "a precision with a peak", std::string{hardware::name(p)}};
}

} // namespace detail
} // namespace verdant::hardware
