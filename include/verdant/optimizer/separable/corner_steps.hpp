#pragma once

#include <verdant/meta/instantiated_when_used.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace verdant::detail {

/// The corners of what is not dominated in a plane: x ascending, y descending. Kept in short runs, so that an insertion moves few of them.
template <class = instantiated_when_used>
class basic_corner_steps {
public:
    void clear() {
        used_ = 0;
        order_.clear();
        first_.clear();
        free_.clear();
    }

    /// Whether some corner is at most (x, y).
    [[nodiscard]] bool covers(double x, double y) const noexcept {
        const auto r = run_of(x);
        if (r == none) return false;
        const auto& run = runs_[order_[r]];
        // The last corner that is not right of x has the least y of these; the first of a run never is.
        return run.y[last_not_right(run, x)] <= y;
    }

    /// Adds a corner that nothing covers, and drops those that it covers.
    void insert(double x, double y) {
        auto r = run_of(x);
        if (r == none) {
            if (order_.empty()) return start(x, y);
            r = 0;
        }
        auto* run = &runs_[order_[r]];
        std::size_t at = run->x[0] > x ? 0 : last_not_right(*run, x) + 1;
        if (at > 0 && run->x[at - 1] == x) --at; // of the same x, and above, since nothing covers (x, y)
        // What it dominates follows it directly.
        std::size_t end = at;
        while (end < run->size && run->y[end] >= y) ++end;
        if (end == run->size)
            while (r + 1 < order_.size() && trim(r + 1, y)) {}
        if (end > at) {
            run->x[at] = x, run->y[at] = y;
            close(*run, at + 1, end);
        } else {
            if (run->size == capacity) {
                split(r);
                run = &runs_[order_[r]];
                if (at > run->size) {
                    at -= run->size;
                    run = &runs_[order_[++r]];
                }
            }
            open(*run, at);
            run->x[at] = x, run->y[at] = y;
        }
        first_[r] = run->x[0];
    }

private:
    static constexpr std::size_t capacity = 128, none = ~std::size_t{0};
    struct corner_run {
        double x[capacity], y[capacity];
        std::size_t size;
    };

    /// The last run whose first corner is not right of x.
    [[nodiscard]] std::size_t run_of(double x) const noexcept {
        std::size_t low = 0, count = first_.size();
        while (count > 0) {
            const auto half = count / 2;
            const bool right = first_[low + half] <= x;
            low = right ? low + half + 1 : low;
            count = right ? count - half - 1 : half;
        }
        return low - 1;
    }
    [[nodiscard]] static std::size_t last_not_right(const corner_run& run, double x) noexcept {
        std::size_t low = 0, count = run.size;
        while (count > 1) {
            const auto half = count / 2;
            low = run.x[low + half] <= x ? low + half : low;
            count -= half;
        }
        return low;
    }
    /// Takes the first corners of a run whose y is at least that; whether it took the whole run.
    bool trim(std::size_t r, double y) {
        auto& run = runs_[order_[r]];
        std::size_t end = 0;
        while (end < run.size && run.y[end] >= y) ++end;
        if (end == run.size) {
            free_.push_back(order_[r]);
            order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(r));
            first_.erase(first_.begin() + static_cast<std::ptrdiff_t>(r));
            return true;
        }
        close(run, 0, end);
        first_[r] = run.x[0];
        return false;
    }
    static void shift(corner_run& run, std::size_t to, std::size_t from) {
        const auto count = run.size - from;
        std::memmove(run.x + to, run.x + from, count * sizeof(double));
        std::memmove(run.y + to, run.y + from, count * sizeof(double));
    }
    static void open(corner_run& run, std::size_t at) {
        shift(run, at + 1, at);
        ++run.size;
    }
    static void close(corner_run& run, std::size_t begin, std::size_t end) {
        if (begin == end) return;
        shift(run, begin, end);
        run.size -= end - begin;
    }
    [[nodiscard]] std::uint32_t new_run() {
        if (!free_.empty()) {
            const auto r = free_.back();
            free_.pop_back();
            return r;
        }
        if (used_ == runs_.size()) runs_.emplace_back();
        return static_cast<std::uint32_t>(used_++);
    }
    void start(double x, double y) {
        const auto place = new_run();
        auto& run = runs_[place];
        run.x[0] = x, run.y[0] = y, run.size = 1;
        order_.push_back(place);
        first_.push_back(x);
    }
    void split(std::size_t r) {
        const auto place = new_run();
        auto& left = runs_[order_[r]];
        auto& right = runs_[place];
        constexpr auto half = capacity / 2;
        right.size = capacity - half;
        std::memcpy(right.x, left.x + half, right.size * sizeof(double));
        std::memcpy(right.y, left.y + half, right.size * sizeof(double));
        left.size = half;
        order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(r) + 1, place);
        first_.insert(first_.begin() + static_cast<std::ptrdiff_t>(r) + 1, right.x[0]);
    }

    std::vector<corner_run> runs_;
    std::vector<std::uint32_t> order_, free_; ///< runs from left to right; those not in use
    std::vector<double> first_;               ///< x of the first corner of each run in order
    std::size_t used_ = 0;
};
using corner_steps = basic_corner_steps<>;

} // namespace verdant::detail
