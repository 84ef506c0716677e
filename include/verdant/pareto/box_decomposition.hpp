#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace verdant::pareto {

/// The part of objective space that no vector of a set dominates and that lies below a reference point, as disjoint boxes; all objectives
/// minimised. What a new vector y adds to the dominated hypervolume is the sum over boxes of prod_j max(0, high_j - max(low_j, y_j)).
///
/// A sweep over the last objective keeps the decomposition in the others, cuts it by each vector passed and merges neighbours: n + 1 boxes
/// for two objectives, about 2 n for three. An object keeps its memory.
class box_decomposition {
public:
    /// @param points    one vector after another, `reference.size()` numbers each; dominated ones and duplicates are allowed, those not below the
    ///                  reference are left out
    /// @param reference finite
    void build(std::span<const double> points, std::span<const double> reference) {
        objectives_ = reference.size();
        low_.clear();
        high_.clear();
        const auto m = objectives_, last = m - 1;
        order_.clear();
        for (std::size_t i = 0; i * m < points.size(); ++i) {
            bool below = true;
            for (std::size_t j = 0; j < m; ++j) below = below && points[i * m + j] < reference[j];
            if (below) order_.push_back(i);
        }
        std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return points[a * m + last] < points[b * m + last]; });
        // Sweeping the last objective upwards from minus infinity: boxes are cut where a vector begins to dominate.
        active_.assign(1, {});
        auto& whole = active_.front();
        whole.low.assign(last, -std::numeric_limits<double>::infinity());
        whole.high.assign(reference.begin(), reference.begin() + static_cast<std::ptrdiff_t>(last));
        whole.from = -std::numeric_limits<double>::infinity();
        for (const auto i : order_) cut(points.subspan(i * m, m));
        for (const auto& b : active_) emit(b, reference[last]);
    }

    [[nodiscard]] std::size_t objectives() const noexcept { return objectives_; }
    [[nodiscard]] std::size_t size() const noexcept { return objectives_ == 0 ? 0 : high_.size() / objectives_; }
    /// Lower corner of a box, minus infinity where it has none, and its upper corner.
    [[nodiscard]] std::span<const double> low(std::size_t box) const noexcept { return {low_.data() + box * objectives_, objectives_}; }
    [[nodiscard]] std::span<const double> high(std::size_t box) const noexcept { return {high_.data() + box * objectives_, objectives_}; }

private:
    struct cell {
        std::vector<double> low, high; ///< of all objectives but the last
        double from = 0; ///< of the last
    };

    void emit(const cell& b, double to) {
        if (!(b.from < to)) return;
        low_.insert(low_.end(), b.low.begin(), b.low.end());
        low_.push_back(b.from);
        high_.insert(high_.end(), b.high.begin(), b.high.end());
        high_.push_back(to);
    }

    /// From p on, what is not less than p in the other objectives is dominated.
    void cut(std::span<const double> p) {
        const auto last = objectives_ - 1;
        made_.clear();
        std::size_t kept = 0;
        for (std::size_t b = 0; b < active_.size(); ++b) {
            auto& old = active_[b];
            bool meets = true;
            for (std::size_t j = 0; j < last; ++j) meets = meets && old.high[j] > p[j];
            if (!meets) {
                if (kept != b) std::swap(active_[kept], old);
                ++kept;
                continue;
            }
            emit(old, p[last]);
            for (std::size_t j = 0; j < last; ++j) {
                // Below p in objective j, not below it in those before.
                if (!(old.low[j] < p[j])) continue;
                auto& piece = made_.emplace_back(old);
                for (std::size_t i = 0; i < j; ++i) piece.low[i] = std::max(piece.low[i], p[i]);
                piece.high[j] = std::min(piece.high[j], p[j]);
                piece.from = p[last];
            }
        }
        active_.resize(kept);
        merge();
        for (auto& b : made_) active_.push_back(std::move(b));
    }

    /// Joins new boxes that differ in one objective only and touch there.
    void merge() {
        for (std::size_t a = 0; a < made_.size(); ++a)
            for (std::size_t b = 0; b < made_.size();) {
                if (a != b && join(made_[a], made_[b])) {
                    if (b + 1 != made_.size()) std::swap(made_[b], made_.back());
                    if (a + 1 == made_.size()) a = b; // it was the last one and has moved
                    made_.pop_back();
                    b = 0;
                } else {
                    ++b;
                }
            }
    }
    [[nodiscard]] static bool join(cell& a, const cell& b) {
        auto differs = a.low.size();
        for (std::size_t j = 0; j < a.low.size(); ++j) {
            if (a.low[j] == b.low[j] && a.high[j] == b.high[j]) continue;
            if (differs != a.low.size()) return false;
            differs = j;
        }
        if (differs == a.low.size()) return false;
        if (a.low[differs] == b.high[differs]) a.low[differs] = b.low[differs];
        else if (a.high[differs] == b.low[differs]) a.high[differs] = b.high[differs];
        else return false;
        return true;
    }

    std::size_t objectives_ = 0;
    std::vector<double> low_, high_;
    std::vector<std::size_t> order_;
    std::vector<cell> active_, made_;
};

} // namespace verdant::pareto
