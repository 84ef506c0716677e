#pragma once

#include <verdant/error.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/regressor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::surrogate {

/// Several models of one number: their mean, and how far they are apart, as the population standard deviation over them (Accel-NASBench,
/// ensemble.py). A bagging ensemble has members that were trained with other seeds, on other parts of the rows. Immutable.
template <class Member>
class regressor_ensemble {
public:
    /// @param source what errors call the ensemble
    /// @throws input_error where there is no member, or members differ in their features
    explicit regressor_ensemble(std::vector<Member> members, std::string_view source = "ensemble") : members_{std::move(members)} {
        if (members_.empty()) throw input_error{source, "members", "at least one", "none"};
        for (std::size_t m = 1; m < members_.size(); ++m)
            if (members_[m].features() != members_[0].features())
                throw input_error{source, "member " + std::to_string(m), std::to_string(members_[0].features()) + " features, as member 0 has",
                                  std::to_string(members_[m].features())};
    }

    [[nodiscard]] std::size_t features() const noexcept { return members_[0].features(); }
    [[nodiscard]] std::span<const Member> members() const noexcept { return members_; }

    /// The mean over members for one row. Throws input_error where its width is not `features()`.
    [[nodiscard]] double predict(std::span<const float> row) const { return predict_uncertain(row).mean; }
    void predict(const feature_rows& rows, std::span<double> out) const {
        double unused[block];
        visit(
            rows, out.size(),
            [&](std::size_t begin, std::size_t count, const double* mean, const double*) { std::copy_n(mean, count, out.data() + begin); }, unused);
    }

    /// Mean and population standard deviation over members for one row.
    [[nodiscard]] uncertain_value predict_uncertain(std::span<const float> row) const {
        require_features("ensemble", features(), row.size());
        double mean = 0, std = 0;
        predict_uncertain({row, row.size()}, {&mean, 1}, {&std, 1});
        return {mean, std};
    }
    /// @param mean, std one a row each
    void predict_uncertain(const feature_rows& rows, std::span<double> mean, std::span<double> std) const {
        require_rows("ensemble", features(), rows, std.size());
        double squares[block];
        visit(
            rows, mean.size(),
            [&](std::size_t begin, std::size_t count, const double* means, const double* variances) {
                std::copy_n(means, count, mean.data() + begin);
                for (std::size_t r = 0; r < count; ++r)
                    std[begin + r] = std::isfinite(variances[r]) ? std::sqrt(std::max(0.0, variances[r])) : wide_spread(rows[begin + r], means[r]);
            },
            squares);
    }

private:
    static constexpr std::size_t block = 512; // rows at a time, as many as fit members that take blocks of their own

    /// The standard deviation for a row of whose deviations the squares are beyond the doubles.
    [[nodiscard]] double wide_spread(std::span<const float> row, double mean) const {
        double squares = 0;
        for (const auto& m : members_) {
            const double d = 0x1p-600 * m.predict(row) - 0x1p-600 * mean;
            squares += d * d;
        }
        return std::sqrt(squares / static_cast<double>(members_.size())) * 0x1p600;
    }

    /// Means and variances of some rows at a time. Deviations are taken from the first member, so that little of them is lost.
    template <class Take>
    void visit(const feature_rows& rows, std::size_t outputs, const Take& take, double* squares) const {
        require_rows("ensemble", features(), rows, outputs);
        const auto n = static_cast<double>(members_.size());
        double first[block], other[block], sums[block];
        for (std::size_t begin = 0; begin < outputs; begin += block) {
            const auto count = std::min(block, outputs - begin);
            const auto part = rows.part(begin, count);
            members_[0].predict(part, {first, count});
            std::fill_n(sums, count, 0.0);
            std::fill_n(squares, count, 0.0);
            for (std::size_t m = 1; m < members_.size(); ++m) {
                members_[m].predict(part, {other, count});
                for (std::size_t r = 0; r < count; ++r) {
                    const double d = other[r] - first[r];
                    sums[r] += d;
                    squares[r] += d * d;
                }
            }
            for (std::size_t r = 0; r < count; ++r) {
                const double shift = sums[r] / n;
                squares[r] = squares[r] / n - shift * shift;
                first[r] += shift;
            }
            take(begin, count, first, squares);
        }
    }

    std::vector<Member> members_;
};

namespace detail {

template <class Member>
struct ensemble_member {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool predicts = regressor<Member>;
    static_assert(
        predicts,
        "verdant: the members of a regressor_ensemble are no models; write regressor_ensemble<any_regressor>{models}, with a vector of them, "
        "or the type of one with features() and predict(row) as in verdant/surrogate/regressor.hpp");
};

} // namespace detail

/// Refused, with a sentence that says what to write.
template <class Member>
    requires(!regressor<Member>)
class regressor_ensemble<Member> {
    static_assert(detail::ensemble_member<Member>::value);

public:
    template <class... Arguments>
    explicit regressor_ensemble(const Arguments&...) {}
    [[nodiscard]] std::size_t features() const { return 0; }
    [[nodiscard]] std::span<const Member> members() const { return {}; }
    [[nodiscard]] double predict(std::span<const float>) const { return 0; }
    void predict(const feature_rows&, std::span<double>) const {}
    [[nodiscard]] uncertain_value predict_uncertain(std::span<const float>) const { return {}; }
    void predict_uncertain(const feature_rows&, std::span<double>, std::span<double>) const {}
};

} // namespace verdant::surrogate
