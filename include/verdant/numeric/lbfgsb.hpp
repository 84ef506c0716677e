#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/line_search.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <Eigen/Core>
#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

/// L-BFGS-B: minimises a smooth function within bounds.
namespace verdant::surrogate {

/// When a minimisation ends.
struct lbfgsb_options {
    std::size_t iterations = 2000;      ///< of BoTorch for acquisitions (generation/gen.py)
    std::size_t memory = 10;            ///< correction pairs kept
    double gradient_tolerance = 1e-5;   ///< largest component of the projected gradient; SciPy's default
    double decrease_tolerance = 2.2e-9; ///< decrease of one iteration relative to the value; SciPy's default

    using described = members<member<"iterations", &lbfgsb_options::iterations>, //
                              member<"memory", &lbfgsb_options::memory, member_role::unrecorded>,
                              member<"gradient_tolerance", &lbfgsb_options::gradient_tolerance, member_role::unrecorded>,
                              member<"decrease_tolerance", &lbfgsb_options::decrease_tolerance, member_role::unrecorded>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        require_count(source, "iterations", iterations, 0);
        require_count(source, "memory", memory, 1);
        require_not_negative(source, "gradient_tolerance", gradient_tolerance);
        require_not_negative(source, "decrease_tolerance", decrease_tolerance);
    }
};

/// Why a minimisation ended.
enum class lbfgsb_status {
    gradient,   ///< the projected gradient is small
    decrease,   ///< the value no longer decreases
    iterations, ///< the cap was reached
    stuck,      ///< no step decreases the value; the point may still be a minimum up to rounding
};

/// Where a minimisation ended, and why.
struct lbfgsb_result {
    Eigen::VectorXd x;
    double value = 0;
    lbfgsb_status status = lbfgsb_status::stuck;
    std::size_t iterations = 0, evaluations = 0;
    /// A minimum was found as far as the tolerances say.
    [[nodiscard]] bool converged() const noexcept { return status == lbfgsb_status::gradient || status == lbfgsb_status::decrease; }
};

namespace detail {

/// The compact limited-memory approximation B = theta I - W M W' of the Hessian (Byrd, Lu, Nocedal, Zhu, SIAM J. Sci. Comput. 16, 1995, eq. 3.2).
template <class = instantiated_when_used>
class basic_compact_hessian {
public:
    explicit basic_compact_hessian(std::size_t memory) : memory_{memory} {}

    [[nodiscard]] double theta() const noexcept { return theta_; }
    [[nodiscard]] const Eigen::MatrixXd& w() const noexcept { return w_; }
    [[nodiscard]] const Eigen::MatrixXd& m() const noexcept { return m_; }
    [[nodiscard]] Eigen::Index rank() const noexcept { return w_.cols(); }
    /// Row i of W. Where W has no columns yet, Eigen would offset a null pointer.
    [[nodiscard]] Eigen::VectorXd w_row(Eigen::Index i) const {
        if (rank() == 0) return {};
        return w_.row(i).transpose();
    }

    void clear(Eigen::Index n) {
        s_.clear();
        y_.clear();
        theta_ = 1;
        w_.resize(n, 0);
        m_.resize(0, 0);
    }

    /// Takes a step and the change of the gradient over it; leaves them out where the curvature is not positive.
    void update(const Eigen::VectorXd& s, const Eigen::VectorXd& y) {
        const auto sy = s.dot(y), yy = y.squaredNorm();
        if (!(sy > std::numeric_limits<double>::epsilon() * yy) || !std::isfinite(yy)) return;
        if (s_.size() == memory_) {
            s_.erase(s_.begin());
            y_.erase(y_.begin());
        }
        s_.push_back(s);
        y_.push_back(y);
        theta_ = yy / sy;
        const auto k = static_cast<Eigen::Index>(s_.size());
        w_.resize(s.size(), 2 * k);
        for (Eigen::Index i = 0; i < k; ++i) {
            w_.col(i) = y_[static_cast<std::size_t>(i)];
            w_.col(k + i) = theta_ * s_[static_cast<std::size_t>(i)];
        }
        // M = [[-D, L'], [L, theta S'S]]^-1 with S'Y = L + D + upper part
        Eigen::MatrixXd inverse = Eigen::MatrixXd::Zero(2 * k, 2 * k);
        for (Eigen::Index i = 0; i < k; ++i)
            for (Eigen::Index j = 0; j < k; ++j) {
                const auto& si = s_[static_cast<std::size_t>(i)];
                if (i == j) inverse(i, i) = -si.dot(y_[static_cast<std::size_t>(i)]);
                if (i > j) inverse(k + i, j) = inverse(j, k + i) = si.dot(y_[static_cast<std::size_t>(j)]);
                inverse(k + i, k + j) = theta_ * si.dot(s_[static_cast<std::size_t>(j)]);
            }
        m_ = inverse.partialPivLu().inverse();
        if (!m_.allFinite()) clear(s.size());
    }

private:
    std::size_t memory_;
    double theta_ = 1;
    std::vector<Eigen::VectorXd> s_, y_;
    Eigen::MatrixXd w_, m_;
};
using compact_hessian = basic_compact_hessian<>;

/// Where the quadratic model stops falling along the projected gradient.
struct cauchy_point {
    Eigen::VectorXd at;
    Eigen::VectorXd c;              ///< W' (at - x)
    std::vector<Eigen::Index> free; ///< variables that are not at a bound there
};

/// The generalised Cauchy point (algorithm CP of the paper).
template <class = instantiated_when_used>
[[nodiscard]] cauchy_point cauchy_point_of(const Eigen::VectorXd& x, const Eigen::VectorXd& g, const Eigen::VectorXd& low,
                                           const Eigen::VectorXd& high, const compact_hessian& b) {
    const auto n = x.size();
    const auto theta = b.theta();
    Eigen::VectorXd breaks(n), d = -g;
    cauchy_point found{.at = x, .c = Eigen::VectorXd::Zero(b.rank()), .free = {}};
    auto& [at, c, free] = found;
    std::vector<Eigen::Index> order;
    for (Eigen::Index i = 0; i < n; ++i) {
        const auto room = g[i] < 0 ? x[i] - high[i] : x[i] - low[i];
        breaks[i] = g[i] == 0 ? std::numeric_limits<double>::infinity() : room / g[i];
        if (breaks[i] <= 0) d[i] = 0;
        else if (std::isfinite(breaks[i])) order.push_back(i);
    }
    std::sort(order.begin(), order.end(), [&](Eigen::Index l, Eigen::Index r) { return breaks[l] < breaks[r]; });
    Eigen::VectorXd p = b.w().transpose() * d;
    auto slope = -d.squaredNorm();
    auto curvature = -theta * slope - p.dot(b.m() * p);
    auto step = curvature > 0 ? -slope / curvature : 0;
    double t = 0;
    std::vector<char> fixed(static_cast<std::size_t>(n), 0);
    for (Eigen::Index i = 0; i < n; ++i) fixed[static_cast<std::size_t>(i)] = breaks[i] <= 0;
    if (slope < 0) {
        for (const auto i : order) {
            const auto dt = breaks[i] - t;
            if (step < dt) break;
            t = breaks[i];
            at[i] = d[i] > 0 ? high[i] : low[i];
            const auto z = at[i] - x[i];
            c += dt * p;
            const Eigen::VectorXd row = b.w_row(i);
            const Eigen::VectorXd mrow = b.m() * row;
            slope += dt * curvature + g[i] * g[i] + theta * g[i] * z - g[i] * mrow.dot(c);
            curvature += -theta * g[i] * g[i] - 2 * g[i] * mrow.dot(p) - g[i] * g[i] * mrow.dot(row);
            p += g[i] * row;
            d[i] = 0;
            fixed[static_cast<std::size_t>(i)] = 1;
            step = curvature > 0 ? std::max(0.0, -slope / curvature) : 0;
            if (slope >= 0) {
                step = 0;
                break;
            }
        }
        t += step;
        c += step * p;
        for (Eigen::Index i = 0; i < n; ++i)
            if (fixed[static_cast<std::size_t>(i)] == 0) at[i] = std::clamp(x[i] + t * d[i], low[i], high[i]);
    }
    for (Eigen::Index i = 0; i < n; ++i)
        if (fixed[static_cast<std::size_t>(i)] == 0) free.push_back(i);
    return found;
}

/// The minimiser of the quadratic model over the box: the generalised Cauchy point, then the direct primal method over the variables that are free
/// there (section 5.1 of the paper), cut back into the box.
/// @return the point to search towards
template <class = instantiated_when_used>
[[nodiscard]] Eigen::VectorXd model_minimiser(const Eigen::VectorXd& x, const Eigen::VectorXd& g, const Eigen::VectorXd& low,
                                              const Eigen::VectorXd& high, const compact_hessian& b) {
    auto [at, c, free] = cauchy_point_of(x, g, low, high, b);
    if (free.empty() || b.rank() == 0) return at;
    const auto theta = b.theta();
    // Reduced gradient of the model at the Cauchy point, then the inverse of the reduced B by Sherman, Morrison and Woodbury.
    const Eigen::VectorXd mc = b.m() * c;
    const auto count = static_cast<Eigen::Index>(free.size());
    Eigen::MatrixXd wz(count, b.rank());
    Eigen::VectorXd r(count);
    for (Eigen::Index k = 0; k < count; ++k) {
        const auto i = free[static_cast<std::size_t>(k)];
        wz.row(k) = b.w().row(i);
        r[k] = g[i] + theta * (at[i] - x[i]) - wz.row(k).dot(mc);
    }
    const Eigen::MatrixXd nmat = Eigen::MatrixXd::Identity(b.rank(), b.rank()) - b.m() * (wz.transpose() * wz) / theta;
    const Eigen::VectorXd v = nmat.partialPivLu().solve(b.m() * (wz.transpose() * r));
    const Eigen::VectorXd du = -r / theta - wz * v / (theta * theta);
    if (!du.allFinite()) return at;
    double scale = 1;
    for (Eigen::Index k = 0; k < count; ++k) {
        const auto i = free[static_cast<std::size_t>(k)];
        if (du[k] > 0) scale = std::min(scale, (high[i] - at[i]) / du[k]);
        else if (du[k] < 0) scale = std::min(scale, (low[i] - at[i]) / du[k]);
    }
    for (Eigen::Index k = 0; k < count; ++k) {
        const auto i = free[static_cast<std::size_t>(k)];
        at[i] = std::clamp(at[i] + scale * du[k], low[i], high[i]);
    }
    return at;
}

/// A function (x, gradient&) -> value, without its type.
class smooth_function {
public:
    /// @param f outlives this
    template <class F>
    explicit smooth_function(const F& f)
        : object_{&f}, call_{[](const void* object, const Eigen::VectorXd& x, Eigen::VectorXd& gradient) -> double {
              return (*static_cast<const F*>(object))(x, gradient);
          }} {}

    double operator()(const Eigen::VectorXd& x, Eigen::VectorXd& gradient) const { return call_(object_, x, gradient); }

private:
    const void* object_;
    double (*call_)(const void*, const Eigen::VectorXd&, Eigen::VectorXd&);
};

/// What `lbfgsb` does.
template <class = instantiated_when_used>
[[nodiscard]] lbfgsb_result minimised(smooth_function f, const Eigen::VectorXd& start, const Eigen::VectorXd& low, const Eigen::VectorXd& high,
                                      const lbfgsb_options& options) {
    const auto n = start.size();
    lbfgsb_result result{.x = start.cwiseMax(low).cwiseMin(high)};
    Eigen::VectorXd g(n), next_g(n), next_x(n);
    result.value = f(result.x, g);
    result.evaluations = 1;
    detail::compact_hessian hessian{options.memory};
    hessian.clear(n);
    if (!std::isfinite(result.value) || !g.allFinite()) return result;
    bool fresh = true;
    while (true) {
        if (((result.x - g).cwiseMax(low).cwiseMin(high) - result.x).template lpNorm<Eigen::Infinity>() <= options.gradient_tolerance) {
            result.status = lbfgsb_status::gradient;
            return result;
        }
        if (result.iterations == options.iterations) {
            result.status = lbfgsb_status::iterations;
            return result;
        }
        const Eigen::VectorXd direction = detail::model_minimiser(result.x, g, low, high, hessian) - result.x;
        auto longest = std::numeric_limits<double>::infinity();
        for (Eigen::Index i = 0; i < n; ++i) {
            if (direction[i] > 0) longest = std::min(longest, (high[i] - result.x[i]) / direction[i]);
            else if (direction[i] < 0) longest = std::min(longest, (low[i] - result.x[i]) / direction[i]);
        }
        longest = std::max(1.0, longest); // the end of the direction is in the box up to rounding
        double next_value = 0;
        const auto along = [&](double step, double& slope) {
            next_x = (result.x + step * direction).cwiseMax(low).cwiseMin(high);
            next_value = f(next_x, next_g);
            ++result.evaluations;
            slope = next_g.dot(direction);
            return next_value;
        };
        const auto first = fresh ? std::min(1.0, 1 / direction.norm()) : 1.0;
        const bool found = wolfe_search(along, result.value, g.dot(direction), first, longest);
        if (!found) {
            if (fresh) return result;
            hessian.clear(n);
            fresh = true;
            continue;
        }
        fresh = false;
        const auto before = result.value;
        hessian.update(next_x - result.x, next_g - g);
        result.x = next_x;
        result.value = next_value;
        g = next_g;
        ++result.iterations;
        if (before - next_value <= options.decrease_tolerance * std::max({std::abs(before), std::abs(next_value), 1.0})) {
            result.status = lbfgsb_status::decrease;
            return result;
        }
    }
}
VERDANT_DEFINED_ONCE(lbfgsb_result minimised<>(smooth_function, const Eigen::VectorXd&, const Eigen::VectorXd&, const Eigen::VectorXd&,
                                               const lbfgsb_options&));

} // namespace detail

/// Minimises a smooth function over a box (Byrd, Lu, Nocedal, Zhu, SIAM J. Sci. Comput. 16(5), 1995).
/// @param f        (x, gradient&) -> value; a value that is not finite means that x is outside of its domain and shortens the step
/// @param start    moved into the box where it is outside; f must be finite there
/// @param low,high bounds, infinite where there are none
template <class F>
[[nodiscard]] lbfgsb_result lbfgsb(F&& f, const Eigen::VectorXd& start, const Eigen::VectorXd& low, const Eigen::VectorXd& high,
                                   const lbfgsb_options& options = {}) {
    const auto call = [&f](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) -> double { return f(x, gradient); };
    return detail::minimised(detail::smooth_function{call}, start, low, high, options);
}

} // namespace verdant::surrogate
