#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/optimizer/separable/certificate.hpp>
#include <verdant/optimizer/separable/front_sum.hpp>
#include <verdant/optimizer/separable/vector_front.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// The front of a sum of blocks, by dynamic programming with dominance pruning.
namespace verdant::detail {

/// A component of vectors: how parts fold, and the largest value that a whole may have.
struct front_component {
    fold how = fold::add;
    double limit = std::numeric_limits<double>::infinity();
};

/// Folds blocks one after the other, keeps what is not dominated, and remembers of each state which one it came from. The first components are
/// objectives; others are there for their limits alone.
template <class = instantiated_when_used>
class basic_block_fronts {
public:
    /// @param epsilon share of the range of an objective that states may be worse by than what they stand for, all layers together; 0: none
    basic_block_fronts(std::vector<front_component> components, std::size_t objectives, double epsilon);

    /// Solves one alternative and adds its front to that of the others.
    /// @param shared what its parameters outside of the blocks give
    /// @param blocks of each, the terms of its choices; an infinite one says that this cannot be built
    void add(std::uint32_t alternative, const std::vector<double>& shared, std::span<const vector_front> blocks);

    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    /// A component of a row of the front.
    [[nodiscard]] double value(std::size_t row, std::size_t component) const { return rows_(row, component); }
    [[nodiscard]] std::uint32_t alternative(std::size_t row) const { return alternative_[row]; }
    /// The choice of each block.
    [[nodiscard]] std::span<const std::uint16_t> choices(std::size_t row) const {
        return {picks_.data() + row * certificate_.blocks, certificate_.blocks};
    }
    [[nodiscard]] separable_certificate& certificate() noexcept { return certificate_; }
    [[nodiscard]] const separable_certificate& certificate() const noexcept { return certificate_; }

private:
    struct reduced_block {
        vector_front terms;
        std::vector<std::uint16_t> choice; ///< of each row
    };
    static constexpr std::size_t large = 1 << 12;
    using pruning = typename basic_front_sum<>::pruning;

    /// Nothing is below minus infinity, so that is a limit, too.
    [[nodiscard]] static bool is_limited(const front_component& c) { return c.limit < std::numeric_limits<double>::infinity(); }
    [[nodiscard]] static std::vector<fold> folds(const std::vector<front_component>& components) {
        std::vector<fold> how;
        for (const auto& c : components) how.push_back(c.how);
        return how;
    }

    /// Of each block the choices that no other dominates.
    void reduce(std::span<const vector_front> blocks) {
        const auto n = components_.size();
        vector_front nothing{n}, built{n};
        std::array<double, vector_front::most_dimensions> row{};
        for (std::size_t d = 0; d < n; ++d) row[d] = neutral(components_[d].how);
        nothing.push_back(row.data());
        std::vector<front_origin> origin;
        std::vector<std::uint16_t> place;
        reduced_.resize(blocks.size());
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            certificate_.choices += blocks[b].size();
            built.clear();
            place.clear();
            for (std::size_t i = 0; i < blocks[b].size(); ++i) {
                bool finite = true;
                for (std::size_t d = 0; d < n; ++d) finite = finite && std::isfinite(row[d] = blocks[b](i, d));
                if (finite) {
                    built.push_back(row.data());
                    place.push_back(static_cast<std::uint16_t>(i));
                } else ++certificate_.unbuildable;
            }
            auto& to = reduced_[b];
            to.terms = vector_front{n};
            to.choice.clear();
            if (built.empty()) continue;
            ranges_.resize(blocks.size());
            ranges_[b].resize(n);
            for (std::size_t d = 0; d < n; ++d) ranges_[b][d] = {built.least(d), built.greatest(d)};
            sum_.add(built, nothing, to.terms, origin);
            for (const auto& o : origin) to.choice.push_back(place[o.row]);
            certificate_.undominated += to.choice.size();
        }
    }

    /// The case for which approximate fronts are made: its sums have a use for a tolerance in the first component, and it may have its blocks in any
    /// order.
    [[nodiscard]] bool three_unlimited() const { return components_.size() == 3 && !limited_; }

    /// What all that is still to come gives at least and at most, for limits; and the range of each objective.
    void find_bounds(const std::vector<double>& shared) {
        const auto n = components_.size(), m = reduced_.size();
        rest_.assign((m + 1) * n, {});
        for (std::size_t d = 0; d < n; ++d) {
            const auto how = components_[d].how;
            rest_[m * n + d] = {neutral(how), neutral(how)};
            for (auto b = m; b-- > 0;) {
                const auto& later = rest_[(b + 1) * n + d];
                rest_[b * n + d] = {folded(how, ranges_[b][d].first, later.first), folded(how, ranges_[b][d].second, later.second)};
            }
        }
        limited_ = std::any_of(components_.begin(), components_.end(), [](const front_component& c) { return is_limited(c); });
        tolerance_.fill(0.0);
        for (std::size_t d = 0; d < objectives_; ++d) {
            const auto how = components_[d].how;
            const double least = folded(how, shared[d], rest_[d].first), greatest = folded(how, shared[d], rest_[d].second);
            certificate_.least[d] = std::min(certificate_.least[d], least);
            certificate_.greatest[d] = std::max(certificate_.greatest[d], greatest);
            // What is worse in a component with a limit may be over it, and then stands for nothing.
            if (!is_limited(components_[d])) tolerance_[d] = certificate_.epsilon * (greatest - least);
        }
        any_order_ = certificate_.epsilon > 0 && three_unlimited() && clear_of_rounding(shared);
        if (!any_order_) tolerance_[0] = 0;
        for (std::size_t d = 0; d < objectives_; ++d) certificate_.tolerance[d] = std::max(certificate_.tolerance[d], tolerance_[d]);
    }

    /// Whether sums in any order of the blocks differ by far less than the tolerances.
    [[nodiscard]] bool clear_of_rounding(const std::vector<double>& shared) const {
        for (std::size_t d = 0; d < objectives_; ++d) {
            if (components_[d].how != fold::add) continue;
            double size = std::fabs(shared[d]);
            bool flat = true;
            for (std::size_t b = 0; b < reduced_.size(); ++b) {
                const auto [least, greatest] = ranges_[b][d];
                size += std::max(std::fabs(least), std::fabs(greatest));
                flat = flat && least == greatest;
            }
            if (!flat && !(tolerance_[d] > 1e-9 * size)) return false;
        }
        return true;
    }

    /// In which order blocks are folded: that of the space, so that sums are to the last digit what is promised. Where there are tolerances, which no
    /// rounding comes near, those that spread least come first: layers then extend over fewer tolerances, and keep less.
    void find_order() {
        order_.resize(reduced_.size());
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        if (!any_order_) return;
        const auto area = [&](std::size_t b) {
            const auto& r = ranges_[b];
            return (r[1].second - r[1].first) * (r[2].second - r[2].first);
        };
        std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
            const auto first = area(a), second = area(b);
            return first != second ? first < second : a < b;
        });
    }

    /// Tolerances add up over the layers that have one, so only few have: three of the second half, where layers are large, and the last, which has
    /// what these left. An early one makes all layers behind it smaller, a late one the front; these three took the least time for fronts of some
    /// hundred thousand points.
    [[nodiscard]] pruning pruning_of(std::size_t block) {
        pruning how;
        if (certificate_.epsilon == 0) return how;
        const auto n = reduced_.size(), left = n - 1 - block;
        double share = left == 0 ? unspent_ : 0;
        if (left > 0 && front_.size() >= large) share = left == n / 2 || left == n * 7 / 25 ? 0.3 : left == n / 10 ? 0.4 : 0.0;
        if (share == 0) return how;
        share = std::min(share, unspent_);
        unspent_ -= share;
        for (std::size_t d = 0; d < tolerance_.size(); ++d) how.tolerance[d] = share * tolerance_[d];
        return how;
    }

    /// Drops states of `next_` that nothing brings within the limits. Components that are there for a limit alone, and can no longer pass it, become
    /// equal.
    void drop_over_limit(std::size_t block) {
        const auto n = components_.size();
        const bool last = block + 1 >= reduced_.size();
        auto& states = reduced_.empty() ? front_ : next_;
        auto& origin = reduced_.empty() ? no_origin_ : layers_[block];
        kept_.assign(states.size(), 1);
        for (std::size_t d = 0; d < n; ++d) {
            const auto& c = components_[d];
            if (!is_limited(c)) continue;
            double* values = states.column(d);
            const auto [least, greatest] = last ? std::pair{neutral(c.how), neutral(c.how)} : rest_[(block + 1) * n + d];
            // Bounds are summed in another order than values, so that they are taken a little wider, but for the last.
            const double room = last || c.how != fold::add ? 0.0 : 1e-12 * (std::fabs(c.limit) + std::fabs(least) + std::fabs(greatest));
            for (std::size_t i = 0; i < states.size(); ++i)
                if (folded(c.how, values[i], least) > c.limit + room) kept_[i] = 0;
            if (last || d < objectives_ || c.how != fold::add) continue;
            const double safe = c.limit - greatest - room;
            for (std::size_t i = 0; i < states.size(); ++i) values[i] = std::max(values[i], safe);
        }
        const auto over = static_cast<std::size_t>(std::count(kept_.begin(), kept_.end(), 0));
        if (over == 0) return;
        certificate_.over_limit += over;
        states.keep(kept_);
        std::size_t to = 0;
        for (std::size_t i = 0; i < origin.size(); ++i)
            if (kept_[i] != 0) origin[to++] = origin[i];
        origin.resize(to);
    }

    /// Adds the states of the last layer to the front of all alternatives.
    void merge(std::uint32_t alternative, std::size_t blocks) {
        const auto before = rows_.size();
        rows_.append(front_);
        alternative_.resize(rows_.size(), alternative);
        picks_.resize(rows_.size() * blocks);
        // Each step back is a jump, so that a few states go back together.
        constexpr std::size_t together = 64;
        std::array<std::uint32_t, together> state{};
        for (std::size_t begin = 0; begin < front_.size(); begin += together) {
            const auto count = std::min(together, front_.size() - begin);
            for (std::size_t i = 0; i < count; ++i) state[i] = static_cast<std::uint32_t>(begin + i);
            for (auto layer = blocks; layer-- > 0;) {
                const auto block = order_[layer];
                for (std::size_t i = 0; i < count; ++i) {
                    const auto& o = layers_[layer][state[i]];
                    picks_[(before + begin + i) * blocks + block] = reduced_[block].choice[o.choice];
                    state[i] = o.row;
                }
            }
        }
        if (before == 0 && objectives_ == components_.size()) return; // the only front so far
        // Components of limits have done their work.
        vector_front objectives{objectives_}, nothing{objectives_}, best{objectives_};
        std::array<double, vector_front::most_dimensions> row{};
        for (std::size_t d = 0; d < objectives_; ++d) row[d] = neutral(components_[d].how);
        nothing.push_back(row.data());
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            for (std::size_t d = 0; d < objectives_; ++d) row[d] = rows_(i, d);
            objectives.push_back(row.data());
        }
        auto how = folds(components_);
        how.resize(objectives_);
        basic_front_sum<> filter{std::move(how)};
        std::vector<front_origin> origin;
        filter.add(objectives, nothing, best, origin);
        vector_front rows{components_.size()};
        std::vector<std::uint32_t> alternatives;
        std::vector<std::uint16_t> picks;
        picks.reserve(origin.size() * blocks);
        for (const auto& o : origin) {
            for (std::size_t d = 0; d < components_.size(); ++d) row[d] = rows_(o.row, d);
            rows.push_back(row.data());
            alternatives.push_back(alternative_[o.row]);
            picks.insert(picks.end(), picks_.begin() + static_cast<std::ptrdiff_t>(o.row * blocks),
                         picks_.begin() + static_cast<std::ptrdiff_t>((o.row + 1) * blocks));
        }
        rows_ = std::move(rows);
        alternative_ = std::move(alternatives);
        picks_ = std::move(picks);
    }

    std::vector<front_component> components_;
    std::size_t objectives_;
    basic_front_sum<> sum_;
    separable_certificate certificate_;
    // of the alternative at work
    std::vector<reduced_block> reduced_;
    std::vector<std::vector<std::pair<double, double>>> ranges_; ///< of each block and component, the least and the greatest term
    std::vector<std::pair<double, double>> rest_; ///< the same of all blocks from this one on
    std::vector<std::size_t> order_; ///< the block of each layer
    std::array<double, vector_front::most_dimensions> tolerance_{};
    bool any_order_ = false; ///< of the blocks
    double unspent_ = 1;
    bool limited_ = false;
    std::vector<std::vector<front_origin>> layers_;
    std::vector<front_origin> no_origin_;
    vector_front front_{components_.size()}, next_{components_.size()};
    std::vector<unsigned char> kept_;
    // of all alternatives so far
    vector_front rows_;
    std::vector<std::uint32_t> alternative_;
    std::vector<std::uint16_t> picks_;
};

template <class Deferred>
basic_block_fronts<Deferred>::basic_block_fronts(std::vector<front_component> components, std::size_t objectives, double epsilon)
    : components_{std::move(components)}, objectives_{objectives}, sum_{folds(components_)}, rows_{components_.size()} {
    certificate_.epsilon = epsilon;
    certificate_.tolerance.assign(objectives, 0.0);
    certificate_.least.assign(objectives, std::numeric_limits<double>::infinity());
    certificate_.greatest.assign(objectives, -std::numeric_limits<double>::infinity());
}
VERDANT_DEFINED_ONCE(basic_block_fronts<>::basic_block_fronts(std::vector<front_component>, std::size_t, double));

template <class Deferred>
void basic_block_fronts<Deferred>::add(std::uint32_t alternative, const std::vector<double>& shared, std::span<const vector_front> blocks) {
    ++certificate_.alternatives;
    certificate_.blocks = blocks.size();
    if (!std::all_of(shared.begin(), shared.end(), [](double x) { return std::isfinite(x); })) {
        ++certificate_.unbuildable;
        return;
    }
    reduce(blocks);
    if (std::any_of(reduced_.begin(), reduced_.end(), [](const reduced_block& b) { return b.terms.empty(); })) return;
    find_bounds(shared);
    find_order();
    layers_.resize(std::max(layers_.size(), blocks.size()));
    front_.clear();
    front_.push_back(shared.data());
    unspent_ = 1;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        sum_.add(front_, reduced_[order_[i]].terms, next_, layers_[i], pruning_of(i));
        if (limited_) drop_over_limit(i);
        std::swap(front_, next_);
        certificate_.states += front_.size();
        certificate_.largest_layer = std::max(certificate_.largest_layer, front_.size());
    }
    if (blocks.empty() && limited_) drop_over_limit(0);
    merge(alternative, blocks.size());
    certificate_.candidates = sum_.candidates();
}
VERDANT_DEFINED_ONCE(void basic_block_fronts<>::add(std::uint32_t, const std::vector<double>&, std::span<const vector_front>));
using block_fronts = basic_block_fronts<>;

} // namespace verdant::detail
