#pragma once

#include <verdant/numeric/hash_table.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace verdant {

/// The points that an optimizer was told of, of a space so small that it can be searched to its end: an optimizer that draws known points only finds
/// the others by these. Of more points than such a space has, and of a larger space, it knows nothing.
template <search_space Space>
class told_points {
public:
    /// So many feasible points a small space has at most.
    static constexpr std::size_t most = 4096;

    void add(const point<Space>& p) {
        if (too_many_ || contains(p)) return;
        if (too_many_ = table_.size() == most; too_many_) table_.clear();
        else table_.add(p, true);
    }
    [[nodiscard]] bool contains(const point<Space>& p) const { return table_.find(p) != nullptr; }

    /// Whether the space, or the part of it that the search is bound to, is small.
    [[nodiscard]] bool can_end() const {
        if (too_many_) return false;
        const auto count = count_feasible<Space>();
        return count && *count <= most;
    }
    /// One of the other feasible points, each as likely as any; nothing where there is none. It looks at all points of the space. @pre `can_end()`
    /// @param taken `point -> bool`: those that it may not be either
    template <class Taken>
    [[nodiscard]] std::optional<point<Space>> other(random_stream& random, const Taken& taken) const {
        std::vector<point<Space>> left;
        for (const auto& p : feasible_points<Space>())
            if (!contains(p) && !taken(p)) left.push_back(p);
        if (left.empty()) return std::nullopt;
        return left[static_cast<std::size_t>(random.below(left.size()))];
    }

private:
    hash_table<point<Space>, bool> table_;
    bool too_many_ = false;
};

} // namespace verdant
