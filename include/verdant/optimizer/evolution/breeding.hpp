#pragma once

#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/variation_checks.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/variation.hpp>

#include <cstddef>
#include <set>
#include <span>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

/// New points for evolutionary optimizers, of which none comes twice.
namespace verdant {

namespace detail {

/// What crosses two points unless it is told otherwise: children that keep more of one parent than Syswerda's halves, as in `nsga2<>`.
template <class Crossover>
[[nodiscard]] constexpr Crossover gentle_crossover() {
    if constexpr (std::is_same_v<Crossover, uniform_crossover>) return {.swap = 0.3};
    else return {};
}

} // namespace detail

/// Draws and breeds feasible points, and remembers all that were asked for or told, since points are evaluated once, at a price: in place of a known
/// one others are bred, at most `attempts`, then random ones, as many; then a known one is taken after all.
/// @tparam Crossover (point, point, random) -> pair of points, of which the first is taken
/// @tparam Mutation  (point, random) -> point
template <search_space Space, class Crossover, class Mutation>
class breeding {
public:
    /// @param source the optimizer whose options these are
    /// @throws input_error for a probability outside [0, 1]
    breeding(std::string_view source, double crossover_probability, Crossover cross, Mutation change)
        : crossover_probability_{crossover_probability}, cross_{std::move(cross)}, change_{std::move(change)} {
        require_share(source, "crossover_probability", crossover_probability);
        detail::probability_check check{source};
        check("crossover", cross_);
        check("mutation", change_);
    }

    /// A random point.
    [[nodiscard]] point<Space> fresh(random_stream& random) {
        auto made = sample<Space>(random);
        for (std::size_t k = 0; k < attempts && known_.contains(made); ++k) made = sample<Space>(random);
        return asked(made);
    }

    /// A child. @param parents random -> pair of pointers to points; asked anew for each attempt
    template <class Parents>
    [[nodiscard]] point<Space> child(random_stream& random, Parents parents) {
        for (std::size_t k = 0; k <= attempts; ++k) {
            const std::pair<const point<Space>*, const point<Space>*> two = parents(random);
            auto made =
                random.chance(crossover_probability_) ? change_(cross_(*two.first, *two.second, random).first, random) : change_(*two.first, random);
            if (!known_.contains(made)) return asked(made);
        }
        return fresh(random);
    }

    /// Remembers a point that was asked for and made elsewhere.
    void note_asked(const point<Space>& p) { (void)asked(p); }
    /// Remembers a point that was told, whoever asked for it.
    void told(const point<Space>& p) {
        known_.insert(p);
        if (const auto at = open_.find(p); at != open_.end()) open_.erase(at);
    }

    /// What was asked for and not told yet; all else is in the trials.
    void save(state_writer& out) const { out << std::vector<point<Space>>(open_.begin(), open_.end()); }
    /// @param trials all that was told
    template <class Trials>
    void restore(state_reader& in, const Trials& trials) {
        std::vector<point<Space>> open;
        in >> open;
        known_.clear();
        known_.insert(open.begin(), open.end());
        for (const auto& t : trials) known_.insert(t.point);
        open_ = {open.begin(), open.end()};
    }

private:
    static constexpr std::size_t attempts = 16;

    [[nodiscard]] const point<Space>& asked(const point<Space>& p) {
        known_.insert(p);
        open_.insert(p);
        return *known_.find(p);
    }

    double crossover_probability_;
    Crossover cross_;
    Mutation change_;
    std::unordered_set<point<Space>> known_; ///< asked for or told
    std::set<point<Space>> open_; ///< asked for and not told; ordered, since it is saved
};

} // namespace verdant
