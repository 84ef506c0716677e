#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/reduced/unit_variation.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::spaces {

/// Which ratios, widths and depths a search of OFA-ResNet50D layer by layer draws from, and how likely the stem and the four stages are to change
/// (AutoBuild: rm_search/ofa_profile/constants.py). The default is the whole space.
struct residual_profile {
    std::string name = "whole";
    std::vector<double> ratios{0.2, 0.25, 0.35}; ///< of inner to output channels of a block
    std::vector<int> widths{0, 1, 2}; ///< indices of the multipliers 0.65, 0.8 and 1
    std::array<int, resnet_family::stages> least{2, 2, 4, 2}, greatest{4, 4, 6, 4}; ///< blocks of each stage
    std::array<double, resnet_family::stages + 1> probabilities{0.5, 0.5, 0.5, 0.5, 0.5}; ///< of the stem and each stage to change

    // NOLINTNEXTLINE(google-explicit-constructor): an option is text
    operator std::string_view() const noexcept { return name; }

    /// @throws input_error for a profile with which no network can be drawn
    void check() const {
        constexpr resnet_family family;
        if (ratios.empty() || widths.empty()) throw input_error{"residual profile", name, "ratios and widths", "none"};
        for (const double e : ratios)
            if (e != 0.2 && e != 0.25 && e != 0.35)
                throw input_error{"residual profile", name, "ratios out of 0.2, 0.25 and 0.35", std::to_string(e)};
        for (const int w : widths)
            if (w < 0 || w > 2) throw input_error{"residual profile", name, "widths out of 0, 1 and 2", std::to_string(w)};
        for (std::size_t s = 0; s < least.size(); ++s)
            if (least[s] > greatest[s] || least[s] < family.least_blocks[s] || greatest[s] > family.blocks(static_cast<int>(s)))
                throw input_error{"residual profile", name + ", stage " + std::to_string(s), "depths that the family has, in order",
                                  std::to_string(least[s]) + " to " + std::to_string(greatest[s])};
    }
};

/// Points of OFA-ResNet50D varied layer by layer, for `archive_evolution` (AutoBuild: rm_search/ofa_profile/arch_mutator.py). A stage that changes
/// gets a block more, a block less, another ratio of one block, or another width; the stem gets its residual convolution or loses it, or gets another
/// inner or outer width. The side of the pictures is drawn as by `sample` and then stays.
struct residual_variation {
    residual_profile profile{};
    using described = members<member<"profile", &residual_variation::profile>>;

    /// @throws input_error for a profile with which no network can be drawn
    template <resnet_space S>
    [[nodiscard]] point<S> initial(random_stream& random) const {
        profile.check();
        auto a = arch_of(sample<S>(random));
        a.d[0] = random.chance(0.5) ? S::resnet.most_extra : 0;
        for (auto& w : a.w) w = drawn(profile.widths, random);
        for (std::size_t s = 0; s < resnet_family::stages; ++s) {
            const auto choices = static_cast<std::uint64_t>(profile.greatest[s] - profile.least[s] + 1);
            std::vector<double> ratios(static_cast<std::size_t>(profile.least[s] + static_cast<int>(random.below(choices))));
            for (auto& e : ratios) e = drawn(profile.ratios, random);
            set_stage<S>(a, s, ratios);
        }
        return point_of<S>(a);
    }
    /// @throws input_error for a profile with which no network can be drawn
    template <resnet_space S>
    [[nodiscard]] point<S> mutate(const point<S>& p, random_stream& random) const {
        profile.check();
        auto a = arch_of(p);
        const std::vector<double> probabilities(profile.probabilities.begin(), profile.probabilities.end());
        const auto chosen = verdant::detail::units_to_change(profile.probabilities.size(), unit_probabilities{probabilities}, random);
        if (chosen[0] != 0) change_stem<S>(a, random);
        for (std::size_t s = 0; s < resnet_family::stages; ++s)
            if (chosen[s + 1] != 0) change_stage<S>(a, s, random);
        return point_of<S>(a);
    }

private:
    template <class T>
    [[nodiscard]] static T drawn(const std::vector<T>& from, random_stream& random) {
        return from[static_cast<std::size_t>(random.below(from.size()))];
    }
    /// Another one than there is; what there is where there is no other.
    template <class T>
    [[nodiscard]] static T other(const std::vector<T>& from, T than, random_stream& random) {
        if (std::all_of(from.begin(), from.end(), [&](const T& x) { return x == than; })) return than;
        auto x = than;
        while (x == than) x = drawn(from, random);
        return x;
    }

    template <resnet_space S>
    [[nodiscard]] static std::vector<double> stage_of(const resnet_arch& a, std::size_t s) {
        const auto first = a.e.begin() + S::resnet.block_offset(static_cast<int>(s));
        return {first, first + S::resnet.least_blocks[s] + a.d[s + 1]};
    }
    template <resnet_space S>
    static void set_stage(resnet_arch& a, std::size_t s, const std::vector<double>& ratios) {
        a.d[s + 1] = static_cast<int>(ratios.size()) - S::resnet.least_blocks[s];
        std::copy(ratios.begin(), ratios.end(), a.e.begin() + S::resnet.block_offset(static_cast<int>(s)));
    }

    template <resnet_space S>
    void change_stem(resnet_arch& a, random_stream& random) const {
        const auto what = random.below(3);
        if (what == 0) a.d[0] = S::resnet.most_extra - a.d[0];
        else a.w[static_cast<std::size_t>(what - 1)] = other(profile.widths, a.w[static_cast<std::size_t>(what - 1)], random);
    }
    template <resnet_space S>
    void change_stage(resnet_arch& a, std::size_t s, random_stream& random) const {
        enum class change_kind : std::uint8_t { swap_width, swap_ratio, add, remove };
        auto ratios = stage_of<S>(a, s);
        std::array<change_kind, 4> allowed{change_kind::swap_width, change_kind::swap_ratio};
        std::size_t n = 2;
        if (ratios.size() < static_cast<std::size_t>(profile.greatest[s])) allowed[n++] = change_kind::add;
        if (ratios.size() > static_cast<std::size_t>(profile.least[s])) allowed[n++] = change_kind::remove;
        const auto kind = allowed[static_cast<std::size_t>(random.below(n))];
        if (kind == change_kind::swap_width) {
            a.w[s + 2] = other(profile.widths, a.w[s + 2], random);
            return;
        }
        const auto at = static_cast<std::ptrdiff_t>(random.below(ratios.size() + (kind == change_kind::add ? 1 : 0)));
        if (kind == change_kind::add) ratios.insert(ratios.begin() + at, drawn(profile.ratios, random));
        else if (kind == change_kind::remove) ratios.erase(ratios.begin() + at);
        else ratios[static_cast<std::size_t>(at)] = other(profile.ratios, ratios[static_cast<std::size_t>(at)], random);
        set_stage<S>(a, s, ratios);
    }
};

} // namespace verdant::spaces
