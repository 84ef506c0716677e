#pragma once

#include <verdant/error.hpp>
#include <verdant/space/feasible_group.hpp>
#include <verdant/space/feasible_set.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// Feasible points by number, and the number of a feasible point.
namespace verdant {

namespace detail {

/// How many combinations of one group agree with the values chosen so far, parameter after parameter. Works on the counts that a `feasible_group`
/// has: the rows that it enumerated, or the weights of its elimination.
class group_count {
public:
    explicit group_count(const feasible_group& group) : group_{&group}, rows_{0, group.enumerated() ? group.count() : 0}, count_{*group.exact_count()} {}

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    /// How many of them have a value below `value` at member `m`, given the members before it. @pre value is at most the size of the domain
    template <class Indices>
    [[nodiscard]] std::uint64_t below(std::size_t m, std::size_t value, const Indices& indices) const {
        if (group_->enumerated()) return first_row(m, value) - rows_.begin;
        const auto weights = group_->eliminated()->weights(m, indices);
        double sum = 0;
        for (std::size_t v = 0; v < value; ++v) sum += weights[v];
        return ways(weights, sum);
    }

    /// Chooses a value for member `m`.
    template <class Indices>
    void choose(std::size_t m, std::size_t value, const Indices& indices) {
        if (group_->enumerated()) {
            rows_ = {first_row(m, value), first_row(m, value + 1)};
            count_ = rows_.end - rows_.begin;
        } else {
            const auto weights = group_->eliminated()->weights(m, indices);
            count_ = ways(weights, weights[value]);
        }
    }

private:
    struct row_range {
        std::size_t begin, end;
    };

    /// Weights are counts up to a common factor, and all are below 2^53 and so exact: the quotient and the product are, too.
    template <class Weights>
    [[nodiscard]] std::uint64_t ways(const Weights& weights, double part) const {
        double all = 0;
        for (const double w : weights) all += w;
        return all > 0 ? static_cast<std::uint64_t>(static_cast<double>(count_) / all * part) : 0;
    }

    /// The first row of the range whose member `m` is at least `value`; rows are in lexicographic order and agree before `m`.
    [[nodiscard]] std::size_t first_row(std::size_t m, std::size_t value) const {
        auto begin = rows_.begin, end = rows_.end;
        while (begin < end) {
            const auto middle = (begin + end) / 2;
            if (group_->row(middle, m) < value) begin = middle + 1;
            else end = middle;
        }
        return begin;
    }

    const feasible_group* group_;
    row_range rows_;
    std::uint64_t count_;
};

} // namespace detail

/// The feasible points of a space as numbers 0, 1, 2, ... in lexicographic order, and back, without enumerating them: parameter after parameter, from
/// the counts of how the rest can be completed. An access takes O(parameters x log of what a domain holds) steps.
///
///     const auto p = ranking_of<S>().at(1'000'000);
///     const auto i = ranking_of<S>().index_of(p);     // 1'000'000
template <search_space S>
class feasible_ranking {
public:
    /// @throws error where a group of constrained parameters cannot be counted, or there are 2^63 points or more
    explicit feasible_ranking(const feasible_set& set) : set_{&set}, member_(parameter_count<S>, 0) {
        constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        const auto times = [](std::uint64_t a, std::uint64_t b) {
            if (b != 0 && a > most / b) throw error{"a space of 2^63 feasible points or more has no random access; walk over it with feasible_points<S>()"};
            return a * b;
        };
        for (const auto& group : set.groups()) {
            const auto count = group.exact_count();
            if (!count)
                throw error{"the combinations of " + set.member_names(group) + " cannot be counted, so the space has no random access; walk over it with "
                            "feasible_points<S>()"};
            size_ = times(size_, *count);
            for (std::size_t m = 0; m < group.members().size(); ++m) member_[group.members()[m]] = m;
        }
        for (const auto p : set.free_parameters()) size_ = times(size_, set.space().domain_size(p));
    }

    /// The number of feasible points: `count_feasible<S>()`.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// The point of this number. @pre index < size()
    [[nodiscard]] point<S> at(std::uint64_t index) const {
        point<S> p;
        walk(p, [&](std::size_t parameter, std::uint64_t others, const auto& below) {
            // The last value with no more than `index` points before it.
            std::size_t low = 0, high = set_->space().domain_size(parameter);
            while (high - low > 1) {
                const auto middle = (low + high) / 2;
                if (below(middle) * others <= index) low = middle;
                else high = middle;
            }
            index -= below(low) * others;
            return low;
        });
        return p;
    }

    /// The number of a point; nothing for one that is not feasible.
    [[nodiscard]] std::optional<std::uint64_t> index_of(const point<S>& wanted) const {
        if (!wanted.feasible()) return std::nullopt;
        std::uint64_t index = 0;
        point<S> p;
        walk(p, [&](std::size_t parameter, std::uint64_t others, const auto& below) {
            index += below(wanted[parameter]) * others;
            return std::size_t{wanted[parameter]};
        });
        return index;
    }

private:
    /// Chooses the parameters one after the other. @param choose (parameter, points for each way of completing its group, ways below a value) -> its
    /// value
    template <class Choose>
    void walk(point<S>& p, Choose&& choose) const {
        std::vector<detail::group_count> groups(set_->groups().begin(), set_->groups().end());
        auto left = size_; // points that agree with what was chosen
        for (std::size_t i = 0; i < p.size(); ++i) {
            const auto* group = set_->group_of(i);
            std::size_t value = 0;
            if (group == nullptr) {
                left /= set_->space().domain_size(i);
                value = choose(i, left, [](std::size_t v) { return std::uint64_t{v}; });
            } else {
                auto& counted = groups[static_cast<std::size_t>(group - set_->groups().data())];
                const auto others = left / counted.count();
                value = choose(i, others, [&](std::size_t v) { return counted.below(member_[i], v, p); });
                counted.choose(member_[i], value, p);
                left = others * counted.count();
            }
            p[i] = static_cast<typename point<S>::index_type>(value);
        }
    }

    const feasible_set* set_;
    std::vector<std::size_t> member_; ///< of each parameter, its place in its group
    std::uint64_t size_ = 1;
};

/// The ranking of a space, made at the first call.
/// @throws as the constructor of `feasible_ranking`
template <search_space S>
[[nodiscard]] const feasible_ranking<S>& ranking_of() {
    static const feasible_ranking<S> ranking{whole_feasible_set<S>()};
    return ranking;
}

} // namespace verdant
