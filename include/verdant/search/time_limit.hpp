#pragma once

#include <verdant/units.hpp>

#include <limits>

namespace verdant {

/// How long a search may take; without an argument, for ever. Made from any duration of std::chrono, `std::chrono::hours{8}`, or from a time with a
/// unit, `8.0 * hours{}`.
class time_limit {
public:
    constexpr time_limit() = default;
    /// A duration of std::chrono, told by its members, since <chrono> takes long to compile.
    template <class Duration>
        requires requires(const Duration& d) {
            static_cast<double>(d.count());
            Duration::period::num;
            Duration::period::den;
        }
    constexpr time_limit(const Duration& d)
        : seconds_{static_cast<double>(d.count()) * static_cast<double>(Duration::period::num) / static_cast<double>(Duration::period::den)} {}
    constexpr time_limit(const si::time& t) : seconds_{t.value()} {}

    /// Infinite where there is no limit.
    [[nodiscard]] constexpr si::time time() const { return si::time::from_value(seconds_); }

private:
    double seconds_ = std::numeric_limits<double>::infinity();
};

} // namespace verdant
