#pragma once

#include <verdant/error.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/pareto/front_filter.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace verdant::pareto {

/// The non-dominated ones of all values that were ever inserted, by constrained domination: while nothing feasible has come, the values of
/// the least violation; from then on only feasible ones. Members keep the order of insertion. One insertion is O(m size).
template <class T>
class archive {
public:
    explicit archive(std::size_t objectives, equal_vectors equal = equal_vectors::keep_first) : width_{objectives}, equal_{equal} {
        if (objectives == 0) throw input_error{"archive", "objectives", "at least 1", "0"};
    }

    /// True where `value` became a member; members that it dominates leave. Throws `input_error` for a NaN or a wrong number of objectives.
    bool insert(T value, std::span<const double> objectives, double violation = 0) {
        require(objectives, violation);
        violation = std::max(violation, 0.0);
        if (stopped_by(ghosts_, ghost_violations_, objectives, violation, equal_vectors::keep_first)) return false;
        if (equal_ == equal_vectors::keep_none && meet_equal(objectives, violation)) return false;
        if (stopped_by(rows_, violations_, objectives, violation, equal_)) return false;
        drop_dominated(objectives, violation);
        values_.push_back(std::move(value));
        rows_.insert(rows_.end(), objectives.begin(), objectives.end());
        violations_.push_back(violation);
        return true;
    }

    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
    [[nodiscard]] const std::vector<T>& values() const noexcept { return values_; }
    /// Objectives of the members, row k those of `values()[k]`.
    [[nodiscard]] objective_rows rows() const { return {rows_, width_}; }
    [[nodiscard]] std::span<const double> violations() const noexcept { return violations_; }

    void clear() noexcept {
        values_.clear();
        for (auto* numbers : {&rows_, &violations_, &ghosts_, &ghost_violations_}) numbers->clear();
    }

private:
    void require(std::span<const double> objectives, double violation) const {
        if (objectives.size() != width_)
            throw input_error{"archive", "insert", std::to_string(width_) + " objectives", std::to_string(objectives.size())};
        require_numbers({objectives, width_});
        if (std::isnan(violation)) throw input_error{"archive", "insert, violation", "a number", "NaN"};
    }

    [[nodiscard]] std::span<const double> row(const std::vector<double>& rows, std::size_t i) const noexcept {
        return std::span{rows}.subspan(i * width_, width_);
    }

    [[nodiscard]] bool stopped_by(const std::vector<double>& rows, const std::vector<double>& violations, std::span<const double> objectives,
                                  double violation, equal_vectors equal) const noexcept {
        for (std::size_t i = 0; i < violations.size(); ++i) {
            const auto found = compare(row(rows, i), violations[i], objectives, violation);
            if (found == relation::dominates) return true;
            if (equal == equal_vectors::keep_first && equal_rows(rows, violations, i, objectives, violation)) return true;
        }
        return false;
    }

    [[nodiscard]] bool equal_rows(const std::vector<double>& rows, const std::vector<double>& violations, std::size_t i,
                                  std::span<const double> objectives, double violation) const noexcept {
        return violations[i] == violation && std::equal(objectives.begin(), objectives.end(), row(rows, i).begin());
    }

    /// A member equal to the newcomer becomes a ghost: no longer a member, but what it dominates stays out.
    bool meet_equal(std::span<const double> objectives, double violation) {
        for (std::size_t i = 0; i < size(); ++i)
            if (equal_rows(rows_, violations_, i, objectives, violation)) {
                ghosts_.insert(ghosts_.end(), objectives.begin(), objectives.end());
                ghost_violations_.push_back(violation);
                keep_where([i](std::size_t k) { return k != i; });
                return true;
            }
        return false;
    }

    void drop_dominated(std::span<const double> objectives, double violation) {
        keep_where([&](std::size_t k) { return compare(objectives, violation, row(rows_, k), violations_[k]) != relation::dominates; });
    }

    template <class Keep>
    void keep_where(Keep keep) {
        std::size_t kept = 0;
        for (std::size_t k = 0; k < size(); ++k) {
            if (!keep(k)) continue;
            if (kept != k) {
                values_[kept] = std::move(values_[k]);
                violations_[kept] = violations_[k];
                std::copy_n(rows_.begin() + static_cast<std::ptrdiff_t>(k * width_), width_,
                            rows_.begin() + static_cast<std::ptrdiff_t>(kept * width_));
            }
            ++kept;
        }
        values_.erase(values_.begin() + static_cast<std::ptrdiff_t>(kept), values_.end());
        violations_.resize(kept);
        rows_.resize(kept * width_);
    }

    std::size_t width_;
    equal_vectors equal_;
    std::vector<T> values_;
    std::vector<double> rows_, violations_, ghosts_, ghost_violations_;
};

} // namespace verdant::pareto
