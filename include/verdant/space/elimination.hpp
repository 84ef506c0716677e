#pragma once

#include <verdant/random.hpp>
#include <verdant/space/structure.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace verdant::detail {

/// Exact counting of a group of parameters that has too many combinations to enumerate but whose constraints each touch few of them:
/// bucket elimination (Dechter, Artificial Intelligence 113, 1999) from the last parameter to the first. Each parameter leaves a
/// table over the earlier parameters it depends on: in how many ways it and all later ones can be completed. Drawing forwards with
/// these counts as weights is uniform over the feasible combinations and never runs into a dead end.
class eliminated_group {
public:
    /// Tables of more entries than this in all are not built.
    static constexpr std::size_t entry_limit = std::size_t{1} << 20U;

    /// @return nothing where the constraints are too entangled for the limit
    [[nodiscard]] static std::optional<eliminated_group> make(const space_view& space, const structure_view& structure, std::size_t group) {
        eliminated_group g;
        const auto members = structure.members(group);
        g.messages_.resize(members.size());
        g.received_.resize(space.size());
        std::vector<std::vector<std::uint32_t>> pending(space.size()); // by last parameter of their scope
        std::size_t entries = 0;
        std::vector<std::uint32_t> indices(space.size(), 0);
        for (std::size_t m = members.size(); m-- > 0;) {
            const auto p = members[m];
            auto& message = g.messages_[m];
            message.scope = scope_of(space, structure, p, g.messages_, pending[p]);
            std::size_t size = 1;
            for (const auto s : message.scope) {
                size *= space.domain_size(s);
                if (size > entry_limit) return std::nullopt;
            }
            entries += size * space.domain_size(p);
            if (entries > entry_limit) return std::nullopt;
            g.received_[p] = pending[p];
            message.sizes.reserve(message.scope.size());
            for (const auto s : message.scope) message.sizes.push_back(static_cast<std::uint32_t>(space.domain_size(s)));
            message.weight.resize(size);
            for (std::size_t e = 0; e < size; ++e) {
                auto rest = e;
                for (std::size_t s = message.scope.size(); s-- > 0; rest /= message.sizes[s])
                    indices[message.scope[s]] = static_cast<std::uint32_t>(rest % message.sizes[s]);
                double sum = 0;
                for (std::uint32_t v = 0; v < space.domain_size(p); ++v) {
                    indices[p] = v;
                    sum += g.weight(space, structure, p, indices);
                }
                message.weight[e] = sum;
            }
            // Only proportions matter, and the counts themselves may pass the largest double.
            const auto largest = *std::max_element(message.weight.begin(), message.weight.end());
            if (largest > 0)
                for (auto& w : message.weight) w /= largest;
            if (!message.scope.empty()) pending[message.scope.back()].push_back(static_cast<std::uint32_t>(m));
            else g.feasible_ = g.feasible_ && largest > 0;
        }
        return g;
    }

    /// Whether any combination is feasible.
    [[nodiscard]] bool feasible() const noexcept { return feasible_; }

    /// In how many ways, up to a factor, the later parameters can follow the value that `p` has after the earlier ones; 0 where in none.
    template <class Indices>
    [[nodiscard]] double weight(const space_view& space, const structure_view& structure, std::size_t p, const Indices& indices) const {
        if (indices[p] != 0 && !space.active(p, indices)) return 0;
        for (const auto c : structure.due(p))
            if (!space.holds(c, indices)) return 0;
        double product = 1;
        for (const auto m : received_[p]) product *= messages_[m].at(indices);
        return product;
    }

    /// Draws all members, uniformly over the feasible combinations. @pre feasible()
    template <class Indices>
    void sample(const space_view& space, const structure_view& structure, std::span<const std::uint32_t> members, Indices& indices,
                random_stream& random) const {
        using index = std::remove_cvref_t<decltype(indices[0])>;
        for (const auto p : members) {
            const auto size = space.domain_size(p);
            double total = 0;
            for (std::size_t v = 0; v < size; ++v) {
                indices[p] = static_cast<index>(v);
                total += weight(space, structure, p, indices);
            }
            auto left = random.uniform() * total;
            std::size_t chosen = 0;
            for (std::size_t v = 0; v < size; ++v) {
                indices[p] = static_cast<index>(v);
                const auto w = weight(space, structure, p, indices);
                if (w <= 0) continue;
                chosen = v;
                if (left < w) break;
                left -= w;
            }
            indices[p] = static_cast<index>(chosen);
        }
    }

private:
    struct message {
        std::vector<std::uint32_t> scope, sizes;
        std::vector<double> weight;
        template <class Indices>
        [[nodiscard]] double at(const Indices& indices) const {
            std::size_t e = 0;
            for (std::size_t s = 0; s < scope.size(); ++s) e = e * sizes[s] + indices[scope[s]];
            return weight[e];
        }
    };

    /// The earlier parameters that what is decided at `p` depends on.
    [[nodiscard]] static std::vector<std::uint32_t> scope_of(const space_view& space, const structure_view& structure, std::uint32_t p,
                                                             const std::vector<message>& messages, const std::vector<std::uint32_t>& received) {
        std::vector<std::uint32_t> scope;
        const auto add = [&](std::span<const instruction> code) {
            for (const auto& step : code)
                if (step.code == opcode::variable) scope.push_back(static_cast<std::uint32_t>(step.operand));
        };
        if (space.conditional(p)) add(space.guard(p));
        for (const auto c : structure.due(p)) add(space.constraint(c));
        for (const auto m : received) scope.insert(scope.end(), messages[m].scope.begin(), messages[m].scope.end());
        std::sort(scope.begin(), scope.end());
        scope.erase(std::unique(scope.begin(), scope.end()), scope.end());
        std::erase(scope, p);
        return scope;
    }

    std::vector<message> messages_;                    ///< of each member
    std::vector<std::vector<std::uint32_t>> received_; ///< by parameter: messages whose scope ends there
    bool feasible_ = true;
};

} // namespace verdant::detail
