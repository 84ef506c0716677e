#pragma once

#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/uncertain_life.hpp>
#include <verdant/error.hpp>
#include <verdant/uncertainty/draw_inputs.hpp>
#include <verdant/uncertainty/draws.hpp>
#include <verdant/units.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Footprints of chips whose inputs are uncertain.
namespace verdant::carbon {

/// The footprint of a chip in each draw of its inputs: ACT's formulas (embodied.hpp, footprint.hpp), draw by draw. The inputs are drawn once, when
/// this is made, so that all chips are compared in the same draws of the world, and by name, so that another input that becomes uncertain changes no
/// draw of the others. Thread-safe; into draws of the right number nothing is allocated.
class uncertain_footprint {
public:
    using mass_draws = uncertainty::draws<si::mass>;

    /// @param inputs of which known ones are the same in all draws
    /// @param world  seed and number of the draws
    /// @throws input_error for a draw that is not a valid input: a yield outside of (0, 1], a negative intensity
    explicit uncertain_footprint(const uncertain_life& inputs, const uncertainty::draw_inputs& world = {})
        : count_{world.count}, drawn_(world.count * inputs_drawn) {
        inputs.fab_intensity.draw(world, "fab intensity", row(fab_intensity));
        inputs.fab_energy.draw(world, "fab energy", row(fab_energy));
        inputs.gases.draw(world, "gases", row(gases));
        inputs.materials.draw(world, "materials", row(materials));
        inputs.yield.draw(world, "yield", row(yield));
        inputs.memory.draw(world, "memory", row(memory));
        inputs.grid.draw(world, "grid", row(grid));
        inputs.inferences.draw(world, "inferences", row(inferences));
        constexpr std::array<std::string_view, inputs_drawn> names{"fab intensity", "fab energy", "gases", "materials",
                                                                   "yield",         "memory",     "grid",  "inferences"};
        for (std::size_t r = 0; r < inputs_drawn; ++r)
            for (std::size_t i = 0; i < count_; ++i) {
                const double x = row(r)[i];
                if (!(r == yield ? x > 0 && x <= 1 : x >= 0 && x - x == 0))
                    throw input_error{names[r], "draw " + std::to_string(i),
                                      std::string{r == yield ? "a number above 0 and at most 1" : "a finite number that is not negative"} +
                                          " (a truncated_normal or triangular distribution keeps to bounds)",
                                      std::to_string(x)};
            }
    }

    /// How many draws there are.
    [[nodiscard]] std::size_t size() const noexcept { return count_; }

    /// Of making die and DRAM. @param into is given the number of draws
    /// @throws input_error if the area is negative or no number
    void embodied(si::area die, mass_draws& into) const { made(checked(die), 0, into); }
    /// Of all inferences. @param per_inference energy of one
    /// @throws input_error if the energy is negative or no number
    void operational(si::energy per_inference, mass_draws& into) const {
        const double joule = checked(per_inference);
        fit(into);
        const double *ci = at(grid), *n = at(inferences);
        double* to = into.si().data();
        for (std::size_t i = 0; i < count_; ++i) to[i] = joule * ci[i] * n[i];
    }
    /// Both together.
    /// @throws input_error as the others
    void total(si::area die, si::energy per_inference, mass_draws& into) const { made(checked(die), checked(per_inference), into); }
    /// The same as a value.
    [[nodiscard]] mass_draws total(si::area die, si::energy per_inference) const {
        mass_draws whole{count_};
        total(die, per_inference, whole);
        return whole;
    }

private:
    enum input : std::size_t { fab_intensity, fab_energy, gases, materials, yield, memory, grid, inferences, inputs_drawn };

    [[nodiscard]] static double checked(si::area die) {
        verdant::carbon::detail::require_not_negative("area of a die in mm2", in<square_millimetres>(die));
        return to_si(die);
    }
    [[nodiscard]] static double checked(si::energy used) {
        verdant::carbon::detail::require_not_negative("energy in joules", to_si(used));
        return to_si(used);
    }
    [[nodiscard]] std::span<double> row(std::size_t r) noexcept { return std::span{drawn_}.subspan(r * count_, count_); }
    [[nodiscard]] const double* at(std::size_t r) const noexcept { return drawn_.data() + r * count_; }
    void fit(mass_draws& into) const {
        if (into.size() != count_) into = mass_draws{count_};
    }
    /// In SI units; the units of the inputs were checked when they were set.
    void made(double square_metres, double joule, mass_draws& into) const {
        fit(into);
        const double *fab = at(fab_intensity), *epa = at(fab_energy), *gpa = at(gases), *mpa = at(materials), *y = at(yield), *dram = at(memory),
                     *use = at(grid), *n = at(inferences);
        double* to = into.si().data();
        for (std::size_t i = 0; i < count_; ++i)
            to[i] = square_metres * ((fab[i] * epa[i] + gpa[i] + mpa[i]) / y[i]) + dram[i] + joule * use[i] * n[i];
    }

    std::size_t count_;
    std::vector<double> drawn_; ///< inputs x draws
};

} // namespace verdant::carbon
