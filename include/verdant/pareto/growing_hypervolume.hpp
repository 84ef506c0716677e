#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace verdant::pareto {

/// The hypervolume that a growing set of vectors dominates within a reference point, all objectives minimised. A vector that is dominated costs one
/// comparison with the front; another one adds what it dominates alone, which is its own box without the hypervolume of the front limited to that box
/// (While, Bradstreet, Barone, IEEE TEC 16(1), 2012). Sums of such gains differ from `hypervolume` of all vectors in rounding alone.
template <class = instantiated_when_used>
class basic_growing_hypervolume {
public:
    /// Throws `input_error` where the reference point is not finite or has no numbers.
    explicit basic_growing_hypervolume(std::vector<double> reference) : reference_{std::move(reference)} {
        exact_hypervolume::require_reference({reference_, reference_.size()}, reference_);
    }

    /// The volume with one more vector. Throws `input_error` for a vector of another length, a NaN and minus infinity.
    double add(std::span<const double> vector);
    [[nodiscard]] double volume() const noexcept { return volume_; }
    /// How many vectors none dominates.
    [[nodiscard]] std::size_t size() const noexcept { return front_.size() / reference_.size(); }

private:
    [[nodiscard]] double alone(std::span<const double> vector) {
        double box = 1;
        for (std::size_t j = 0; j < vector.size(); ++j) box *= reference_[j] - vector[j];
        if (front_.empty()) return box;
        limited_.clear();
        for (std::size_t i = 0; i < front_.size(); ++i) limited_.push_back(std::max(front_[i], vector[i % vector.size()]));
        return std::max(0.0, box - computed_({limited_, vector.size()}, reference_));
    }

    std::vector<double> reference_, front_, limited_;
    exact_hypervolume computed_;
    double volume_ = 0;
};

template <class Deferred>
double basic_growing_hypervolume<Deferred>::add(std::span<const double> vector) {
    exact_hypervolume::require_reference({vector, vector.size()}, reference_);
    const auto width = reference_.size();
    for (std::size_t j = 0; j < width; ++j)
        if (!(vector[j] < reference_[j])) return volume_; // beyond the reference it dominates nothing
    std::size_t kept = 0;
    for (std::size_t i = 0; i < front_.size(); i += width) {
        const std::span<const double> one{front_.data() + i, width};
        if (weakly_dominates(one, vector)) return volume_; // nothing was moved yet: the front holds no vector that this one dominates
    }
    volume_ += alone(vector);
    for (std::size_t i = 0; i < front_.size(); i += width) {
        const std::span<const double> one{front_.data() + i, width};
        if (weakly_dominates(vector, one)) continue;
        if (kept < i) std::copy(one.begin(), one.end(), front_.begin() + static_cast<std::ptrdiff_t>(kept));
        kept += width;
    }
    front_.resize(kept);
    front_.insert(front_.end(), vector.begin(), vector.end());
    return volume_;
}
VERDANT_DEFINED_ONCE(double basic_growing_hypervolume<>::add(std::span<const double>));
/// The growing hypervolume, as programs name it.
using growing_hypervolume = basic_growing_hypervolume<>;

} // namespace verdant::pareto
