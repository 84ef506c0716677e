#pragma once

#include <verdant/carbon/intensity.hpp>
#include <verdant/carbon/package.hpp>
#include <verdant/error.hpp>
#include <verdant/uncertainty/draw_inputs.hpp>
#include <verdant/uncertainty/draws.hpp>
#include <verdant/uncertainty/uncertain.hpp>
#include <verdant/units.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// Embodied carbon of packages whose making is uncertain.
namespace verdant::carbon {

/// What making a package assumes, each known or with a distribution. Published spans: CarbonSet (arXiv 2506.10373) has 480.8 to 546.7 g CO2e/kWh for
/// the fab, and defects from 0.015 per cm2 below to 0.31 above the value of a process.
struct uncertain_making {
    uncertainty::uncertain<si::carbon_intensity> fab_intensity{
        intensity(place::taiwan)}; ///< of the electricity that makes dies, substrate and package
    uncertainty::uncertain<double> defect_factor{1.0}; ///< density of defects of all dies, against the usual one of their process
};

/// Embodied carbon of a package in each draw of its inputs, which are drawn once, when this is made, so that all packages are compared in the same
/// draws of the world; their names are "fab intensity", as in `uncertain_footprint`, and "defects". Thread-safe.
class uncertain_package {
public:
    using mass_draws = uncertainty::draws<si::mass>;

    /// @throws input_error for a draw that is not a valid input: a negative intensity or factor
    explicit uncertain_package(const uncertain_making& inputs, const uncertainty::draw_inputs& world = {})
        : intensity_{inputs.fab_intensity.drawn(world, "fab intensity")}, defects_{inputs.defect_factor.drawn(world, "defects")} {
        const auto check = [](const char* name, std::span<const double> values) {
            for (std::size_t i = 0; i < values.size(); ++i)
                if (!(values[i] >= 0 && values[i] - values[i] == 0))
                    throw input_error{name, "draw " + std::to_string(i),
                                      "a finite number that is not negative (a truncated_normal or triangular distribution keeps to bounds)",
                                      std::to_string(values[i])};
        };
        check("fab intensity", intensity_.si());
        check("defects", defects_.si());
    }

    /// How many draws there are.
    [[nodiscard]] std::size_t size() const noexcept { return intensity_.size(); }

    /// In each draw what `carbon::embodied` gives in total.
    /// @param dies by kind; the factor of the draw is multiplied with theirs
    /// @param plan whose intensity is that of the draw @param into is given the number of draws
    /// @throws input_error as `carbon::embodied`
    template <package_policy Policy = published_packages>
    void embodied(std::span<const packaged_die> dies, package_plan plan, mass_draws& into) const {
        if (into.size() != size()) into = mass_draws{size()};
        std::vector<packaged_die> drawn(dies.begin(), dies.end());
        for (std::size_t i = 0; i < size(); ++i) {
            plan.intensity = intensity_[i];
            for (std::size_t d = 0; d < drawn.size(); ++d) drawn[d].defect_factor = dies[d].defect_factor * defects_.si()[i];
            into.si()[i] = to_si(carbon::embodied<Policy>(std::span<const packaged_die>{drawn}, plan).total());
        }
    }
    /// The same as a value.
    template <package_policy Policy = published_packages>
    [[nodiscard]] mass_draws embodied(std::span<const packaged_die> dies, const package_plan& plan) const {
        mass_draws made{size()};
        embodied<Policy>(dies, plan, made);
        return made;
    }

private:
    uncertainty::draws<si::carbon_intensity> intensity_;
    uncertainty::draws<double> defects_;
};

} // namespace verdant::carbon
