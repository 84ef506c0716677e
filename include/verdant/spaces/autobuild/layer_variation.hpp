#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/autobuild/block_profile.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/reduced/unit_variation.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace verdant::spaces {

/// Points varied block by block, for `archive_evolution` (AutoBuild: rm_search/ofa_profile/arch_mutator.py): depths and blocks are drawn uniformly
/// from a profile; a unit that changes gets a block more, a block less or another block. Parameters outside of the units are drawn as by `sample` and
/// then stay.
struct layer_variation {
    block_profile profile = block_profile::whole(mbconv_family::mbv3);
    using described = members<member<"profile", &layer_variation::profile>>;

    /// @throws input_error for a profile of another family
    template <mbconv_space S>
    [[nodiscard]] point<S> initial(random_stream& random) const {
        check<S>();
        const auto drawn = sample<S>(random);
        auto config = config_of(drawn);
        for (std::size_t u = 0; u < config.units.size(); ++u) {
            config.units[u].resize(profile.least[u] + static_cast<std::size_t>(random.below(profile.greatest[u] - profile.least[u] + 1)));
            for (auto& b : config.units[u]) b = candidate(random);
        }
        return point_of<S>(config);
    }
    /// @throws input_error for a profile of another family
    template <mbconv_space S>
    [[nodiscard]] point<S> mutate(const point<S>& p, random_stream& random) const {
        check<S>();
        auto config = config_of(p);
        const auto chosen = verdant::detail::units_to_change(config.units.size(), unit_probabilities{profile.probabilities}, random);
        for (std::size_t u = 0; u < config.units.size(); ++u)
            if (chosen[u] != 0) change(config.units[u], u, random);
        return point_of<S>(config);
    }

private:
    template <mbconv_space S>
    void check() const {
        if (profile.family != mbconv_family_of<S>)
            throw input_error{"layer variation", "profile", "one of the family " + std::string{name_of(mbconv_family_of<S>)},
                              std::string{name_of(profile.family)}};
        profile.check();
    }
    [[nodiscard]] mbconv_block candidate(random_stream& random) const {
        return profile.candidates[static_cast<std::size_t>(random.below(profile.candidates.size()))];
    }

    void change(std::vector<mbconv_block>& unit, std::size_t u, random_stream& random) const {
        enum class change_kind : std::uint8_t { add, remove, swap };
        std::array<change_kind, 3> allowed{};
        std::size_t n = 0;
        if (unit.size() < profile.greatest[u]) allowed[n++] = change_kind::add;
        if (unit.size() > profile.least[u]) allowed[n++] = change_kind::remove;
        if (profile.candidates.size() > 1) allowed[n++] = change_kind::swap;
        if (n == 0) return;
        const auto kind = allowed[static_cast<std::size_t>(random.below(n))];
        const auto at = static_cast<std::ptrdiff_t>(random.below(unit.size() + (kind == change_kind::add ? 1 : 0)));
        if (kind == change_kind::add) unit.insert(unit.begin() + at, candidate(random));
        else if (kind == change_kind::remove) unit.erase(unit.begin() + at);
        else {
            const auto before = unit[static_cast<std::size_t>(at)];
            auto& block = unit[static_cast<std::size_t>(at)];
            while (block == before) block = candidate(random);
        }
    }
};

} // namespace verdant::spaces
