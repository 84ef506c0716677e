#pragma once

#include <verdant/surrogate/feature_rows.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace verdant::surrogate::detail {

/// Features as the numbers of the ranges that their values are in. Where a feature has few values each is a range of its own. Features of few ranges
/// are taken together: one code stands for the combination, so that a row is added to one sum a group and not to one a feature, which pays where
/// features are choices.
class binned_rows {
public:
    /// Some features whose combination is one code.
    struct group {
        std::uint32_t first = 0, last = 0; ///< the features from `first` on, before `last`
        std::uint32_t codes = 1; ///< of combinations
        std::uint32_t digits = 0; ///< where its part of `bins_of_codes` begins
        std::uint32_t sums = 0; ///< where its sums begin among those of all groups
    };

    /// @param bins ranges of a feature at most
    binned_rows(const feature_rows& x, std::size_t bins) : rows_{x.rows()}, columns_{x.columns} {
        low_.resize(columns_);
        high_.resize(columns_);
        missing_.resize(columns_);
        first_bin_.assign(columns_ + 1, 0);
        bins_.resize(rows_ * columns_);
        std::vector<float> values;
        for (std::size_t c = 0; c < columns_; ++c) bin_column(x, c, bins, values);
        form_groups();
        code_rows();
    }

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
    /// Where a feature's bins begin among those of all; the last of a feature that is missing somewhere is for such rows.
    [[nodiscard]] std::uint32_t first_bin(std::size_t column) const noexcept { return first_bin_[column]; }
    [[nodiscard]] std::uint32_t bins() const noexcept { return first_bin_[columns_]; }
    /// Bins of values, without that of missing ones.
    [[nodiscard]] std::uint32_t bins_of(std::size_t column) const noexcept { return static_cast<std::uint32_t>(low_[column].size()); }
    [[nodiscard]] bool has_missing(std::size_t column) const noexcept { return missing_[column] != 0; }
    /// The bins of a feature in all rows, counted from 0.
    [[nodiscard]] const std::uint16_t* column(std::size_t c) const noexcept { return bins_.data() + c * rows_; }
    /// What parts two bins of a feature: the middle of the greatest value below and the least above.
    [[nodiscard]] float threshold(std::size_t column, std::uint32_t below, std::uint32_t above) const noexcept {
        const auto a = high_[column][below], b = low_[column][above];
        const auto middle = a / 2 + b / 2;
        return middle > a ? middle : b; // neighbouring floats have no middle; the row of b must not go left
    }

    /// The least and the greatest value of a bin.
    [[nodiscard]] float least(std::size_t column, std::uint32_t bin) const noexcept { return low_[column][bin]; }
    [[nodiscard]] float greatest(std::size_t column, std::uint32_t bin) const noexcept { return high_[column][bin]; }
    /// What is just above all values of a bin.
    [[nodiscard]] float beyond(std::size_t column, std::uint32_t bin) const noexcept {
        return std::nextafter(high_[column][bin], std::numeric_limits<float>::infinity());
    }

    [[nodiscard]] std::span<const group> groups() const noexcept { return groups_; }
    /// Of all groups together.
    [[nodiscard]] std::size_t group_codes() const noexcept { return group_codes_; }
    /// The codes of a row, one a group, counted through all groups.
    [[nodiscard]] const std::uint32_t* codes(std::size_t row) const noexcept { return codes_.data() + row * groups_.size(); }
    /// For each code of a group the bin of each of its features among the bins of all.
    [[nodiscard]] const std::uint32_t* bins_of_codes(const group& g) const noexcept { return digits_.data() + g.digits; }

private:
    void bin_column(const feature_rows& x, std::size_t c, std::size_t most, std::vector<float>& values) {
        values.clear();
        for (std::size_t r = 0; r < rows_; ++r)
            if (const auto v = x.values[r * columns_ + c]; !std::isnan(v)) values.push_back(v + 0.0F); // no negative zero
        missing_[c] = values.size() < rows_;
        std::sort(values.begin(), values.end());
        const auto distinct = count_distinct(values);
        // Ranges of about equally many rows; equal values stay together.
        const auto a_bin = distinct <= most ? 1 : (values.size() + most - 1) / most;
        std::size_t held = 0;
        auto &low = low_[c], &high = high_[c];
        for (std::size_t i = 0; i < values.size(); ++i) {
            const bool new_value = i == 0 || values[i] != values[i - 1];
            if (new_value && (i == 0 || held >= a_bin)) {
                low.push_back(values[i]);
                high.push_back(values[i]);
                held = 0;
            }
            high.back() = values[i];
            ++held;
        }
        for (std::size_t r = 0; r < rows_; ++r) {
            const auto v = x.values[r * columns_ + c];
            const auto bin = std::isnan(v) ? static_cast<std::ptrdiff_t>(low.size()) : std::lower_bound(high.begin(), high.end(), v) - high.begin();
            bins_[c * rows_ + r] = static_cast<std::uint16_t>(bin);
        }
        first_bin_[c + 1] = first_bin_[c] + static_cast<std::uint32_t>(low.size()) + (missing_[c] != 0 ? 1U : 0U);
    }
    [[nodiscard]] static std::size_t count_distinct(std::span<const float> sorted) {
        std::size_t count = sorted.empty() ? 0 : 1;
        for (std::size_t i = 1; i < sorted.size(); ++i) count += sorted[i] != sorted[i - 1] ? 1 : 0;
        return count;
    }

    [[nodiscard]] std::uint32_t width(std::size_t column) const noexcept { return first_bin_[column + 1] - first_bin_[column]; }

    void form_groups() {
        constexpr std::uint32_t most_codes = 64; // more make the sums of small nodes slower than they make those of large ones faster
        for (std::uint32_t c = 0; c < columns_; ++c) {
            if (groups_.empty() || std::uint64_t{groups_.back().codes} * width(c) > most_codes) groups_.push_back({c, c, 1, 0, 0});
            groups_.back().codes *= width(c);
            groups_.back().last = c + 1;
        }
        for (auto& g : groups_) {
            g.digits = static_cast<std::uint32_t>(digits_.size());
            g.sums = static_cast<std::uint32_t>(group_codes_);
            group_codes_ += g.codes;
            for (std::uint32_t code = 0; code < g.codes; ++code) {
                auto rest = code;
                for (auto c = g.first; c < g.last; ++c) {
                    digits_.push_back(first_bin_[c] + rest % width(c));
                    rest /= width(c);
                }
            }
        }
    }
    void code_rows() {
        codes_.resize(rows_ * groups_.size());
        for (std::size_t r = 0; r < rows_; ++r)
            for (std::size_t i = 0; i < groups_.size(); ++i) {
                std::uint32_t code = groups_[i].sums, factor = 1;
                for (auto c = groups_[i].first; c < groups_[i].last; ++c) {
                    code += factor * bins_[c * rows_ + r];
                    factor *= width(c);
                }
                codes_[r * groups_.size() + i] = code;
            }
    }

    std::size_t rows_, columns_, group_codes_ = 0;
    std::vector<std::vector<float>> low_, high_; ///< least and greatest value of each bin, by feature
    std::vector<std::uint8_t> missing_;
    std::vector<std::uint32_t> first_bin_;
    std::vector<std::uint16_t> bins_; ///< [columns, rows]
    std::vector<std::uint32_t> codes_, digits_; ///< [rows, groups]; of all groups' codes
    std::vector<group> groups_;
};

} // namespace verdant::surrogate::detail
