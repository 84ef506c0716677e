#pragma once

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/reduced/ranked_point.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace verdant {

/// Walks over the combinations of modules in a random order, each once: the slices of it are samples without replacement (AutoBuild: eval_topk_ofa.py
/// with a seed, which shuffles a list of all combinations; here memory grows with the points that were taken). The same seed gives the same order.
/// Parameters outside of the units have their first value that is left.
template <search_space S>
class random_order {
public:
    /// @throws input_error where there are 2^64 combinations or more
    random_order(reduced_space<S> space, std::uint64_t seed) : space_{std::move(space)}, random_{seed} {
        for (std::size_t u = 0; u < units; ++u) {
            const std::uint64_t modules = space_.modules(u).size();
            if (left_ > std::numeric_limits<std::uint64_t>::max() / modules)
                throw input_error{"random order", "", "a reduced space of less than 2^64 combinations of modules", "more"};
            left_ *= modules;
        }
    }

    /// The next point; none after the last.
    [[nodiscard]] std::optional<ranked_point<S>> next() {
        if (left_ == 0) return std::nullopt;
        // Fisher and Yates from the front, of which only what was exchanged is kept.
        const auto drawn = place_ + random_.below(left_--), combination = exchanged(drawn);
        if (drawn != place_) moved_[drawn] = exchanged(place_);
        moved_.erase(place_);
        return point_of(place_++, combination);
    }
    /// Passes over so many points, or to the end.
    void skip(std::uint64_t count) {
        for (; count > 0 && left_ > 0; --count) static_cast<void>(next());
    }
    /// How many points were taken or passed over.
    [[nodiscard]] std::uint64_t place() const noexcept { return place_; }
    [[nodiscard]] const reduced_space<S>& space() const noexcept { return space_; }

private:
    static constexpr auto units = reduced_space<S>::unit_count;

    /// What stands at a place of the list of all combinations.
    [[nodiscard]] std::uint64_t exchanged(std::uint64_t at) const {
        const auto found = moved_.find(at);
        return found == moved_.end() ? at : found->second;
    }
    /// @param combination a number whose digits are modules, that of the last unit the lowest
    [[nodiscard]] ranked_point<S> point_of(std::uint64_t place, std::uint64_t combination) const {
        ranked_point<S> found{.place = place};
        for (const auto& v : space_.values()) found.who[v.parameter] = static_cast<typename point<S>::index_type>(v.indices.front());
        for (auto u = units; u-- > 0;) {
            const auto modules = space_.modules(u);
            const auto& m = modules[static_cast<std::size_t>(combination % modules.size())];
            combination /= modules.size();
            found.score += m.score;
            for (std::size_t i = 0; i < found.who.size(); ++i)
                if (unit_of_parameter<S>[i] == u) found.who[i] = m.values[i];
        }
        return found;
    }

    reduced_space<S> space_;
    random_stream random_;
    std::unordered_map<std::uint64_t, std::uint64_t> moved_; ///< from the place of a list on, that is still ahead, to what was moved there
    std::uint64_t place_ = 0, left_ = 1;
};

} // namespace verdant
