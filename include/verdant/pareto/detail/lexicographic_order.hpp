#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Sorts vectors lexicographically.
namespace verdant::pareto::detail {

/// A value beside the index of its owner, so that sorting touches one array only.
struct sort_key {
    double value;
    std::uint32_t index;
};

/// Sorts indices of vectors lexicographically; equal vectors keep the order of their indices. Reuses its memory.
template <class = instantiated_when_used>
class basic_lexicographic_order {
public:
    /// Sorts `indices`, a subset of the vectors.
    void sort(objective_rows points, std::span<std::uint32_t> indices) {
        keys_.resize(indices.size());
        for (std::size_t i = 0; i < indices.size(); ++i) keys_[i] = {points.row(indices[i])[0], indices[i]};
        std::sort(keys_.begin(), keys_.end(), [points](const sort_key& a, const sort_key& b) {
            if (a.value != b.value) return a.value < b.value;
            const double* p = points.row(a.index);
            const double* q = points.row(b.index);
            for (std::size_t j = 1; j < points.objectives(); ++j)
                if (p[j] != q[j]) return p[j] < q[j];
            return a.index < b.index;
        });
        for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = keys_[i].index;
    }

private:
    std::vector<sort_key> keys_;
};
using lexicographic_order = basic_lexicographic_order<>;

} // namespace verdant::pareto::detail
