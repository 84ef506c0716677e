#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

/// Vectors of objectives by columns, and how those of parts become that of a whole.
namespace verdant::detail {

/// How a component of a whole follows from those of its parts, all components being minimised: a maximised sum is a sum of negative numbers, a
/// maximised maximum a least number. All of them are monotone, in floating point as well, which is what dominance pruning stands on.
enum class fold : std::uint8_t { add, larger, smaller };

[[nodiscard]] constexpr double folded(fold how, double a, double b) noexcept {
    return how == fold::add ? a + b : how == fold::larger ? (a < b ? b : a) : (b < a ? b : a);
}
/// What changes nothing.
[[nodiscard]] constexpr double neutral(fold how) noexcept {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    return how == fold::add ? 0.0 : how == fold::larger ? -infinity : infinity;
}

/// Rows of a few numbers, kept column by column.
class vector_front {
public:
    static constexpr std::size_t most_dimensions = 12;

    explicit vector_front(std::size_t dimensions = 1) : columns_(dimensions) {}
    [[nodiscard]] std::size_t dimensions() const noexcept { return columns_.size(); }
    [[nodiscard]] std::size_t size() const noexcept { return columns_[0].size(); }
    [[nodiscard]] bool empty() const noexcept { return columns_[0].empty(); }
    [[nodiscard]] const double* column(std::size_t d) const { return columns_[d].data(); }
    [[nodiscard]] double* column(std::size_t d) { return columns_[d].data(); }
    [[nodiscard]] double operator()(std::size_t row, std::size_t d) const { return columns_[d][row]; }
    void clear() noexcept {
        for (auto& c : columns_) c.clear();
    }
    void push_back(const double* row) {
        for (std::size_t d = 0; d < columns_.size(); ++d) columns_[d].push_back(row[d]);
    }
    void append(const vector_front& other) {
        for (std::size_t d = 0; d < columns_.size(); ++d) columns_[d].insert(columns_[d].end(), other.columns_[d].begin(), other.columns_[d].end());
    }
    /// Keeps the rows that `kept` has a 1 for, in their order.
    void keep(const std::vector<unsigned char>& kept) {
        for (auto& c : columns_) {
            std::size_t to = 0;
            for (std::size_t i = 0; i < kept.size(); ++i)
                if (kept[i] != 0) c[to++] = c[i];
            c.resize(to);
        }
    }
    [[nodiscard]] double least(std::size_t d) const { return *std::min_element(columns_[d].begin(), columns_[d].end()); }
    [[nodiscard]] double greatest(std::size_t d) const { return *std::max_element(columns_[d].begin(), columns_[d].end()); }

private:
    std::vector<std::vector<double>> columns_;
};

/// Which rows a sum is of.
struct front_origin {
    std::uint32_t row = 0, choice = 0;
};

} // namespace verdant::detail
