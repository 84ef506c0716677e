#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/space/feasible_set.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

/// All feasible points, in order.
namespace verdant {

namespace detail {

/// Walks over the feasible combinations of indices in lexicographic order. It keeps one combination, and for each parameter of an
/// enumerated group the rows that agree with the values so far, so that it steps from one feasible point to the next without dead ends.
template <class = instantiated_when_used>
class basic_feasible_cursor {
public:
    explicit basic_feasible_cursor(const feasible_set& set);

    [[nodiscard]] bool done() const noexcept { return done_; }
    [[nodiscard]] const std::vector<std::uint32_t>& indices() const noexcept { return indices_; }
    void next() { fill(indices_.size(), walk::back); }

private:
    static constexpr auto none = ~std::size_t{0};
    enum class walk { onwards, back };
    struct row_range {
        std::size_t begin = 0, end = 0;
    };

    /// Continues at parameter `p`: forwards to the last one, backwards where a parameter has no further value.
    void fill(std::size_t p, walk step);

    /// Gives parameter `p` its first possible value from `from` on.
    [[nodiscard]] bool choose(std::size_t p, std::uint32_t from) {
        const auto size = set_->space().domain_size(p);
        const auto* group = set_->group_of(p);
        if (group != nullptr && group->enumerated()) return choose_row(*group, p, from);
        for (; from < size; ++from) {
            indices_[p] = from;
            if (group == nullptr) return true;
            if (group->possible(column_[p], indices_)) return true;
        }
        return false;
    }

    [[nodiscard]] bool choose_row(const feasible_group& group, std::size_t p, std::uint32_t from) {
        const auto all = previous_[p] == none ? row_range{0, group.count()} : rows_[previous_[p]];
        const auto column = column_[p];
        const auto begin = first_row(group, all, column, from);
        if (begin == all.end) return false;
        indices_[p] = group.row(begin, column);
        rows_[p] = {begin, first_row(group, all, column, indices_[p] + 1U)};
        return true;
    }
    [[nodiscard]] static std::size_t first_row(const feasible_group& group, row_range rows, std::size_t column, std::uint32_t value) {
        while (rows.begin < rows.end) {
            const auto middle = (rows.begin + rows.end) / 2;
            if (group.row(middle, column) < value) rows.begin = middle + 1;
            else rows.end = middle;
        }
        return rows.begin;
    }

    const feasible_set* set_;
    std::vector<std::uint32_t> indices_;
    std::vector<row_range> rows_;
    std::vector<std::size_t> column_, previous_;
    bool done_ = false;
};

template <class Deferred>
basic_feasible_cursor<Deferred>::basic_feasible_cursor(const feasible_set& set)
    : set_{&set}, indices_(set.space().size(), 0), rows_(set.space().size()), column_(set.space().size(), 0), previous_(set.space().size(), none) {
    for (const auto& group : set.groups())
        for (std::size_t m = 0; m < group.members().size(); ++m) {
            column_[group.members()[m]] = m;
            if (m > 0) previous_[group.members()[m]] = group.members()[m - 1];
        }
    fill(0, walk::onwards);
}

template <class Deferred>
void basic_feasible_cursor<Deferred>::fill(std::size_t p, walk step) {
    const auto n = indices_.size();
    for (;;) {
        if (step == walk::back) {
            if (p == 0) {
                done_ = true;
                return;
            }
            --p;
        }
        if (p == n) return;
        if (choose(p, step == walk::back ? indices_[p] + 1U : 0U)) {
            ++p;
            step = walk::onwards;
        } else {
            step = walk::back;
        }
    }
}
VERDANT_DEFINED_ONCE(class basic_feasible_cursor<>);
using feasible_cursor = basic_feasible_cursor<>;

} // namespace detail

/// All feasible points of a space in lexicographic order, one at a time: `for (const auto& p : feasible_points<S>()) ...`.
/// An input range that keeps one point, whatever the size of the space; range adaptors accept it.
template <search_space S>
class feasible_range {
public:
    class iterator {
    public:
        using value_type = point<S>;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        iterator() : cursor_{feasible_set_of<S>()} {}
        [[nodiscard]] point<S> operator*() const { return point<S>::from_indices(cursor_.indices()); }
        iterator& operator++() {
            cursor_.next();
            return *this;
        }
        void operator++(int) { cursor_.next(); }
        friend bool operator==(const iterator& i, std::default_sentinel_t) { return i.cursor_.done(); }

    private:
        detail::feasible_cursor cursor_;
    };

    [[nodiscard]] iterator begin() const { return {}; }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }
};

/// All feasible points of a space, in the order of their indices, each made when it is reached.
template <search_space S>
[[nodiscard]] feasible_range<S> feasible_points() {
    return {};
}

} // namespace verdant
