#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/numeric/symmetric_eigen.hpp>
#include <verdant/optimizer/cma/strategy_parameters.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

/// The normal distribution of CMA-ES with margin.
namespace verdant {

/// All that a `margin_distribution` goes on from.
struct margin_state {
    std::vector<double> mean;
    double sigma = 0.3;
    std::vector<double> covariance; ///< row-major
    std::vector<double> stretch; ///< the diagonal matrix A: by how much each variable is stretched before it is rounded
    std::vector<double> path, sigma_path;
    std::size_t generation = 0;

    friend bool operator==(const margin_state&, const margin_state&) = default;
};

/// A normal distribution over ordered variables of so many values each, which moves to where samples were good (Hansen, "The CMA evolution strategy:
/// a tutorial", arXiv 1604.00772), and never gives up any variable: with a probability of at least about `margin` each takes another value than the
/// mean's (Hamano, Saito, Nomura, Shirakawa, "CMA-ES with margin", GECCO 2022). Values of a variable are cells of equal width of the interval from 0
/// to 1.
class margin_distribution {
public:
    /// @param values of each variable, 2 or more @param samples of a generation, 3 or more
    margin_distribution(std::vector<std::uint32_t> values, std::size_t samples)
        : values_{std::move(values)}, constants_{std::max<std::size_t>(values_.size(), 1), samples},
          margin_{1 / static_cast<double>(std::max<std::size_t>(values_.size(), 1) * samples)} {
        begin(std::vector<double>(size(), 0.5), 0.3);
    }

    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
    [[nodiscard]] const margin_state& state() const noexcept { return state_; }
    [[nodiscard]] const strategy_parameters& constants() const noexcept { return constants_; }
    [[nodiscard]] double margin() const noexcept { return margin_; }

    /// Starts anew. @param mean from 0 to 1 each
    template <class = instantiated_when_used>
    void begin(std::vector<double> mean, double sigma);
    /// @pre of as many variables
    template <class = instantiated_when_used>
    void restore(margin_state state);

    /// Draws a vector, from which `rounded` gives values and from which `update` learns.
    template <class = instantiated_when_used>
    [[nodiscard]] std::vector<double> draw(random_stream& random) const;

    /// The value of a variable in a drawn vector.
    [[nodiscard]] std::uint32_t rounded(std::size_t i, std::span<const double> x) const { return cell(i, stretched(i, x[i])); }
    /// Moves a variable of a drawn vector as little as makes it this value.
    void move(std::size_t i, std::vector<double>& x, std::uint32_t value) const {
        const auto n = static_cast<double>(values_[i]), inside = 1e-6 / n;
        const double low = value == 0 ? -1e300 : value / n + inside, high = value + 1 == values_[i] ? 1e300 : (value + 1) / n - inside;
        x[i] = state_.mean[i] + (std::clamp(stretched(i, x[i]), low, high) - state_.mean[i]) / state_.stretch[i];
    }
    /// The middle of a value's cell.
    [[nodiscard]] double middle(std::size_t i, std::uint32_t value) const { return (value + 0.5) / values_[i]; }

    /// Learns from a generation. @param best_first vectors that were drawn, now or in an earlier generation, as many as `constants().weights`
    template <class = instantiated_when_used>
    void update(std::span<const std::vector<double>* const> best_first);

    /// Whether it has degenerated: numbers that are not finite, or axes of lengths that no computation tells apart.
    [[nodiscard]] bool degenerate() const {
        double low = 1e300, high = 0;
        for (const double d : deviations_) {
            low = std::min(low, d);
            high = std::max(high, d);
        }
        return size() > 0 && !(std::isfinite(state_.sigma) && state_.sigma > 0 && low > 0 && high / low < 1e7 && state_.sigma * high < 1e4);
    }

private:
    [[nodiscard]] double stretched(std::size_t i, double x) const { return state_.mean[i] + (x - state_.mean[i]) * state_.stretch[i]; }
    [[nodiscard]] std::uint32_t cell(std::size_t i, double x) const {
        const double at = std::ceil(x * values_[i]) - 1;
        if (!(at > 0)) return 0; // nor is what is not a number
        return at < values_[i] ? static_cast<std::uint32_t>(at) : values_[i] - 1;
    }

    void prepare() {
        axes_ = eigen_of_symmetric(state_.covariance, size());
        deviations_.resize(size());
        for (std::size_t k = 0; k < size(); ++k) deviations_[k] = std::sqrt(std::max(axes_.values[k], 1e-16));
    }

    /// Multiplies by the inverse root of the covariances.
    void whiten(std::span<const double> x, std::span<double> white) const {
        const auto n = size();
        for (auto& w : white) w = 0;
        for (std::size_t k = 0; k < n; ++k) {
            double along = 0;
            for (std::size_t i = 0; i < n; ++i) along += axes_.vectors[i * n + k] * x[i];
            for (std::size_t i = 0; i < n; ++i) white[i] += axes_.vectors[i * n + k] * along / deviations_[k];
        }
    }

    void learn_covariance(std::span<const double> steps, bool moves) {
        const auto n = size();
        auto weights = constants_.weights;
        double sum = 0;
        std::vector<double> white(n);
        for (std::size_t k = 0; k < weights.size(); ++k) {
            sum += weights[k];
            if (weights[k] >= 0) continue;
            whiten(steps.subspan(k * n, n), white);
            double square = 0;
            for (const double w : white) square += w * w;
            weights[k] *= static_cast<double>(n) / (square + 1e-8);
        }
        const double lost = moves ? 0 : constants_.rank_one * constants_.path_rate * (2 - constants_.path_rate);
        const double kept = 1 + lost - constants_.rank_one - constants_.rank_mu * sum;
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j <= i; ++j) {
                double mu = 0;
                for (std::size_t k = 0; k < weights.size(); ++k) mu += weights[k] * steps[k * n + i] * steps[k * n + j];
                const double c =
                    kept * state_.covariance[i * n + j] + constants_.rank_one * state_.path[i] * state_.path[j] + constants_.rank_mu * mu;
                state_.covariance[i * n + j] = state_.covariance[j * n + i] = c;
            }
    }

    /// Moves the mean, or stretches the variable, until other values than the mean's are likely enough (Hamano et al., section 4).
    void keep_margin(std::size_t i) {
        const auto n = static_cast<double>(values_[i]);
        auto& m = state_.mean[i];
        const double unit = state_.sigma * std::sqrt(std::max(state_.covariance[i * size() + i], 1e-16)), deviation = unit * state_.stretch[i];
        const auto at = cell(i, m);
        if (at == 0 || at + 1 == values_[i]) {
            const double border = at == 0 ? 1 / n : (n - 1) / n;
            const double across = surrogate::normal_probability(-std::abs(m - border) / deviation);
            if (across < margin_) m = border + (m <= border ? -1 : 1) * deviation * -surrogate::normal_quantile(margin_);
            return;
        }
        const double low = at / n, high = (at + 1) / n;
        double below = surrogate::normal_probability((low - m) / deviation), above = surrogate::normal_probability((m - high) / deviation);
        const double between = 1 - below - above, half = margin_ / 2;
        below = std::max(below, half);
        above = std::max(above, half);
        const double excess = (1 - below - above - between) / (below + between + above - 3 * half);
        below = std::clamp(below + excess * (below - half), 1e-10, 0.5 - 1e-10);
        above = std::clamp(above + excess * (above - half), 1e-10, 0.5 - 1e-10);
        const double down = -surrogate::normal_quantile(below), up = -surrogate::normal_quantile(above);
        state_.stretch[i] = (high - low) / ((down + up) * unit);
        m = (low * up + high * down) / (down + up);
    }

    std::vector<std::uint32_t> values_;
    strategy_parameters constants_;
    double margin_;
    margin_state state_;
    symmetric_eigen axes_;
    std::vector<double> deviations_; ///< along the axes
};

template <class>
void margin_distribution::begin(std::vector<double> mean, double sigma) {
    const auto n = size();
    margin_state s{std::move(mean),
                   sigma,
                   std::vector<double>(n * n, 0.0),
                   std::vector<double>(n, 1.0),
                   std::vector<double>(n, 0.0),
                   std::vector<double>(n, 0.0),
                   0};
    for (std::size_t i = 0; i < n; ++i) s.covariance[i * n + i] = 1;
    restore(std::move(s));
}
VERDANT_DEFINED_ONCE(void margin_distribution::begin<>(std::vector<double>, double));

template <class>
void margin_distribution::restore(margin_state state) {
    state_ = std::move(state);
    prepare();
}
VERDANT_DEFINED_ONCE(void margin_distribution::restore<>(margin_state));

template <class>
std::vector<double> margin_distribution::draw(random_stream& random) const {
    const auto n = size();
    std::vector<double> x = state_.mean, z(n);
    for (auto& v : z) v = surrogate::normal_quantile((static_cast<double>(random() >> 11) + 0.5) * 0x1.0p-53);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < n; ++k) x[i] += state_.sigma * axes_.vectors[i * n + k] * deviations_[k] * z[k];
    return x;
}
VERDANT_DEFINED_ONCE(std::vector<double> margin_distribution::draw<>(random_stream&) const);

template <class>
void margin_distribution::update(std::span<const std::vector<double>* const> best_first) {
    ++state_.generation;
    if (size() == 0) return;
    const auto n = size();
    std::vector<double> steps(best_first.size() * n), middle(n, 0.0), white(n, 0.0);
    for (std::size_t k = 0; k < best_first.size(); ++k)
        for (std::size_t i = 0; i < n; ++i) {
            steps[k * n + i] = ((*best_first[k])[i] - state_.mean[i]) / state_.sigma;
            if (k < constants_.parents) middle[i] += constants_.weights[k] * steps[k * n + i];
        }
    for (std::size_t i = 0; i < n; ++i) state_.mean[i] += state_.sigma * middle[i];
    whiten(middle, white);
    const double kept = 1 - constants_.sigma_path_rate;
    double length = 0;
    for (std::size_t i = 0; i < n; ++i) {
        state_.sigma_path[i] = kept * state_.sigma_path[i] + std::sqrt((1 - kept * kept) * constants_.effective) * white[i];
        length += state_.sigma_path[i] * state_.sigma_path[i];
    }
    length = std::sqrt(length);
    state_.sigma *= std::exp(std::min(1.0, constants_.sigma_path_rate / constants_.damping * (length / constants_.path_length - 1)));
    // A path that has grown long since steps go one way leaves the covariances alone.
    const double settled = std::sqrt(1 - std::pow(kept, 2 * static_cast<double>(state_.generation + 1)));
    const bool moves = length / settled < (1.4 + 2 / (static_cast<double>(n) + 1)) * constants_.path_length;
    for (std::size_t i = 0; i < n; ++i)
        state_.path[i] = (1 - constants_.path_rate) * state_.path[i] +
                         (moves ? std::sqrt(constants_.path_rate * (2 - constants_.path_rate) * constants_.effective) * middle[i] : 0);
    learn_covariance(steps, moves);
    prepare();
    for (std::size_t i = 0; i < n; ++i) keep_margin(i);
}
VERDANT_DEFINED_ONCE(void margin_distribution::update<>(std::span<const std::vector<double>* const>));

} // namespace verdant
