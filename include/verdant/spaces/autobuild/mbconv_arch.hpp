#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/spaces/once_for_all/elastic_arch.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

/// Between AutoBuild's lists of blocks and the lists of kernels, expansions and depths of Once-for-all (AutoBuild: iterators/ofa_utils.py).
namespace verdant::spaces {

namespace detail {

template <class Arch>
inline constexpr spaces::mbconv_family family_of_arch = spaces::mbconv_family::mbv3;
template <>
inline constexpr spaces::mbconv_family family_of_arch<spaces::proxyless_arch> = spaces::mbconv_family::pn;

} // namespace detail

/// The sub-network in the raw form of the supernet; kernels and expansions of blocks that do not exist are 0, as in the original.
/// @tparam Arch `ofa_arch` for MobileNetV3, `proxyless_arch` for ProxylessNAS
/// @throws input_error for a sub-network of the other family, and for what `require_units_of` refuses
template <class Arch>
    requires std::is_same_v<Arch, ofa_arch> || std::is_same_v<Arch, proxyless_arch>
[[nodiscard]] Arch arch_of(const mbconv_config& config) {
    constexpr auto family = verdant::spaces::detail::family_of_arch<Arch>;
    if (config.family != family)
        throw input_error{"sub-network", "family", std::string{name_of(family)}, std::string{name_of(config.family)}};
    require_units_of(family, config.units, "sub-network");
    Arch arch;
    arch.image_size = config.resolution;
    for (std::size_t u = 0; u < config.units.size(); ++u) {
        arch.d[u] = static_cast<int>(config.units[u].size());
        for (std::size_t j = 0; j < config.units[u].size(); ++j) {
            arch.ks[4 * u + j] = config.units[u][j].kernel;
            arch.e[4 * u + j] = config.units[u][j].expand;
        }
    }
    return arch;
}

/// The sub-network as a list of blocks, the inverse of `arch_of`; what inactive blocks hold does not matter.
/// @throws input_error where it has values that AutoBuild does not know
template <class Arch>
    requires std::is_same_v<Arch, ofa_arch> || std::is_same_v<Arch, proxyless_arch>
[[nodiscard]] mbconv_config config_of(const Arch& arch) {
    mbconv_config config{verdant::spaces::detail::family_of_arch<Arch>, arch.image_size, mbconv_units(arch.d.size())};
    for (std::size_t u = 0; u < arch.d.size(); ++u) {
        const auto [least, most] = blocks_of_unit(config.family, u);
        if (arch.d[u] < static_cast<int>(least) || arch.d[u] > static_cast<int>(most))
            throw input_error{"sub-network", "d[" + std::to_string(u) + ']', std::to_string(least) + " to " + std::to_string(most), std::to_string(arch.d[u])};
        for (std::size_t j = 0; j < static_cast<std::size_t>(arch.d[u]); ++j) {
            const auto e = arch.e[4 * u + j];
            if (e != 3 && e != 4 && e != 6)
                throw input_error{"sub-network", "e[" + std::to_string(4 * u + j) + ']', "3, 4 or 6", std::to_string(e)};
            config.units[u].push_back({static_cast<int>(e), arch.ks[4 * u + j]});
        }
    }
    require_units_of(config.family, config.units, "sub-network");
    return config;
}

/// A space whose sub-networks AutoBuild can write: derived from `once_for_all` with the stages of OFA-MobileNetV3 or OFA-ProxylessNAS.
template <class S>
concept mbconv_space = elastic_space<S> && (std::is_same_v<typename S::arch_type, ofa_arch> || std::is_same_v<typename S::arch_type, proxyless_arch>);

/// The family of such a space.
template <mbconv_space S>
inline constexpr mbconv_family mbconv_family_of = verdant::spaces::detail::family_of_arch<typename S::arch_type>;

/// The sub-network of a point as a list of blocks.
/// @throws input_error where it has values that AutoBuild does not know
template <mbconv_space S>
[[nodiscard]] mbconv_config config_of(const point<S>& p) {
    return config_of(arch_of(p));
}

/// The point of a sub-network.
/// @throws input_error if the space does not have it
template <mbconv_space S>
[[nodiscard]] point<S> point_of(const mbconv_config& config) {
    return point_of<S>(arch_of<typename S::arch_type>(config));
}

} // namespace verdant::spaces
