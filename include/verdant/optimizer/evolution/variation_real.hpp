#pragma once

#include <verdant/error.hpp>
#include <verdant/optimizer/evolution/real_box.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Crossover and mutation of real vectors: simulated binary crossover, polynomial mutation.
namespace verdant {

namespace detail {

/// `x` to the power of a distribution index plus one: by multiplication where that is a small whole number, as it usually is.
class index_power {
public:
    explicit index_power(double exponent) : exponent_{exponent} {
        if (exponent == std::floor(exponent) && exponent >= 1 && exponent <= 128) whole_ = static_cast<unsigned>(exponent);
    }

    [[nodiscard]] double operator()(double x) const noexcept {
        if (whole_ == 0) return std::pow(x, exponent_);
        double result = 1;
        for (auto n = whole_; n != 0; n >>= 1, x *= x)
            if ((n & 1U) != 0) result *= x;
        return result;
    }

    [[nodiscard]] double root(double x) const noexcept { return std::pow(x, 1 / exponent_); }

private:
    double exponent_;
    unsigned whole_ = 0;
};

inline void require_fraction(const char* name, double value) {
    if (!(value >= 0 && value <= 1)) throw input_error{"real variation", name, "a probability", exact_text(value)};
}

inline void require_index(const char* name, double value) {
    if (!(value >= 0 && std::isfinite(value))) throw input_error{"real variation", name, "a distribution index of 0 or more", exact_text(value)};
}

/// Moves what lies outside of a box to its border. Genomes that nobody asked for may be told, and beyond the box the spread factors are no numbers.
inline void move_inside(std::span<double> x, const real_box& box) {
    if (x.size() != box.size()) throw input_error{"real variation", "genome", std::to_string(box.size()) + " variables", std::to_string(x.size())};
    for (std::size_t j = 0; j < x.size(); ++j) x[j] = box.inside(j, x[j]);
}

} // namespace detail

/// Simulated binary crossover (Deb and Agrawal, Complex Systems 9, 1995) in its bounded form (Deb and Kumar, Complex Systems 9, 1995, as in
/// the NSGA-II code of Deb): the spread of the two children is distributed so that none leaves the box.
class simulated_binary_crossover {
public:
    struct options {
        /// Probability that a pair is crossed at all. Published: 0.9 (Deb et al., IEEE TEC 6(2), 2002, section IV-A).
        double rate = 0.9;
        /// Distribution index eta_c: the larger, the nearer the children to their parents. Published: 20 (same place).
        double index = 20;
        /// Probability that a variable of a crossed pair takes part. Published: 0.5.
        double variable_rate = 0.5;
    };

    simulated_binary_crossover() : simulated_binary_crossover{options{}} {}
    explicit simulated_binary_crossover(options chosen) : options_{chosen}, power_{chosen.index + 1} {
        detail::require_fraction("crossover rate", chosen.rate);
        detail::require_fraction("crossover rate of a variable", chosen.variable_rate);
        detail::require_index("crossover index", chosen.index);
    }

    /// Turns two copies of the parents into the children, which lie in the box even where parents do not.
    void operator()(std::span<double> a, std::span<double> b, const real_box& box, random_stream& random) const {
        detail::move_inside(a, box);
        detail::move_inside(b, box);
        if (!random.chance(options_.rate)) return;
        for (std::size_t j = 0; j < a.size(); ++j) {
            // A smaller difference would overflow the spread factors; the published code has the same limit.
            if (!random.chance(options_.variable_rate) || std::abs(a[j] - b[j]) <= 1e-14) continue;
            const double low = std::min(a[j], b[j]), high = std::max(a[j], b[j]), gap = high - low, sum = low + high;
            const double u = random.uniform();
            const double first = 0.5 * (sum - spread(u, 1 + 2 * (low - box.lower(j)) / gap) * gap);
            const double second = 0.5 * (sum + spread(u, 1 + 2 * (box.upper(j) - high) / gap) * gap);
            a[j] = std::clamp(first, box.lower(j), box.upper(j));
            b[j] = std::clamp(second, box.lower(j), box.upper(j));
            if (random() >> 63 != 0) std::swap(a[j], b[j]);
        }
    }

private:
    /// Quantile `u` of the spread factor when the child may lie at most `beta` half-gaps from the middle.
    [[nodiscard]] double spread(double u, double beta) const noexcept {
        const double alpha = 2 - 1 / power_(beta);
        const double x = u * alpha;
        return power_.root(x <= 1 ? x : 1 / (2 - x));
    }

    options options_;
    detail::index_power power_;
};

/// Polynomial mutation (Deb and Goyal, Computer Science and Informatics 26(4), 1996) in the bounded form of the NSGA-II code of Deb: the
/// perturbation is distributed so that the child never leaves the box.
class polynomial_mutation {
public:
    struct options {
        /// Probability for each variable; none means 1 / number of variables. Published: 1 / n (Deb et al., IEEE TEC 6(2), 2002, section
        /// IV-A).
        std::optional<double> rate{};
        /// Distribution index eta_m. Published: 20 (same place).
        double index = 20;
    };

    polynomial_mutation() : polynomial_mutation{options{}} {}
    explicit polynomial_mutation(options chosen) : options_{chosen}, power_{chosen.index + 1} {
        if (chosen.rate) detail::require_fraction("mutation rate", *chosen.rate);
        detail::require_index("mutation index", chosen.index);
    }

    /// @param x moved into the box where it lies outside
    void operator()(std::span<double> x, const real_box& box, random_stream& random) const {
        detail::move_inside(x, box);
        const double rate = options_.rate.value_or(1 / static_cast<double>(x.size()));
        for (std::size_t j = 0; j < x.size(); ++j) {
            if (!random.chance(rate)) continue;
            const double width = box.upper(j) - box.lower(j);
            if (!(width > 0)) continue;
            const double u = random.uniform();
            const double room = u < 0.5 ? (box.upper(j) - x[j]) / width : (x[j] - box.lower(j)) / width;
            const double share = u < 0.5 ? 2 * u : 2 * (1 - u);
            const double step = power_.root(share + (1 - share) * power_(room)) - 1;
            x[j] = std::clamp(x[j] + (u < 0.5 ? step : -step) * width, box.lower(j), box.upper(j));
        }
    }

private:
    options options_;
    detail::index_power power_;
};

/// Variation of real vectors in a box: `Genome` is `std::vector<double>` or `std::array<double, N>` with as many variables as the box.
template <class Genome = std::vector<double>, class Crossover = simulated_binary_crossover, class Mutation = polynomial_mutation>
class real_variation {
public:
    explicit real_variation(real_box box, Crossover crossover = Crossover{}, Mutation mutation = Mutation{})
        : box_{std::move(box)}, crossover_{std::move(crossover)}, mutation_{std::move(mutation)} {
        if constexpr (!requires(Genome& g) { g.resize(box_.size()); })
            if (Genome{}.size() != box_.size())
                throw input_error{"real variation", "box", std::to_string(Genome{}.size()) + " variables", std::to_string(box_.size())};
    }

    /// Uniform in the box.
    [[nodiscard]] Genome initial(random_stream& random) const {
        Genome x{};
        if constexpr (requires { x.resize(box_.size()); }) x.resize(box_.size());
        for (std::size_t j = 0; j < x.size(); ++j) x[j] = random.uniform(box_.lower(j), box_.upper(j));
        return x;
    }

    [[nodiscard]] std::pair<Genome, Genome> crossover(const Genome& a, const Genome& b, random_stream& random) const {
        std::pair<Genome, Genome> children{a, b};
        crossover_(std::span<double>{children.first}, std::span<double>{children.second}, box_, random);
        return children;
    }

    void mutate(Genome& x, random_stream& random) const { mutation_(std::span<double>{x}, box_, random); }

    [[nodiscard]] const real_box& box() const noexcept { return box_; }

private:
    real_box box_;
    Crossover crossover_;
    Mutation mutation_;
};

} // namespace verdant
