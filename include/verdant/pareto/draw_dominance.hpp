#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/dominance.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Dominance of vectors whose objectives are known as draws.
namespace verdant::pareto {

/// Objective vectors in draws, every objective to be minimised: vectors x draws x objectives, one after the other in memory, so that one draw of a
/// vector is a row. Draw k of all vectors is the same draw of the world.
class drawn_objectives {
public:
    /// @param vectors so many, of zeros, to be written
    /// @throws input_error for no draws or no objectives
    drawn_objectives(std::size_t vectors, std::size_t draws, std::size_t objectives)
        : values_(vectors * draws * objectives), vectors_{vectors}, draws_{draws}, objectives_{objectives} {
        if (draws == 0 || objectives == 0)
            throw input_error{"objectives in draws", "", "at least one draw of at least one objective",
                              std::to_string(draws) + " draws of " + std::to_string(objectives)};
    }
    [[nodiscard]] std::size_t size() const noexcept { return vectors_; }
    [[nodiscard]] std::size_t draws() const noexcept { return draws_; }
    [[nodiscard]] std::size_t objectives() const noexcept { return objectives_; }
    /// The objectives of a vector in one draw.
    [[nodiscard]] std::span<const double> row(std::size_t vector, std::size_t draw) const noexcept {
        return std::span{values_}.subspan((vector * draws_ + draw) * objectives_, objectives_);
    }
    /// The same, to be written.
    [[nodiscard]] std::span<double> row(std::size_t vector, std::size_t draw) noexcept {
        return std::span{values_}.subspan((vector * draws_ + draw) * objectives_, objectives_);
    }

private:
    std::vector<double> values_;
    std::size_t vectors_, draws_, objectives_;
};

/// Dominance in a share of the draws: one vector dominates another where it does so, in the sense of Pareto, in at least this share of the draws of
/// the world. A share above one half, so that no two dominate each other. It is no order: among n / (n - 1) and more vectors it may go round in a
/// circle where the share is at most (n - 1) / n, so at 95 % only among 20 and more; `front` says what becomes of these.
struct in_share_of_draws {
    double share = 0.95;

    /// How many of `draws` must agree.
    /// @throws input_error for a share that is not above 1/2 and at most 1
    [[nodiscard]] std::size_t needed(std::size_t draws) const {
        if (!(share > 0.5 && share <= 1)) throw input_error{"dominance in draws", "share", "a number above 0.5 and at most 1", std::to_string(share)};
        // Decimals such as 0.95 are a little off: of 20 draws 19 are enough.
        const double least = std::ceil(share * static_cast<double>(draws) * (1 - 1e-12));
        return static_cast<std::size_t>(least);
    }

    /// Whether vector `a` dominates vector `b`. Stops at the draw that decides it.
    /// @throws input_error as `needed`
    [[nodiscard]] bool operator()(const drawn_objectives& of, std::size_t a, std::size_t b) const {
        const auto draws = of.draws();
        auto spare = draws - needed(draws);
        for (std::size_t k = 0; k < draws; ++k)
            if (!dominates(of.row(a, k), of.row(b, k)) && spare-- == 0) return false;
        return true;
    }
};

/// In which share of the draws one vector dominates another.
template <class = instantiated_when_used>
[[nodiscard]] double share_dominated(const drawn_objectives& of, std::size_t a, std::size_t b) {
    std::size_t in = 0;
    for (std::size_t k = 0; k < of.draws(); ++k) in += dominates(of.row(a, k), of.row(b, k)) ? 1 : 0;
    return static_cast<double>(in) / static_cast<double>(of.draws());
}

/// Throws `input_error` for a NaN, which nothing can be ordered by.
template <class = instantiated_when_used>
void require_numbers(const drawn_objectives& of) {
    for (std::size_t i = 0; i < of.size(); ++i)
        for (std::size_t k = 0; k < of.draws(); ++k)
            for (const double x : of.row(i, k))
                if (std::isnan(x))
                    throw input_error{"objectives in draws", "vector " + std::to_string(i) + ", draw " + std::to_string(k), "a number", "NaN"};
}

/// The vectors, ascending, that no other one dominates by a policy. Vectors on a circle are dominated, and are not there; of vectors that are equal
/// in all draws all stay. O(n^2 m k), mostly far less, since few draws decide most pairs.
/// @param dominance a policy such as `in_share_of_draws{0.95}`
/// @throws input_error for a NaN, and what the policy throws
template <class Dominance = in_share_of_draws>
[[nodiscard]] std::vector<std::uint32_t> front_in_draws(const drawn_objectives& of, const Dominance& dominance = {}) {
    require_numbers(of);
    std::vector<std::uint32_t> front;
    std::size_t last = 0; // what has just dominated one vector often dominates the next
    for (std::size_t i = 0; i < of.size(); ++i) {
        bool stays = true;
        for (std::size_t step = 0; stays && step < of.size(); ++step) {
            const auto other = (last + step) % of.size();
            if (other != i && dominance(of, other, i)) {
                stays = false;
                last = other;
            }
        }
        if (stays) front.push_back(static_cast<std::uint32_t>(i));
    }
    return front;
}

} // namespace verdant::pareto
