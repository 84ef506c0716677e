#pragma once

#include <verdant/goal/pending_trial.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>

#include <algorithm>
#include <span>
#include <vector>

namespace verdant {

/// The points that a question may not hold: those of pending trials, and those that it holds already. For engines that are asked while trials are
/// pending. There are few: as many as are evaluated at once.
template <search_space Space>
class pending_points {
public:
    /// @param pending lives as long as this
    explicit pending_points(std::span<const pending_trial<Space>> pending) : pending_{pending} {}

    [[nodiscard]] bool contains(const point<Space>& p) const {
        return std::any_of(pending_.begin(), pending_.end(), [&](const pending_trial<Space>& one) { return one.point == p; }) ||
               std::find(chosen_.begin(), chosen_.end(), p) != chosen_.end();
    }
    [[nodiscard]] std::size_t size() const noexcept { return pending_.size() + chosen_.size(); }

    /// What `draw()` gives, drawn anew some times while it is among these; then any feasible point that is not, if there is one. It is among these
    /// from then on.
    template <class Draw>
    [[nodiscard]] point<Space> choose(random_stream& random, const Draw& draw) {
        constexpr int attempts = 16;
        auto p = draw();
        for (int k = 1; k < attempts && contains(p); ++k) p = draw();
        return choose(p, random);
    }
    /// The point, or where it is among these, any feasible one that is not.
    [[nodiscard]] point<Space> choose(point<Space> p, random_stream& random) {
        if (contains(p)) p = other(p, random);
        chosen_.push_back(p);
        return p;
    }

private:
    /// A random one, or the first one; the same again where all are taken.
    [[nodiscard]] point<Space> other(const point<Space>& p, random_stream& random) const {
        constexpr int attempts = 100;
        for (int k = 0; k < attempts; ++k)
            if (const auto drawn = sample<Space>(random); !contains(drawn)) return drawn;
        for (const auto& found : feasible_points<Space>())
            if (!contains(found)) return found;
        return p;
    }

    std::span<const pending_trial<Space>> pending_;
    std::vector<point<Space>> chosen_;
};

} // namespace verdant
