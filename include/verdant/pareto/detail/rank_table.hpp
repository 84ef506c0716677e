#pragma once

#include <verdant/pareto/detail/lexicographic_order.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace verdant::pareto::detail {

/// Replaces objective values by ranks: 0 is the reference, the larger the better, equal values have equal ranks. Every coordinate of a box
/// that a hypervolume algorithm meets is one of the values, so ranks and a table of lengths say everything, in a quarter of the space.
template <class Rank>
class rank_table {
public:
    /// `chosen` are those of the points that lie below the reference.
    void build(objective_rows points, std::span<const std::uint32_t> chosen, std::span<const double> reference) {
        width_ = points.objectives();
        const auto n = chosen.size();
        ranks_.resize(n * width_);
        lengths_.resize(width_);
        keys_.resize(n);
        best_first_.resize(n);
        for (std::size_t j = 0; j < width_; ++j) {
            for (std::uint32_t i = 0; i < n; ++i) keys_[i] = {points.row(chosen[i])[j], i};
            std::sort(keys_.begin(), keys_.end(), [](const sort_key& a, const sort_key& b) { return a.value > b.value; });
            auto& lengths = lengths_[j];
            lengths.assign(1, 0.0);
            for (std::size_t k = 0; k < n; ++k) {
                if (k == 0 || keys_[k].value != keys_[k - 1].value) lengths.push_back(reference[j] - keys_[k].value);
                ranks_[keys_[k].index * width_ + j] = static_cast<Rank>(lengths.size() - 1);
            }
        }
        for (std::size_t k = 0; k < n; ++k) best_first_[k] = keys_[n - 1 - k].index;
    }

    /// Ranks of the i-th chosen vector.
    [[nodiscard]] const Rank* row(std::size_t i) const noexcept { return ranks_.data() + i * width_; }
    /// `lengths()[j][r]`: distance of rank r of objective j to the reference.
    [[nodiscard]] const std::vector<std::vector<double>>& lengths() const noexcept { return lengths_; }
    /// The chosen vectors in descending order of the rank in the last objective.
    [[nodiscard]] std::span<const std::uint32_t> best_first() const noexcept { return best_first_; }

private:
    std::size_t width_ = 0;
    std::vector<Rank> ranks_;
    std::vector<std::vector<double>> lengths_;
    std::vector<std::uint32_t> best_first_;
    std::vector<sort_key> keys_;
};

} // namespace verdant::pareto::detail
