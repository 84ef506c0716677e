// What nobody knows of the years to come, drawn once for all designs.
#pragma once

#include <verdant/carbon/intensity.hpp>
#include <verdant/carbon/uncertain_package.hpp>
#include <verdant/uncertainty.hpp>
#include <verdant/units.hpp>

#include <cstddef>
#include <span>

namespace silicon {

namespace vd = verdant;
namespace un = verdant::uncertainty;

/// The medians of what a user may set.
struct service {
    vd::si::carbon_intensity grid = vd::carbon::intensity(vd::carbon::place::world);
    double images_a_day = 1e6;
};

class world {
public:
    using mass_draws = un::draws<vd::si::mass>;

    world(const service& s, const un::draw_inputs& drawn)
        : making_{inputs(), drawn}, grid_{drawn("grid", un::lognormal{s.grid, 0.4})}, years_{drawn("years", un::triangular{2.0, 4.0, 7.0})},
          images_a_day_{drawn("images a day", un::lognormal{s.images_a_day, 0.6})} {}

    /// Of dies and package, with the bonding that 3D-Carbon leaves out.
    [[nodiscard]] mass_draws embodied(const vd::carbon::packaged_die& dies, const vd::carbon::package_plan& plan) const {
        return making_.embodied<vd::carbon::corrected_packages>(std::span{&dies, 1}, plan);
    }
    /// Of all images of its life. @param image the energy of one
    [[nodiscard]] mass_draws operational(vd::si::energy image) const { return image * grid_ * (365.0 * years_ * images_a_day_); }
    [[nodiscard]] std::size_t size() const noexcept { return grid_.size(); }

private:
    // [inputs]
    [[nodiscard]] static vd::carbon::uncertain_making inputs() {
        vd::carbon::uncertain_making m;
        m.fab_intensity = un::uniform{480.8 * vd::grams_per_kilowatt_hour{}, 546.7 * vd::grams_per_kilowatt_hour{}}; // CarbonSet
        m.defect_factor = un::triangular{0.85, 1.0, 4.1}; // CarbonSet's span around the 0.1 per cm2 of 7 nm
        return m;
    }
    // [/inputs]

    vd::carbon::uncertain_package making_;
    un::draws<vd::si::carbon_intensity> grid_;
    un::draws<double> years_, images_a_day_;
};

} // namespace silicon
