#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/optimizer/separable/corner_steps.hpp>
#include <verdant/optimizer/separable/vector_front.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

/// The sum of two Pareto fronts: what is not dominated among all combinations of one vector of each (the step of dynamic programming over blocks).
namespace verdant::detail {

/// Sums fronts, again and again, in memory of its own: once that has grown, it allocates nothing. Folds are monotone, so a vector that is dominated
/// stays dominated, or becomes equal, whatever follows: what is left is exact, and of equal vectors one is kept.
///
/// Three components: candidates are first held against a grid over the last two, whose cells know the least first component of those strictly below
/// and left (two passes that are all arithmetic). What is left is merged into lexicographic order and swept with the corners of the other two.
template <class = instantiated_when_used>
class basic_front_sum {
public:
    /// How a sum is pruned.
    struct pruning {
        /// How much worse in each component something may be, and still stand for what it does not dominate. In the first one for three components
        /// only, and 0 else.
        std::array<double, vector_front::most_dimensions> tolerance{};
    };

    explicit basic_front_sum(std::vector<fold> how) : how_{std::move(how)} {}

    /// @param front   any vectors
    /// @param choices any vectors, fewer
    /// @param sum     not one of these; `origin` says of each of its rows which rows it is of
    void add(const vector_front& front, const vector_front& choices, vector_front& sum, std::vector<front_origin>& origin, const pruning& how = {}) {
        gather(front, choices);
        sum.clear();
        origin.clear();
        if (dimensions() > 3) return sweep_archive(front, choices, sum, origin, how);
        put_in_order();
        sweep(front, choices, sum, origin, how);
    }

    /// How many sums were looked at.
    [[nodiscard]] std::uint64_t candidates() const noexcept { return seen_; }

private:
    static constexpr std::size_t chunk = 512, least_for_grid = 4096, most_cells_a_side = 1024, most_ahead = 256;
    struct candidate {
        double first, second, third;
        front_origin origin;
    };

    /// Components of the sum of a choice and a piece of the front.
    void fold_piece(fold how, const double* from, std::size_t n, double with, double* to) const {
        switch (how) {
        case fold::add:
            for (std::size_t i = 0; i < n; ++i) to[i] = from[i] + with;
            break;
        case fold::larger:
            for (std::size_t i = 0; i < n; ++i) to[i] = from[i] < with ? with : from[i];
            break;
        default:
            for (std::size_t i = 0; i < n; ++i) to[i] = with < from[i] ? with : from[i];
        }
    }

    /// The cells of a component: equal or descending numbers are never in a later cell.
    struct scale {
        double least = 0, factor = 0;
        [[nodiscard]] static scale between(double low, double high, std::size_t cells) {
            const double factor = (static_cast<double>(cells) - 0.5) / (high - low);
            return {low, std::isfinite(factor) && high > low ? factor : 0.0};
        }
        [[nodiscard]] std::int32_t cell(double x) const noexcept { return static_cast<std::int32_t>((x - least) * factor); }
    };

    [[nodiscard]] std::size_t dimensions() const noexcept { return how_.size(); }
    [[nodiscard]] double component(const vector_front& front, const vector_front& choices, front_origin o, std::size_t d) const {
        return folded(how_[d], front(o.row, d), choices(o.choice, d));
    }

    [[nodiscard]] bool gridded(const vector_front& front, const vector_front& choices) const {
        return dimensions() == 3 && front.size() * choices.size() >= least_for_grid;
    }
    void gather(const vector_front& front, const vector_front& choices) {
        candidates_.clear();
        runs_.clear();
        const auto n = front.size(), m = choices.size();
        if (n == 0 || m == 0) return;
        seen_ += std::uint64_t{n} * m;
        const bool filtered = gridded(front, choices);
        if (filtered) make_grid(front, choices);
        for (std::size_t c = 0; c < m; ++c) {
            runs_.push_back(candidates_.size());
            for (std::size_t begin = 0; begin < n; begin += chunk) {
                const auto size = std::min(chunk, n - begin);
                fold_piece(how_[0], front.column(0) + begin, size, choices(c, 0), first_.data());
                if (dimensions() > 1) fold_piece(how_[1], front.column(1) + begin, size, choices(c, 1), second_.data());
                if (dimensions() > 2) fold_piece(how_[2], front.column(2) + begin, size, choices(c, 2), third_.data());
                if (filtered) {
                    find_cells(size);
                    for (std::size_t i = 0; i < size; ++i) passed_[i] = first_[i] < grid_[static_cast<std::size_t>(cell_[i])] ? 1 : 0;
                }
                for (std::size_t i = 0; i < size; ++i)
                    if (!filtered || passed_[i] != 0)
                        candidates_.push_back(
                            {first_[i], second_[i], third_[i], {static_cast<std::uint32_t>(begin + i), static_cast<std::uint32_t>(c)}});
            }
        }
        runs_.push_back(candidates_.size());
    }

    void find_cells(std::size_t n) {
        const auto side = static_cast<std::int32_t>(side_);
        for (std::size_t i = 0; i < n; ++i) cell_[i] = across_.cell(second_[i]) + side * up_.cell(third_[i]);
    }

    /// Of each cell the least first component of all candidates in cells that are both lower and further left: these are strictly better in two
    /// components.
    void make_grid(const vector_front& front, const vector_front& choices) {
        const auto n = front.size(), m = choices.size();
        side_ = std::clamp(static_cast<std::size_t>(0.5 * std::sqrt(static_cast<double>(n) * static_cast<double>(m))), std::size_t{16},
                           most_cells_a_side);
        const auto range = [&](std::size_t d) {
            return scale::between(folded(how_[d], front.least(d), choices.least(d)), folded(how_[d], front.greatest(d), choices.greatest(d)), side_);
        };
        across_ = range(1);
        up_ = range(2);
        grid_.assign(side_ * side_, std::numeric_limits<double>::infinity());
        for (std::size_t c = 0; c < m; ++c)
            for (std::size_t begin = 0; begin < n; begin += chunk) {
                const auto size = std::min(chunk, n - begin);
                fold_piece(how_[0], front.column(0) + begin, size, choices(c, 0), first_.data());
                fold_piece(how_[1], front.column(1) + begin, size, choices(c, 1), second_.data());
                fold_piece(how_[2], front.column(2) + begin, size, choices(c, 2), third_.data());
                find_cells(size);
                for (std::size_t i = 0; i < size; ++i) {
                    auto& least = grid_[static_cast<std::size_t>(cell_[i])];
                    least = first_[i] < least ? first_[i] : least;
                }
            }
        row_.assign(side_, std::numeric_limits<double>::infinity()); // of each column, the least of all rows below
        for (std::size_t r = 0; r < side_; ++r) {
            double left = std::numeric_limits<double>::infinity();
            for (std::size_t c = 0; c < side_; ++c) {
                const double here = grid_[r * side_ + c];
                grid_[r * side_ + c] = left;
                left = std::min(left, row_[c]);
                row_[c] = std::min(row_[c], here);
            }
        }
    }

    [[nodiscard]] static bool before(const candidate& a, const candidate& b) {
        return a.first != b.first ? a.first < b.first : a.second != b.second ? a.second < b.second : a.third < b.third;
    }
    /// Candidates of a choice ascend where the front does: pairs of runs are merged until one is left.
    void put_in_order() {
        for (std::size_t r = 0; r + 1 < runs_.size(); ++r) {
            const auto begin = candidates_.begin() + static_cast<std::ptrdiff_t>(runs_[r]),
                       end = candidates_.begin() + static_cast<std::ptrdiff_t>(runs_[r + 1]);
            if (!std::is_sorted(begin, end, before)) std::sort(begin, end, before);
        }
        while (runs_.size() > 2) {
            merged_.resize(candidates_.size());
            ends_.assign(1, 0);
            for (std::size_t r = 0; r + 1 < runs_.size(); r += 2) {
                const auto at = [&](std::size_t k) { return candidates_.data() + runs_[std::min(k, runs_.size() - 1)]; };
                std::merge(at(r), at(r + 1), at(r + 1), at(r + 2), merged_.data() + runs_[r], before);
                ends_.push_back(runs_[std::min(r + 2, runs_.size() - 1)]);
            }
            candidates_.swap(merged_);
            runs_.swap(ends_);
        }
    }

    void keep(const candidate& c, const vector_front& front, const vector_front& choices, vector_front& sum,
              std::vector<front_origin>& origin) const {
        std::array<double, vector_front::most_dimensions> row{c.first, c.second, c.third};
        for (std::size_t d = 3; d < dimensions(); ++d) row[d] = component(front, choices, c.origin, d);
        sum.push_back(row.data());
        origin.push_back(c.origin);
    }

    /// One, two or three components, in order: a later candidate dominates an earlier one never.
    void sweep(const vector_front& front, const vector_front& choices, vector_front& sum, std::vector<front_origin>& origin, const pruning& how) {
        if (candidates_.empty()) return;
        if (dimensions() == 1) return keep(candidates_.front(), front, choices, sum, origin);
        if (dimensions() == 2) {
            double least = std::numeric_limits<double>::infinity();
            for (const auto& c : candidates_) {
                if (least <= c.second + how.tolerance[1]) continue;
                least = c.second;
                keep(c, front, choices, sum, origin);
            }
            return;
        }
        corners_.clear();
        if (how.tolerance[0] > 0) return sweep_ahead(front, choices, sum, origin, how);
        for (const auto& c : candidates_) {
            if (corners_.covers(c.second + how.tolerance[1], c.third + how.tolerance[2])) continue;
            corners_.insert(c.second, c.third);
            keep(c, front, choices, sum, origin);
        }
    }

    /// Three components with a tolerance in each. Of what may stand for the next candidate that nothing covers, candidates close behind it among
    /// them, that is kept which is best in the other two components, in tolerances: it stands for most of what follows.
    void sweep_ahead(const vector_front& front, const vector_front& choices, vector_front& sum, std::vector<front_origin>& origin,
                     const pruning& how) {
        const double second = how.tolerance[1], third = how.tolerance[2];
        // Where there is no tolerance, there is nothing to trade.
        const double per_second = second > 0 ? 1 / second : 0, per_third = third > 0 ? 1 / third : 0;
        kept_.clear();
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            const double first_end = candidates_[i].first + how.tolerance[0], second_end = candidates_[i].second + second,
                         third_end = candidates_[i].third + third;
            if (corners_.covers(second_end, third_end)) continue;
            auto best = i;
            double worth = std::numeric_limits<double>::infinity();
            for (auto j = i; j < std::min(candidates_.size(), i + most_ahead) && candidates_[j].first <= first_end; ++j) {
                const auto& c = candidates_[j];
                const double here = per_second * c.second + per_third * c.third;
                if (c.second <= second_end && c.third <= third_end && here < worth) best = j, worth = here;
            }
            corners_.insert(candidates_[best].second, candidates_[best].third);
            kept_.push_back(best);
        }
        std::sort(kept_.begin(), kept_.end()); // candidates are in order
        for (const auto i : kept_) keep(candidates_[i], front, choices, sum, origin);
    }

    /// More components: each candidate, in lexicographic order, is compared with those that were kept, the last one that dominated something first.
    void sweep_archive(const vector_front& front, const vector_front& choices, vector_front& sum, std::vector<front_origin>& origin,
                       const pruning& how) {
        const auto n = dimensions();
        rows_.clear();
        for (const auto& c : candidates_) {
            const double three[3]{c.first, c.second, c.third};
            rows_.insert(rows_.end(), three, three + 3);
            for (std::size_t d = 3; d < n; ++d) rows_.push_back(component(front, choices, c.origin, d));
        }
        const auto row = [&](std::size_t i) { return rows_.data() + i * n; };
        order_.resize(candidates_.size());
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
            for (std::size_t d = 0; d < n; ++d)
                if (row(a)[d] != row(b)[d]) return row(a)[d] < row(b)[d];
            return a < b;
        });
        kept_.clear();
        std::size_t last = 0;
        for (const auto i : order_) {
            const auto covered_by = [&](std::size_t k) {
                for (std::size_t d = 1; d < n; ++d)
                    if (row(k)[d] > row(i)[d] + how.tolerance[d]) return false;
                return true;
            };
            bool covered = !kept_.empty() && covered_by(kept_[last]);
            for (std::size_t k = 0; k < kept_.size() && !covered; ++k)
                if (covered_by(kept_[k])) covered = true, last = k;
            if (covered) continue;
            kept_.push_back(i);
            keep(candidates_[i], front, choices, sum, origin);
        }
    }

    std::vector<fold> how_;
    std::uint64_t seen_ = 0;
    std::vector<candidate> candidates_, merged_;
    std::vector<std::size_t> runs_, ends_; ///< where runs begin, and where the last ends
    std::vector<std::size_t> order_, kept_;
    std::vector<double> rows_;
    corner_steps corners_;
    scale across_, up_;
    std::size_t side_ = 0;
    std::vector<double> grid_, row_;
    std::array<double, chunk> first_{}, second_{}, third_{};
    std::array<std::int32_t, chunk> cell_{};
    std::array<unsigned char, chunk> passed_{};
};
using front_sum = basic_front_sum<>;

} // namespace verdant::detail
