#pragma once

#include <verdant/hardware/mapping/detail/divisors.hpp>
#include <verdant/hardware/mapping/detail/key_map.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

/// The enumerations of the mapping search: which tilings and spreads of loops it looks at, and in which order.
namespace verdant::hardware::detail {

/// A set of loops, one bit each.
using loop_set = unsigned;

template <class... Dims>
[[nodiscard]] constexpr loop_set loops(Dims... dims) {
    return ((1U << dims) | ... | 0U);
}

using hardware::loop_dim;
inline constexpr loop_set all_loops = (1U << loop_dim::count) - 1;

/// The three tensors, in the order in which the search treats them.
struct tensor_role {
    enum index : std::uint8_t { input, weight, output };
    static constexpr std::array all{input, weight, output};
};

/// The loops that index a tensor; those of the kernel and of the output both index the input.
inline constexpr std::array<loop_set, 3> indexing_loops{all_loops & ~loops(loop_dim::k), loops(loop_dim::c, loop_dim::k, loop_dim::r, loop_dim::s),
                                                        loops(loop_dim::n, loop_dim::k, loop_dim::p, loop_dim::q)};

/// One way of spreading loops over a two-dimensional array.
struct spread {
    divisor_ids factor;
    tensor_role::index kept; ///< the tensor whose loops were spread first
};

/// The enumerations of docs/estimator.md 4.4 (a), (b), (d). There they are breadth-first searches from all ones that raise one loop to its next
/// divisor at a time. A set that is closed downwards is visited by such a search in the order (sum of ranks, ranks descending lexicographically),
/// so here the members that count are generated directly and then sorted; `proportioned`, whose set is not closed, is searched in earnest.
template <class = instantiated_when_used>
class basic_factor_enumeration {
public:
    basic_factor_enumeration(const divisor_lattice& lattice, work_budget& budget) : lattice_{&lattice}, budget_{&budget} {}

    /// Appends the factors of `full` over the loops `allowed` whose product is `target`.
    void exact(const divisor_ids& full, int target, loop_set allowed, std::vector<divisor_ids>& out) {
        collect_exact(full, target, allowed);
        append_found(out);
    }

    /// Appends the factors of `full` over `allowed` that satisfy `fits` and have no greater ones that do.
    /// @param fits a predicate of `loop_values` that is false for everything above a value for which it is false
    template <class Fits>
    void maximal(const divisor_ids& full, loop_set allowed, Fits&& fits, std::vector<divisor_ids>& out) {
        begin(full, allowed);
        loop_values low{1, 1, 1, 1, 1, 1, 1};
        if (!fits(low)) return;
        loop_values high = low;
        for (std::size_t i = 0; i < open_size_; ++i) high[open_[i]] = table(i).value(full[open_[i]]);
        if (fits(high)) {
            divisor_ids all{};
            for (std::size_t i = 0; i < open_size_; ++i) all[open_[i]] = full[open_[i]];
            out.push_back(all);
            return;
        }
        descend_maximal(0, 0, low, high, fits);
        append_found(out);
    }

    /// Appends the ways of spreading `full` over `width` by `depth` elements (docs/estimator.md 4.4 b).
    void spreads(const divisor_ids& full, int width, int depth, std::vector<spread>& out) {
        const auto before = out.size();
        for (int round = 0; round < 2 && out.size() == before; ++round)
            for (const auto kept : tensor_role::all) {
                xs_.clear();
                exact(full, width, indexing_loops[kept], xs_);
                if (xs_.empty()) {
                    if (round == 0) continue;
                    best_effort(full, width, indexing_loops[kept], xs_);
                }
                emitted_.clear();
                for (const auto& x : xs_) {
                    const auto rest = lattice_->quotient(full, x);
                    ys_.clear();
                    exact(rest, depth, indexing_loops[kept], ys_);
                    if (ys_.empty()) best_effort(rest, depth, indexing_loops[kept], ys_);
                    for (const auto& y : ys_) {
                        // x * y, as the quotient of the bounds by what is left
                        const auto factor = lattice_->quotient(full, lattice_->quotient(rest, y));
                        if (emitted_.insert(lattice_->key(factor)).second) out.push_back({factor, kept});
                    }
                }
            }
    }

private:
    struct member {
        std::uint64_t order; ///< sum of ranks, then when it was found
        divisor_ids ids;
    };

    void found(std::size_t level, const divisor_ids& ids) { found_.push_back({std::uint64_t{level} << 32 | found_.size(), ids}); }

    [[nodiscard]] const divisor_table& table(std::size_t i) const { return (*lattice_)[open_[i]]; }

    void begin(const divisor_ids& full, loop_set allowed) {
        full_ = full;
        found_.clear();
        current_ = {};
        open_size_ = 0;
        for (const auto d : lattice_->active())
            if ((allowed >> d & 1U) != 0 && full[d] != 0) open_[open_size_++] = d;
    }

    void append_found(std::vector<divisor_ids>& out) {
        // members are found in descending lexicographic order
        std::sort(found_.begin(), found_.end(), [](const member& a, const member& b) { return a.order < b.order; });
        for (const auto& m : found_) out.push_back(m.ids);
    }

    void collect_exact(const divisor_ids& full, int target, loop_set allowed) {
        begin(full, allowed);
        suffix_[open_size_] = 1;
        for (std::size_t i = open_size_; i-- > 0;) suffix_[i] = suffix_[i + 1] * table(i).value(full[open_[i]]);
        descend_exact(0, target, 0);
    }

    void descend_exact(std::size_t i, int left, std::size_t level) {
        if (left == 1) {
            found(level, current_);
            return;
        }
        if (i == open_size_ || suffix_[i] % left != 0) return;
        const auto d = open_[i];
        const auto own = table(i).of(full_[d]);
        budget_->spend(static_cast<long long>(own.size()));
        for (std::size_t rank = own.size(); rank-- > 0;) {
            const int value = table(i).value(own[rank]);
            if (value > left || left % value != 0) continue;
            current_[d] = own[rank];
            descend_exact(i + 1, left / value, level + rank);
        }
        current_[d] = 0;
    }

    /// @param low,high the factors chosen so far, with ones and with all that is left beyond them; `low` fits, `high` does not
    template <class Fits>
    void descend_maximal(std::size_t i, std::size_t level, loop_values& low, loop_values& high, Fits& fits) {
        const auto d = open_[i];
        const auto own = table(i).of(full_[d]);
        for (std::size_t rank = own.size(); rank-- > 0;) {
            budget_->spend();
            const double value = table(i).value(own[rank]);
            low[d] = high[d] = value;
            if (!fits(low)) continue;
            current_[d] = own[rank];
            const auto here = level + rank;
            if (fits(high)) {
                // everything below this factor of loop d is below this member
                if (is_maximal(i, high, fits)) {
                    auto ids = current_;
                    auto sum = here;
                    for (std::size_t j = i + 1; j < open_size_; ++j) {
                        ids[open_[j]] = full_[open_[j]];
                        sum += table(j).of(full_[open_[j]]).size() - 1;
                    }
                    found(sum, ids);
                }
                break;
            }
            descend_maximal(i + 1, here, low, high, fits);
        }
        current_[d] = 0;
        low[d] = 1;
        high[d] = table(i).value(own.back());
    }

    /// Whether no loop before the i-th open one can be raised. Loop i itself has been tried.
    template <class Fits>
    [[nodiscard]] bool is_maximal(std::size_t i, loop_values& values, Fits& fits) {
        for (std::size_t j = 0; j < i; ++j) {
            const auto d = open_[j];
            const auto own = table(j).of(full_[d]);
            const std::size_t rank = table(j).rank(full_[d], current_[d]);
            if (rank + 1 == own.size()) continue;
            budget_->spend();
            const double value = values[d];
            values[d] = table(j).value(own[rank + 1]);
            const bool raised = fits(values);
            values[d] = value;
            if (raised) return false;
        }
        return true;
    }

    /// What is spread where no exact product exists: as much as fits over the tensor's own loops, then over all loops.
    void best_effort(const divisor_ids& full, int target, loop_set own, std::vector<divisor_ids>& out) {
        const double limit = target;
        const auto within = [limit](const loop_values& v) { return product(v) <= limit; };
        const auto first = out.size();
        maximal(full, own, within, out);
        const auto size = out.size();
        proportioned(full, target, own, out);
        if (out.size() != size) return;
        double least = std::numeric_limits<double>::infinity();
        for (auto i = first; i < size; ++i) least = std::min(least, product(lattice_->values(out[i])));
        maximal(full, all_loops, within, out);
        out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(size), out.end(),
                                 [&](const divisor_ids& ids) {
                                     const double p = product(lattice_->values(ids));
                                     return p <= least && p < limit;
                                 }),
                  out.end());
    }

    /// Whether the loops of `own` are all at `full` or have at least the product of the others.
    [[nodiscard]] bool is_proportioned(const divisor_ids& full, const divisor_ids& ids, loop_set own) const {
        double ours = 1, others = 1;
        bool complete = true;
        for (const auto d : lattice_->active()) {
            const double value = (*lattice_)[d].value(ids[d]);
            if ((own >> d & 1U) != 0) {
                ours *= value;
                complete = complete && ids[d] == full[d];
            } else {
                others *= value;
            }
        }
        return complete || ours >= others;
    }

    /// Appends the factors over all loops with product `target` that are proportioned, in the order of a search that passes only through
    /// proportioned ones.
    void proportioned(const divisor_ids& full, int target, loop_set own, std::vector<divisor_ids>& out) {
        collect_exact(full, target, all_loops);
        std::erase_if(found_, [&](const member& m) { return !is_proportioned(full, m.ids, own); });
        if (found_.size() < 2) return append_found(out);
        // only what lies below a member can lead to one
        divisor_ids ceiling{};
        for (const auto& m : found_)
            for (std::size_t i = 0; i < open_size_; ++i) ceiling[open_[i]] = std::max(ceiling[open_[i]], m.ids[open_[i]]);
        visited_.clear();
        queue_.assign(1, divisor_ids{});
        for (std::size_t head = 0; head < queue_.size(); ++head) {
            const auto node = queue_[head];
            const double size = product(lattice_->values(node));
            if (size == target) {
                out.push_back(node);
                continue;
            }
            for (std::size_t i = 0; i < open_size_; ++i) {
                const auto d = open_[i];
                if (node[d] >= ceiling[d]) continue;
                budget_->spend();
                auto next = node;
                next[d] = table(i).of(full[d])[table(i).rank(full[d], node[d]) + 1U];
                if (size / table(i).value(node[d]) * table(i).value(next[d]) > target || !is_proportioned(full, next, own)) continue;
                if (visited_.insert(lattice_->key(next)).second) queue_.push_back(next);
            }
        }
    }

    const divisor_lattice* lattice_;
    work_budget* budget_;
    divisor_ids full_{}, current_{};
    std::array<std::uint8_t, loop_dim::count> open_{};
    std::size_t open_size_ = 0;
    std::array<long long, loop_dim::count + 1> suffix_{};
    std::vector<member> found_;
    std::vector<divisor_ids> xs_, ys_, queue_;
    key_map visited_, emitted_;
};
using factor_enumeration = basic_factor_enumeration<>;

} // namespace verdant::hardware::detail
