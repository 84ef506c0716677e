#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/index_view.hpp>
#include <verdant/space/structure.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace verdant::detail {

/// Exact; <cmath> has it, too, but takes long to compile. @pre the result is a normal double
[[nodiscard]] inline double power_of_two(int exponent) noexcept {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52U);
}

/// What is feasible keeps a weight above zero, however small.
[[nodiscard]] inline double product_above_zero(double a, double b) noexcept {
    const auto exact = a * b;
    return exact == 0 && a > 0 && b > 0 ? std::numeric_limits<double>::min() : exact;
}

/// A place, with a probability in proportion to its weight. @pre some weight is above zero
[[nodiscard]] inline std::size_t draw_weighted(std::span<const double> weight, random_stream& random) {
    double total = 0;
    for (const auto w : weight) total += w;
    auto left = random.uniform() * total;
    std::size_t chosen = 0;
    for (std::size_t v = 0; v < weight.size(); ++v) {
        if (weight[v] <= 0) continue;
        chosen = v;
        if (left < weight[v]) break;
        left -= weight[v];
    }
    return chosen;
}

/// Exact counting of a group of parameters that has too many combinations to enumerate but whose constraints each touch few of them:
/// bucket elimination (Dechter, Artificial Intelligence 113, 1999) from the last parameter to the first. Each parameter leaves a
/// table over the earlier parameters it depends on: in how many ways it and all later ones can be completed. Drawing forwards with
/// these counts as weights is uniform over the feasible combinations and never runs into a dead end.
template <class Deferred = instantiated_when_used>
class basic_eliminated_group {
    using parameters = deferred<std::vector<std::uint32_t>, Deferred>;

public:
    /// Tables of more entries than this in all are not built.
    static constexpr std::size_t entry_limit = std::size_t{1} << 20U;

    /// @return nothing where the constraints are too entangled for the limit
    [[nodiscard]] static std::optional<basic_eliminated_group> make(const space_view& space, const structure_view& structure, std::size_t group) {
        basic_eliminated_group g;
        const auto members = structure.members(group);
        g.buckets_.resize(members.size());
        std::vector<parameters> received(members.size()); // by the last member of its scope: buckets that passed a message
        std::vector<std::uint32_t> indices(space.size(), 0);
        std::size_t entries = 0;
        for (std::size_t m = members.size(); m-- > 0;) {
            auto& b = g.buckets_[m];
            b.scope = g.scope_of(space, structure, members[m], received[m]);
            b.values = space.domain_size(members[m]);
            std::size_t rows = 1;
            for (const auto s : b.scope) {
                b.sizes.push_back(static_cast<std::uint32_t>(space.domain_size(s)));
                rows *= b.sizes.back();
                if (rows > entry_limit) return std::nullopt;
            }
            entries += rows * b.values;
            if (entries > entry_limit) return std::nullopt;
            g.fill(space, structure, members[m], b, rows, received[m], indices);
            if (b.scope.empty()) g.feasible_ = g.feasible_ && b.message.front() > 0;
            else received[place_of(members, b.scope.back())].push_back(static_cast<std::uint32_t>(m));
        }
        return g;
    }

    /// Whether any combination is feasible.
    [[nodiscard]] bool feasible() const noexcept { return feasible_; }
    /// The exact number of feasible combinations, where no count on the way passed 2^53.
    [[nodiscard]] std::optional<std::uint64_t> count() const {
        if (!feasible_) return 0;
        if (!exact_) return std::nullopt;
        return static_cast<std::uint64_t>(buckets_.front().message.front() * power_of_two(buckets_.front().exponent));
    }

    /// For each value of a member: in how many ways, up to a factor, the later members can follow after the earlier ones in `indices`.
    /// Zero exactly where in none.
    /// @param member a place among the members of the group
    template <class Indices>
    [[nodiscard]] std::span<const double> weights(std::size_t member, const Indices& indices) const {
        const auto& b = buckets_[member];
        return {b.weight.data() + b.row(indices) * b.values, b.values};
    }

    /// Draws all members, uniformly over the feasible combinations. @pre feasible()
    void sample(std::span<const std::uint32_t> members, index_writer indices, random_stream& random) const {
        for (std::size_t m = 0; m < members.size(); ++m) indices[members[m]] = static_cast<std::uint32_t>(draw_weighted(weights(m, indices), random));
    }

private:
    struct bucket {
        parameters scope, sizes;     ///< earlier parameters that the member depends on
        std::size_t values = 0;      ///< of the member
        std::vector<double> weight;  ///< a row for each combination of the scope, an entry for each value
        std::vector<double> message; ///< sums of the rows, divided by
        int exponent = 0;            ///< this power of two
        template <class Indices>
        [[nodiscard]] std::size_t row(const Indices& indices) const {
            std::size_t r = 0;
            for (std::size_t s = 0; s < scope.size(); ++s) r = r * sizes[s] + indices[scope[s]];
            return r;
        }
    };

    void fill(const space_view& space, const structure_view& structure, std::uint32_t p, bucket& b, std::size_t rows, const parameters& received,
              std::vector<std::uint32_t>& indices) {
        b.weight.resize(rows * b.values);
        b.message.resize(rows);
        for (std::size_t r = 0; r < rows; ++r) {
            auto rest = r;
            for (std::size_t s = b.scope.size(); s-- > 0; rest /= b.sizes[s]) indices[b.scope[s]] = static_cast<std::uint32_t>(rest % b.sizes[s]);
            for (std::uint32_t v = 0; v < b.values; ++v) {
                indices[p] = v;
                double ways = decided(space, structure, p, indices) ? 1 : 0;
                for (const auto from : received) ways = product_above_zero(ways, buckets_[from].message[buckets_[from].row(indices)]);
                b.weight[r * b.values + v] = ways;
                b.message[r] += ways;
            }
        }
        // Counts may pass the largest double, so powers of two are taken out, which keeps what is exact so.
        for (const auto from : received) b.exponent += buckets_[from].exponent;
        const auto largest = *std::max_element(b.message.begin(), b.message.end());
        if (largest <= 0) return;
        const auto taken = static_cast<int>(std::bit_cast<std::uint64_t>(largest) >> 52U) - 1023;
        b.exponent += taken;
        exact_ = exact_ && b.exponent < 52;
        for (auto& w : b.message) w = product_above_zero(w, power_of_two(-taken));
    }

    [[nodiscard]] static std::size_t place_of(std::span<const std::uint32_t> members, std::uint32_t p) {
        return static_cast<std::size_t>(std::lower_bound(members.begin(), members.end(), p) - members.begin());
    }

    /// The earlier parameters that what is decided at `p` depends on.
    [[nodiscard]] parameters scope_of(const space_view& space, const structure_view& structure, std::uint32_t p, const parameters& received) const {
        parameters scope;
        const auto add = [&scope](std::span<const instruction> code) {
            for (const auto& step : code)
                if (step.code == opcode::variable) scope.push_back(static_cast<std::uint32_t>(step.operand));
        };
        if (space.conditional(p)) add(space.guard(p));
        for (const auto c : structure.due(p)) add(space.constraint(c));
        for (const auto from : received) scope.insert(scope.end(), buckets_[from].scope.begin(), buckets_[from].scope.end());
        std::sort(scope.begin(), scope.end());
        scope.erase(std::unique(scope.begin(), scope.end()), scope.end());
        std::erase(scope, p);
        return scope;
    }

    std::vector<bucket> buckets_; ///< of each member
    bool feasible_ = true, exact_ = true;
};
using eliminated_group = basic_eliminated_group<>;

} // namespace verdant::detail
