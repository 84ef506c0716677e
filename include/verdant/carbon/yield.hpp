#pragma once

#include <verdant/carbon/detail/elementary.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <string>

/// Yield: which share of the dies of a wafer works, from their area and the density of defects.
namespace verdant::carbon {

/// How defects lie on a wafer. With x = area * density:
enum class yield_model : unsigned char {
    poisson,           ///< e^-x: independent of each other
    murphy, ///< ((1 - e^-x) / x)^2: densities with a triangular distribution (Murphy, "Cost-size optima of monolithic integrated circuits", Proc. IEEE 52, 1964)
    seeds, ///< e^-sqrt(x): strongly clustered (the form that goes by the name of Seeds; Boavizta's processors have it with 0.1 defects per cm2)
    negative_binomial, ///< (1 + x/a)^-a with the clustering a (Stapper, IBM J. Res. Dev. 27, 1983); a = 1 is Bose-Einstein's 1/(1 + x)
};

/// Defects of a process.
struct defects {
    double per_square_centimetre = 0; ///< not negative
    double clustering = 10; ///< a of the negative binomial model, above 0; the other models have none. 10: ECO-CHIP and 3D-Carbon
};

namespace detail {

/// (1 + x/a)^-a; 0 where it is below 1e-250. A large a, which comes near to Poisson's e^-x, is raised by the logarithm's series: in 1 + x/a the
/// digits of x would be lost.
[[nodiscard]] constexpr double negative_binomial(double x, double a) {
    const double y = x / a;
    if (a <= 64.0 || y >= 1e-3) return power_of(1.0 + y, -a);
    const double exponent = x * (1.0 - y * (1.0 / 2.0 - y * (1.0 / 3.0 - y * (1.0 / 4.0 - y * (1.0 / 5.0 - y / 6.0)))));
    return exponent < 580.0 ? exponential_of(-exponent) : 0.0;
}

} // namespace detail

/// Share of working dies, more than 0 and at most 1.
/// @param die   its area
/// @param found the defects of its process
/// @throws input_error if area or density are negative or not finite, the clustering is not above 0, or no die in 10^250 would work
[[nodiscard]] constexpr double die_yield(si::area die, const defects& found, yield_model model = yield_model::negative_binomial) {
    const double square_centimetres_of_die = in<square_centimetres>(die);
    if (!(square_centimetres_of_die >= 0.0 && square_centimetres_of_die <= 1e300))
        throw input_error{"area of a die in cm2", "", "a finite number, not negative", std::to_string(square_centimetres_of_die)};
    if (!(found.per_square_centimetre >= 0.0 && found.per_square_centimetre <= 1e300))
        throw input_error{"defects per cm2", "", "a finite number, not negative", std::to_string(found.per_square_centimetre)};
    const double x = square_centimetres_of_die * found.per_square_centimetre;
    const auto refuse = [x] { throw input_error{"yield", "", "a die of which one in 10^250 works", "one with " + std::to_string(x) + " defects"}; };
    double yield = 1.0;
    switch (model) {
    case yield_model::poisson:
        if (!(x < 570.0)) refuse();
        yield = detail::exponential_of(-x);
        break;
    case yield_model::murphy: {
        if (!(x < 1e120)) refuse();
        // Near 0, 1 - e^-x loses its digits, and a yield could be above 1; what is left out of the series is below 1e-16.
        const double share = x < 1e-3 ? 1.0 - x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0 * (1.0 - x / 5.0)))
                                      : (1.0 - (x < 600.0 ? detail::exponential_of(-x) : 0.0)) / x;
        yield = share * share;
        break;
    }
    case yield_model::seeds: {
        const double root = x < 1e300 ? detail::square_root(x) : 1e150;
        if (!(root < 570.0)) refuse();
        yield = detail::exponential_of(-root);
        break;
    }
    case yield_model::negative_binomial:
        if (!(found.clustering > 0.0 && found.clustering <= 1e300))
            throw input_error{"clustering of defects", "", "a finite number above 0", std::to_string(found.clustering)};
        if (!(x < 1e300)) refuse();
        yield = detail::negative_binomial(x, found.clustering);
        break;
    }
    if (!(yield > 1e-250)) refuse();
    return yield;
}

} // namespace verdant::carbon
