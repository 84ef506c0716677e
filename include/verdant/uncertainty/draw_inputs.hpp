#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/uncertainty/distributions.hpp>
#include <verdant/uncertainty/draws.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

/// Draws of inputs, by seed and name.
namespace verdant::uncertainty {

/// How the uniform numbers of an input are drawn.
enum class sampling : std::uint8_t {
    independent, ///< each by itself
    stratified ///< one in each of n equal strata, in random order: a Latin hypercube of all inputs (McKay, Beckman, Conover, Technometrics 21(2), 1979)
};

/// Draws uncertain inputs. The draws of an input depend on the seed, their number and its name alone: not on other inputs, on the order in which they
/// are drawn, or on threads. So all designs are compared under the same draws of the world (common random numbers), and two inputs of one name are
/// one.
///
///     const draw_inputs world{.seed = 7, .count = 1000};
///     const auto grid = world("grid", lognormal{68.0 * grams_per_kilowatt_hour{}, 0.2});
struct draw_inputs {
    std::uint64_t seed = 0;
    std::size_t count = 1000;
    sampling how = sampling::independent;

    /// The draws of an input.
    /// @param name of the input; other names are independent of it
    /// @throws input_error for a count of 0
    template <distribution D>
    [[nodiscard]] draws<typename D::quantity> operator()(std::string_view name, const D& of) const {
        draws<typename D::quantity> made{count};
        shares(name, made.si());
        for (double& x : made.si()) x = of.si_quantile(x);
        return made;
    }

    /// Refused, with a sentence that says what to write.
    template <quantity_like Q>
    [[nodiscard]] draws<Q> operator()(std::string_view, Q) const {
        static_assert(verdant::detail::fits<Q>,
                      "verdant: what is drawn is a distribution; write one such as normal{3.0 * seconds{}, 0.1 * seconds{}}, and "
                      "exactly{3.0 * seconds{}} of what is known");
        return draws<Q>{count};
    }
    /// The same of a distribution that stands first.
    template <distribution D>
    [[nodiscard]] draws<typename D::quantity> operator()(const D&, std::string_view) const {
        static_assert(verdant::detail::fits<D>, "verdant: an input is drawn by its name first; write world(\"grid\", normal{68.0, 4.0})");
        return draws<typename D::quantity>{count};
    }

    /// The uniform numbers behind the draws of an input, above 0 and below 1.
    void shares(std::string_view name, std::span<double> into) const {
        if (into.empty()) throw input_error{"draws", "count", "at least 1", "0"};
        auto random = random_stream::derive(seed, fnv1a::of(name));
        // 52 bits and a half: neither 0 nor 1, whose quantiles may be infinite.
        const auto within = [&random] { return (static_cast<double>(random() >> 12) + 0.5) * 0x1.0p-52; };
        if (how == sampling::independent) {
            for (double& x : into) x = within();
            return;
        }
        std::vector<std::size_t> strata(into.size());
        std::iota(strata.begin(), strata.end(), std::size_t{0});
        random.shuffle(std::span{strata});
        const auto n = static_cast<double>(into.size());
        for (std::size_t i = 0; i < into.size(); ++i) {
            const double x = (static_cast<double>(strata[i]) + within()) / n;
            into[i] = x < 1 ? x : 1 - 0x1.0p-53;
        }
    }

    friend bool operator==(const draw_inputs&, const draw_inputs&) = default;
};

} // namespace verdant::uncertainty
