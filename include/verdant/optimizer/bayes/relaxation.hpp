#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/space/table.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace verdant {

/// Points of a space as points of [0, 1]^d for a model of continuous inputs (Ax 0.3.7, transforms/int_to_float.py).
///
/// An ordered parameter with n values is one coordinate, x = (i + 0.49999) / (n - 1 + 0.99998) of index i, so that rounding gives each value an
/// equal share. A parameter of more than two strings or enumerators has no order: it is one coordinate a value, 1 at its value and 0 at the
/// others. A parameter of one value is left out.
class relaxation {
public:
    explicit relaxation(const space_view& space) : parameters_{space.size()} {
        for (std::size_t p = 0; p < space.size(); ++p) {
            const auto n = space.domain_size(p);
            if (n < 2) continue;
            const bool ordered = n == 2 || (space.kind(p) != value_kind::text && space.kind(p) != value_kind::enumeration);
            blocks_.push_back({p, n, dimensions_, ordered});
            dimensions_ += ordered ? 1 : n;
        }
    }

    [[nodiscard]] std::size_t dimensions() const noexcept { return dimensions_; }
    /// Number of parameters that have a choice.
    [[nodiscard]] std::size_t free_parameters() const noexcept { return blocks_.size(); }
    /// Whether every parameter has an order.
    [[nodiscard]] bool ordered() const noexcept {
        return std::all_of(blocks_.begin(), blocks_.end(), [](const block& b) { return b.ordered; });
    }

    /// One parameter that has a choice.
    struct choice {
        std::size_t parameter = 0, values = 0;
        bool ordered = true;
    };
    [[nodiscard]] choice free_parameter(std::size_t k) const { return {blocks_[k].parameter, blocks_[k].values, blocks_[k].ordered}; }

    /// @param indices one a parameter
    template <class Indices>
    [[nodiscard]] Eigen::VectorXd encode(const Indices& indices) const {
        Eigen::VectorXd x = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(dimensions_));
        for (const auto& b : blocks_) {
            const auto at = static_cast<Eigen::Index>(b.first), i = static_cast<Eigen::Index>(indices[b.parameter]);
            if (b.ordered) x[at] = (static_cast<double>(i) + margin) / width(b);
            else x[at + i] = 1;
        }
        return x;
    }

    /// The nearest indices: coordinates are rounded, half to even; of the coordinates of an unordered parameter the largest counts, the first of
    /// equals.
    [[nodiscard]] std::vector<std::size_t> decode(const Eigen::VectorXd& x) const {
        std::vector<std::size_t> indices(parameters_, 0);
        for (const auto& b : blocks_) {
            const auto at = static_cast<Eigen::Index>(b.first);
            if (b.ordered) {
                const auto v = std::nearbyint(x[at] * width(b) - margin);
                indices[b.parameter] = static_cast<std::size_t>(std::clamp(v, 0.0, static_cast<double>(b.values - 1)));
            } else {
                Eigen::Index best = 0;
                x.segment(at, static_cast<Eigen::Index>(b.values)).maxCoeff(&best);
                indices[b.parameter] = static_cast<std::size_t>(best);
            }
        }
        return indices;
    }

    /// Indices from one number in [0, 1) for each parameter that has a choice, each value with an equal share.
    template <class Numbers>
    [[nodiscard]] std::vector<std::size_t> from_unit(const Numbers& u) const {
        std::vector<std::size_t> indices(parameters_, 0);
        for (std::size_t k = 0; k < blocks_.size(); ++k) {
            const auto n = blocks_[k].values;
            indices[blocks_[k].parameter] = std::min(n - 1, static_cast<std::size_t>(u[k] * static_cast<double>(n)));
        }
        return indices;
    }

private:
    static constexpr double margin = 0.49999;
    struct block {
        std::size_t parameter = 0, values = 0, first = 0; ///< first coordinate
        bool ordered = true;
    };
    [[nodiscard]] static double width(const block& b) noexcept { return static_cast<double>(b.values - 1) + 2 * margin; }

    std::size_t parameters_, dimensions_ = 0;
    std::vector<block> blocks_;
};

} // namespace verdant
