#pragma once

#include <verdant/meta/callable_address.hpp>
#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/lbfgsb.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/numeric/sobol.hpp>
#include <verdant/random/stream.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Searches for the points that an acquisition function values most.
namespace verdant {

/// Worth of a further point: (x in [0, 1]^d, gradient or null) -> value to be maximised. The gradient is written where it is asked for.
template <class A>
concept acquisition_function = requires(A& a, const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
    { a(x, gradient) } -> std::convertible_to<double>;
};

namespace detail {

/// A value for choosing starts: that of `screen` where an acquisition function has such a cheaper estimate of itself.
template <acquisition_function A>
[[nodiscard]] double screened(A& acquisition, const Eigen::VectorXd& x) {
    if constexpr (requires {
                      { acquisition.screen(x) } -> std::convertible_to<double>;
                  })
        return acquisition.screen(x);
    else return acquisition(x, nullptr);
}

/// An acquisition function without its type.
class acquisition_reference {
public:
    /// @param of outlives this
    template <acquisition_function A>
        requires(!std::same_as<A, acquisition_reference>)
    explicit acquisition_reference(A& of)
        : object_{callable_address(of)},
          value_{[](void* object, const Eigen::VectorXd& x, Eigen::VectorXd* gradient) -> double { return callable_at<A>(object)(x, gradient); }},
          screen_{[](void* object, const Eigen::VectorXd& x) -> double { return screened(callable_at<A>(object), x); }} {}

    double operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) const { return value_(object_, x, gradient); }
    [[nodiscard]] double screen(const Eigen::VectorXd& x) const { return screen_(object_, x); }

private:
    void* object_;
    double (*value_)(void*, const Eigen::VectorXd&, Eigen::VectorXd*);
    double (*screen_)(void*, const Eigen::VectorXd&);
};

} // namespace detail

/// How an acquisition function is maximised; the numbers of samples and starts are those of Ax 0.3.7 (botorch_modular/optimizer_argparse.py). Its
/// minimiser goes on to 1e-5 and 2.2e-9; here maxima are rounded to points afterwards, so that more than three digits are of no use.
struct acquisition_search_options {
    std::size_t raw_samples = 1024; ///< Sobol points that starts are chosen from
    std::size_t starts = 20; ///< starts of L-BFGS-B
    std::size_t finished = 5; ///< the starts that are best after some iterations go on
    surrogate::lbfgsb_options minimiser{.gradient_tolerance = 1e-3, .decrease_tolerance = 1e-4};

    using described = members<member<"raw_samples", &acquisition_search_options::raw_samples>, member<"starts", &acquisition_search_options::starts>,
                              member<"finished", &acquisition_search_options::finished, member_role::unrecorded>,
                              member<"minimiser", &acquisition_search_options::minimiser, member_role::inlined>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        require_count(source, "maximiser.raw_samples", raw_samples, 1);
        require_count(source, "maximiser.starts", starts, 1);
        require_count(source, "maximiser.finished", finished, 1);
        minimiser.check(std::string{source} + ", maximiser");
    }
};

/// A local maximum of an acquisition function.
struct acquisition_candidate {
    Eigen::VectorXd x;
    double value = 0;
};

namespace detail {

/// Chooses different indices with probabilities proportional to exp of the standardised values, the best one always among them
/// (Boltzmann selection; BoTorch, optim/initializers.py, initialize_q_batch).
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::size_t> boltzmann_selection(std::span<const double> values, std::size_t count, random_stream& random) {
    const auto n = values.size();
    const auto mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(n);
    double squares = 0;
    for (const auto v : values) squares += (v - mean) * (v - mean);
    const auto deviation = std::sqrt(squares / static_cast<double>(std::max<std::size_t>(n, 2) - 1));
    // The largest of log(weight) + Gumbel noise are a draw without replacement.
    std::vector<double> keys(n);
    for (std::size_t i = 0; i < n; ++i) {
        const auto gumbel = -std::log(-std::log(random.uniform() + 0x1.0p-54));
        keys[i] = (deviation > 0 ? (values[i] - mean) / deviation : 0.0) + gumbel;
    }
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    count = std::min(count, n);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                      [&](std::size_t a, std::size_t b) { return keys[a] > keys[b]; });
    order.resize(count);
    const auto best = static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
    if (std::find(order.begin(), order.end(), best) == order.end()) order.back() = best;
    return order;
}
VERDANT_DEFINED_ONCE(std::vector<std::size_t> boltzmann_selection<>(std::span<const double>, std::size_t, random_stream&));

/// What `maximise_acquisition` does.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<acquisition_candidate> acquisition_maxima(acquisition_reference acquisition, std::size_t dimensions, random_stream& random,
                                                                    const acquisition_search_options& options) {
    const auto d = static_cast<Eigen::Index>(dimensions);
    const auto raw = std::max<std::size_t>(options.raw_samples, 1);
    surrogate::sobol_sequence sobol{dimensions, random};
    Eigen::MatrixXd points(d, static_cast<Eigen::Index>(raw));
    std::vector<double> values(raw);
    Eigen::VectorXd x(d);
    for (std::size_t i = 0; i < raw; ++i) {
        sobol.next({x.data(), dimensions});
        points.col(static_cast<Eigen::Index>(i)) = x;
        values[i] = acquisition.screen(x);
    }
    const Eigen::VectorXd low = Eigen::VectorXd::Zero(d), high = Eigen::VectorXd::Ones(d);
    std::vector<acquisition_candidate> found;
    const auto negative = [&](const Eigen::VectorXd& at, Eigen::VectorXd& gradient) {
        const auto value = acquisition(at, &gradient);
        gradient = -gradient;
        return -value;
    };
    const auto by_value = [](const auto& a, const auto& b) {
        if (a.value != b.value) return a.value > b.value;
        return std::lexicographical_compare(a.x.data(), a.x.data() + a.x.size(), b.x.data(), b.x.data() + b.x.size());
    };
    // Most starts climb the same hills, or low ones: a few iterations show which.
    constexpr std::size_t few = 5;
    auto first = options.minimiser, rest = options.minimiser;
    first.iterations = std::min(few, first.iterations);
    rest.iterations -= first.iterations;
    for (const auto i : boltzmann_selection(values, options.starts, random)) {
        const auto result = surrogate::lbfgsb(negative, points.col(static_cast<Eigen::Index>(i)), low, high, first);
        found.push_back({result.x, -result.value});
    }
    std::sort(found.begin(), found.end(), by_value);
    for (std::size_t i = 0; rest.iterations > 0 && i < std::min(options.finished, found.size()); ++i) {
        const auto result = surrogate::lbfgsb(negative, found[i].x, low, high, rest);
        found[i] = {result.x, -result.value};
    }
    std::sort(found.begin(), found.end(), by_value);
    return found;
}
VERDANT_DEFINED_ONCE(std::vector<acquisition_candidate> acquisition_maxima<>(acquisition_reference, std::size_t, random_stream&,
                                                                             const acquisition_search_options&));

} // namespace detail

/// Maximises an acquisition function over [0, 1]^d from many starts.
/// @return the local maxima found, best first, one a start
template <acquisition_function A>
[[nodiscard]] std::vector<acquisition_candidate> maximise_acquisition(A& acquisition, std::size_t dimensions, random_stream& random,
                                                                      const acquisition_search_options& options = {}) {
    return detail::acquisition_maxima(detail::acquisition_reference{acquisition}, dimensions, random, options);
}

} // namespace verdant
