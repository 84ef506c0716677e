#pragma once

#include <verdant/error.hpp>
#include <verdant/predictor/module_labels.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/autobuild/module_point.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>

#include <string>

namespace verdant::predictor {

/// The modules of each unit of a space with the scores that a predictor gave them, in the order of enumeration: what `reduced_to_best` takes.
/// @tparam S OFA-MobileNetV3 or OFA-ProxylessNAS
/// @throws input_error for labels of the other family
template <spaces::mbconv_space S>
[[nodiscard]] typename reduced_space<S>::modules_type scored_modules(const module_labels& labels) {
    constexpr auto family = spaces::mbconv_family_of<S>;
    if (labels.family != family)
        throw input_error{"labels of modules", "family", std::string{spaces::name_of(family)}, std::string{spaces::name_of(labels.family)}};
    typename reduced_space<S>::modules_type scored;
    for (const auto& m : labels.modules) {
        if (m.module.unit < 1 || m.module.unit > scored.size())
            throw input_error{"labels of modules", "unit", "from 1 to " + std::to_string(scored.size()), std::to_string(m.module.unit)};
        const auto unit = m.module.unit - std::size_t{1};
        scored[unit].push_back({spaces::module_point<S>(unit, units_of(m.module, family)), m.score});
    }
    return scored;
}

} // namespace verdant::predictor
