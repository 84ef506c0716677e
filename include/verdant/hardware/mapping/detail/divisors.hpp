#pragma once

#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// The divisors of loop bounds, and the budget of work of a search.
namespace verdant::hardware::detail {

/// Thrown inside a search, and caught by it, when its budget is spent.
struct work_exhausted {};

/// A deterministic limit of work: steps, not time.
class work_budget {
public:
    explicit work_budget(long long steps) : left_{steps} {}

    void spend(long long steps = 1) {
        left_ -= steps;
        if (left_ < 0) throw work_exhausted{};
    }

private:
    long long left_;
};

/// Indices of divisors, one per loop, into the ascending divisors of that loop's bound. All ones is all zeros.
using divisor_ids = std::array<std::uint16_t, hardware::loop_dim::count>;
using loop_values = std::array<double, hardware::loop_dim::count>;

/// The divisors of one number and how they divide each other.
template <class = instantiated_when_used>
class basic_divisor_table {
public:
    /// Builds the tables, unless they are already those of `number`. Spends the same either way, so that a budget does not depend on history.
    void assign(int number, work_budget& budget) {
        if (number == number_) return budget.spend(work_);
        number_ = 0;
        values_.clear();
        int d = 1;
        for (; 1LL * d * d <= number; ++d)
            if (number % d == 0) values_.push_back(d);
        budget.spend(d);
        for (std::size_t i = values_.size(); i-- > 0;)
            if (const int high = number / values_[i]; high > values_[i]) values_.push_back(high);
        const std::size_t n = values_.size();
        budget.spend(static_cast<long long>(n * n));
        work_ = d + static_cast<long long>(n * n);
        begin_.clear();
        divisors_.clear();
        rank_.assign(n * n, 0);
        quotient_.assign(n * n, 0);
        for (std::size_t i = 0; i < n; ++i) {
            begin_.push_back(static_cast<std::uint32_t>(divisors_.size()));
            for (std::size_t j = 0; j <= i; ++j) {
                if (values_[i] % values_[j] != 0) continue;
                rank_[i * n + j] = static_cast<std::uint16_t>(divisors_.size() - begin_.back());
                divisors_.push_back(static_cast<std::uint16_t>(j));
            }
            // the divisors of a number, read backwards, are its quotients
            const auto own = of(static_cast<std::uint16_t>(i), divisors_.size());
            for (std::size_t r = 0; r < own.size(); ++r) quotient_[i * n + own[r]] = own[own.size() - 1 - r];
        }
        begin_.push_back(static_cast<std::uint32_t>(divisors_.size()));
        number_ = number;
    }

    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] int value(std::size_t id) const { return values_[id]; }
    /// The ids of the divisors of divisor `id`, ascending.
    [[nodiscard]] std::span<const std::uint16_t> of(std::uint16_t id) const { return of(id, begin_[id + 1U]); }
    /// The position of `divisor` among the divisors of `id`.
    [[nodiscard]] std::uint16_t rank(std::uint16_t id, std::uint16_t divisor) const { return rank_[id * size() + divisor]; }
    /// The id of divisor `id` divided by `divisor`, which divides it.
    [[nodiscard]] std::uint16_t quotient(std::uint16_t id, std::uint16_t divisor) const { return quotient_[id * size() + divisor]; }

private:
    [[nodiscard]] std::span<const std::uint16_t> of(std::uint16_t id, std::size_t end) const {
        return {divisors_.data() + begin_[id], end - begin_[id]};
    }

    int number_ = 0;
    long long work_ = 0;
    std::vector<int> values_;
    std::vector<std::uint32_t> begin_;
    std::vector<std::uint16_t> divisors_, rank_, quotient_;
};
using divisor_table = basic_divisor_table<>;

/// The factorizations of all seven bounds at once: a product of chains of divisors.
template <class = instantiated_when_used>
class basic_divisor_lattice {
public:
    void assign(const hardware::loop_bounds& bounds, work_budget& budget) {
        active_size_ = 0;
        std::uint64_t stride = 1;
        for (std::size_t d = 0; d < hardware::loop_dim::count; ++d) {
            table_[d].assign(bounds.extent[d], budget);
            if (bounds.extent[d] > 1) active_[active_size_++] = static_cast<std::uint8_t>(d);
            top_[d] = static_cast<std::uint16_t>(table_[d].size() - 1);
            stride_[d] = stride;
            stride *= table_[d].size();
        }
    }

    [[nodiscard]] const divisor_table& operator[](std::size_t dim) const { return table_[dim]; }
    /// The loops whose bound is more than 1, in order.
    [[nodiscard]] std::span<const std::uint8_t> active() const { return {active_.data(), active_size_}; }
    /// The bounds themselves.
    [[nodiscard]] const divisor_ids& top() const { return top_; }

    /// A number that no other ids have: there are fewer factorizations than multiply-accumulates.
    [[nodiscard]] std::uint64_t key(const divisor_ids& ids) const {
        std::uint64_t key = 0;
        for (const auto d : active()) key += ids[d] * stride_[d];
        return key;
    }

    /// What `key` grows by when loop `dim`'s index does by one.
    [[nodiscard]] std::uint64_t stride(std::size_t dim) const { return stride_[dim]; }

    [[nodiscard]] divisor_ids quotient(const divisor_ids& ids, const divisor_ids& divisor) const {
        divisor_ids result{};
        for (const auto d : active()) result[d] = table_[d].quotient(ids[d], divisor[d]);
        return result;
    }

    [[nodiscard]] loop_values values(const divisor_ids& ids) const {
        loop_values result{1, 1, 1, 1, 1, 1, 1};
        for (const auto d : active()) result[d] = table_[d].value(ids[d]);
        return result;
    }

    [[nodiscard]] hardware::loop_factors factors(const divisor_ids& ids) const {
        hardware::loop_factors result{1, 1, 1, 1, 1, 1, 1};
        for (const auto d : active()) result[d] = table_[d].value(ids[d]);
        return result;
    }

private:
    std::array<divisor_table, hardware::loop_dim::count> table_;
    std::array<std::uint64_t, hardware::loop_dim::count> stride_{};
    std::array<std::uint8_t, hardware::loop_dim::count> active_{};
    std::size_t active_size_ = 0;
    divisor_ids top_{};
};
using divisor_lattice = basic_divisor_lattice<>;

[[nodiscard]] constexpr double product(const loop_values& v) {
    double p = 1;
    for (const double x : v) p *= x;
    return p;
}

[[nodiscard]] constexpr loop_values multiply(loop_values a, const loop_values& b) {
    for (std::size_t d = 0; d < a.size(); ++d) a[d] *= b[d];
    return a;
}

/// Words of the three tensors, as `hardware::input_words` and its siblings count them.
struct tile_words {
    double input, weight, output;
    [[nodiscard]] constexpr double sum() const { return input + weight + output; }
    [[nodiscard]] constexpr double largest() const { return std::max({input, weight, output}); }
};

/// The words of the tile that these factors touch.
[[nodiscard]] constexpr tile_words words_of(double n, double c, double k, double r, double s, double p, double q) {
    return {n * c * (p + r - 1) * (q + s - 1), r * s * c * k, p * q * k * n};
}
[[nodiscard]] constexpr tile_words words_of(const loop_values& v) { return words_of(v[0], v[1], v[2], v[3], v[4], v[5], v[6]); }
/// The words of the tile that the factors `v` times `w` touch, without an array in between.
[[nodiscard]] constexpr tile_words words_of(const loop_values& v, const loop_values& w) {
    return words_of(v[0] * w[0], v[1] * w[1], v[2] * w[2], v[3] * w[3], v[4] * w[4], v[5] * w[5], v[6] * w[6]);
}

} // namespace verdant::hardware::detail
