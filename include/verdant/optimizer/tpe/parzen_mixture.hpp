#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/table.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Densities over the points of a space, from kernels around some of them.
namespace verdant {

/// How the parameters of a Parzen mixture go together.
enum class parzen_factors : std::uint8_t {
    joint,      ///< one kernel a point over all parameters, so that what goes together is drawn together
    independent ///< a mixture for each parameter: published
};

/// Kernels around points, and the uniform distribution beside them as one more component (Bergstra, Bardenet, Bengio, Kegl, "Algorithms for
/// hyper-parameter optimization", NeurIPS 2011, section 4).
///
/// Where a parameter has no order (more than two strings or enumerators; two values have none either), a kernel of n of them has the weight 1 + w /
/// (n + 1) at its value and w / (n + 1) at each other, with the weight w of the uniform component, normalised (Optuna 3.1,
/// samplers/_tpe/parzen_estimator.py). Otherwise it is a normal distribution over the index, cut off at both ends of the domain, in each value as
/// much as lies nearest to it; so logarithmic domains are searched by the logarithm. Its deviation is 0.2 n^(-1 / (d + 4)) times the domain for d
/// parameters (Scott's rule; the same file), at least a share 1 / min(100, n + 1) of it, and at least 0.3 of a step, so that the next value is not
/// out of reach. A parameter that does not exist at a point has no say there.
class parzen_mixture {
public:
    /// Stands for the index of a parameter that does not exist at a point.
    static constexpr auto absent = ~std::uint32_t{0};

    /// @param prior_weight of the uniform component, where each kernel has 1; above 0
    parzen_mixture(const space_view& space, double prior_weight, parzen_factors factors) : prior_{prior_weight}, factors_{factors} {
        for (std::size_t p = 0; p < space.size(); ++p) {
            const auto n = space.domain_size(p);
            const bool ordered = n > 2 && space.kind(p) != value_kind::text && space.kind(p) != value_kind::enumeration;
            parameters_.push_back({static_cast<std::uint32_t>(n), ordered, {}, {}, 1, 0, 0});
        }
    }

    void clear() { kernels_.clear(); }
    /// @param indices one a parameter, or `absent`
    void add(std::span<const std::uint32_t> indices) { kernels_.insert(kernels_.end(), indices.begin(), indices.end()); }
    [[nodiscard]] std::size_t size() const noexcept { return parameters_.empty() ? 0 : kernels_.size() / parameters_.size(); }

    /// Fits the kernels to their number. To be called between `add` and what follows; kernels that are added later are as wide as those before.
    template <class = instantiated_when_used>
    void prepare();

    /// The logarithm of the density, relative to the uniform one. @pre prepared
    template <class = instantiated_when_used>
    [[nodiscard]] double log_density(std::span<const std::uint32_t> at);

    /// Draws from the mixture. @param indices one a parameter; `absent` where the kernel's point lacks it or the uniform component was drawn: any
    /// value will do
    /// @return the kernel whose point others may be taken from, `size()` where the uniform component was drawn for all. @pre prepared
    template <class = instantiated_when_used>
    std::size_t draw(std::span<std::uint32_t> indices, random_stream& random) const;

private:
    static constexpr std::size_t tabulated = 4096; ///< values of an ordered parameter whose kernels are tabulated
    static constexpr std::size_t row_length = 64; ///< values of a parameter whose factors are tabulated for each density

    struct parameter {
        std::uint32_t values;
        bool ordered;
        std::vector<double> by_distance, by_centre; ///< of an ordered one: mass of a value so far from the centre, and what it is divided by there
        double own, other, deviation;
    };

    /// How much of a kernel lies inside the domain.
    [[nodiscard]] static double inside(const parameter& p, std::size_t centre) {
        const auto c = static_cast<double>(centre);
        return surrogate::normal_probability((static_cast<double>(p.values) - 0.5 - c) / p.deviation) -
               surrogate::normal_probability((-0.5 - c) / p.deviation);
    }
    [[nodiscard]] std::size_t component(random_stream& random) const {
        const auto r = random.uniform() * (static_cast<double>(size()) + prior_);
        return std::min(size(), static_cast<std::size_t>(r));
    }
    [[nodiscard]] static std::uint32_t drawn(const parameter& p, std::uint32_t centre, random_stream& random) {
        if (!p.ordered) return random.uniform() * p.values < p.own - p.other ? centre : static_cast<std::uint32_t>(random.below(p.values));
        const auto c = static_cast<double>(centre), last = static_cast<double>(p.values - 1);
        const auto low = surrogate::normal_probability((-0.5 - c) / p.deviation), share = low + random.uniform() * inside(p, centre);
        return static_cast<std::uint32_t>(std::clamp(std::nearbyint(c + p.deviation * surrogate::normal_quantile(share)), 0.0, last));
    }

    [[nodiscard]] static double computed(const parameter& p, std::uint32_t at, std::uint32_t centre) {
        if (!p.ordered) return at == centre ? p.own : p.other;
        const std::size_t distance = at > centre ? at - centre : centre - at;
        if (p.values <= tabulated) return p.by_distance[distance] * p.by_centre[centre];
        return p.values * surrogate::normal_density(static_cast<double>(distance) / p.deviation) / p.deviation / inside(p, centre);
    }
    [[nodiscard]] double factor(std::size_t p, std::uint32_t at, std::uint32_t centre) const {
        if (at == absent || centre == absent) return 1;
        if (begins_[p] != absent) return rows_[begins_[p] + centre];
        return computed(parameters_[p], at, centre);
    }
    /// The factors at this point by the kernels' values, for parameters of few of them.
    void make_rows(std::span<const std::uint32_t> at) {
        rows_.clear();
        begins_.assign(parameters_.size(), absent);
        for (std::size_t p = 0; p < parameters_.size(); ++p) {
            if (at[p] == absent || parameters_[p].values > row_length) continue;
            begins_[p] = static_cast<std::uint32_t>(rows_.size());
            for (std::uint32_t c = 0; c < parameters_[p].values; ++c) rows_.push_back(computed(parameters_[p], at[p], c));
        }
    }

    std::vector<parameter> parameters_;
    std::vector<std::uint32_t> kernels_; ///< point after point
    double prior_;
    parzen_factors factors_;
    std::vector<double> rows_; ///< kept between densities
    std::vector<std::uint32_t> begins_;
};

template <class>
void parzen_mixture::prepare() {
    const auto n = static_cast<double>(size());
    const auto dimensions = factors_ == parzen_factors::joint ? static_cast<double>(parameters_.size()) : 1.0;
    const auto share = std::max(0.2 * std::pow(std::max(n, 1.0), -1 / (dimensions + 4)), 1 / std::min(100.0, n + 1));
    for (auto& p : parameters_) {
        const auto values = static_cast<double>(p.values);
        if (!p.ordered) {
            const auto other = prior_ / (n + 1), all = 1 + values * other;
            p.own = values * (1 + other) / all;
            p.other = values * other / all;
            continue;
        }
        p.deviation = std::max(share * values, 0.3);
        p.by_distance.resize(std::min<std::size_t>(p.values, tabulated));
        p.by_centre.resize(p.by_distance.size());
        for (std::size_t i = 0; i < p.by_distance.size(); ++i) {
            const auto x = static_cast<double>(i);
            p.by_distance[i] =
                values * (surrogate::normal_probability((x + 0.5) / p.deviation) - surrogate::normal_probability((x - 0.5) / p.deviation));
            p.by_centre[i] = 1 / inside(p, i);
        }
    }
}
VERDANT_DEFINED_ONCE(void parzen_mixture::prepare<>());

template <class>
double parzen_mixture::log_density(std::span<const std::uint32_t> at) {
    const auto d = parameters_.size(), n = size();
    make_rows(at);
    const auto weight = static_cast<double>(n) + prior_;
    if (factors_ == parzen_factors::joint) {
        auto sum = prior_;
        for (std::size_t k = 0; k < n; ++k) {
            const auto* kernel = kernels_.data() + k * d;
            double product = 1;
            for (std::size_t p = 0; p < d; ++p) product *= factor(p, at[p], kernel[p]);
            sum += product;
        }
        return std::log(sum / weight);
    }
    double logarithm = 0;
    for (std::size_t p = 0; p < d; ++p) {
        auto sum = prior_;
        for (std::size_t k = 0; k < n; ++k) sum += factor(p, at[p], kernels_[k * d + p]);
        logarithm += std::log(sum / weight);
    }
    return logarithm;
}
VERDANT_DEFINED_ONCE(double parzen_mixture::log_density<>(std::span<const std::uint32_t>));

template <class>
std::size_t parzen_mixture::draw(std::span<std::uint32_t> indices, random_stream& random) const {
    const auto d = parameters_.size();
    auto k = component(random);
    for (std::size_t p = 0; p < d; ++p) {
        if (p > 0 && factors_ == parzen_factors::independent) k = component(random);
        indices[p] = k == size() || kernels_[k * d + p] == absent ? absent : drawn(parameters_[p], kernels_[k * d + p], random);
    }
    return k;
}
VERDANT_DEFINED_ONCE(std::size_t parzen_mixture::draw<>(std::span<std::uint32_t>, random_stream&) const);

} // namespace verdant
