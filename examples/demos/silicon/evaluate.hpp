// What is measured of a design.
#pragma once

#include "accuracy.hpp"
#include "dies.hpp"
#include "mapped_chip.hpp"
#include "world.hpp"

#include <verdant/goal/metric.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/goal/uncertain_metrics.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

namespace silicon {

/// How much of its L2, or of its buffer, the tile takes that fills the arrays; above 1 some multiplier has no weight of its own.
struct array_fill : vd::metric<"array_fill"> {};

/// Accuracy, latency and carbon of a network on a chip. Of chips that cannot be made latency, energy and carbon are infinite. Thread-safe; copies share what was mapped.
class design_costs {
public:
    using record = vd::uncertain_metrics<vd::metrics<estimated_accuracy, vd::latency, vd::energy, vd::area, array_fill>,
                                         vd::drawn<vd::embodied_carbon>, vd::drawn<vd::operational_carbon>, vd::drawn<vd::total_carbon>>;

    /// @param mappings that are looked at for one nest
    design_costs(accuracy_source accuracy, world w, std::uint64_t mappings = usual_mappings)
        : shared_{std::make_shared<const parts>(std::move(accuracy), std::move(w), mappings)} {}

    [[nodiscard]] record operator()(const vd::point<co_design>& p) const {
        const auto network = p.nested<"net">();
        const auto hardware = p.nested<"chip">();
        const auto l = levels_of(hardware);
        const auto die = die_area(hardware, l);
        const double accuracy = shared_->accuracy(network), fill = hw::array_fill(l.all);
        if (is_above_reticle(die) || !holds_its_tile(l)) {
            constexpr double never = std::numeric_limits<double>::infinity();
            world::mass_draws none{shared_->future.size()};
            for (double& x : none.si()) x = never;
            return {{accuracy, never * vd::seconds{}, never * vd::joules{}, die, fill}, none, none, none};
        }
        const auto run = shared_->chips(network, hardware);
        const auto made = shared_->future.embodied(dies_of(hardware, die), plan_of(hardware)), used = shared_->future.operational(run.energy);
        return {{accuracy, run.latency, run.energy, die, fill}, made, used, made + used};
    }

    [[nodiscard]] const accuracy_source& accuracy() const noexcept { return shared_->accuracy; }

private:
    struct parts {
        parts(accuracy_source a, world w, std::uint64_t mappings) : accuracy{std::move(a)}, future{std::move(w)}, chips{mappings} {}
        accuracy_source accuracy;
        world future;
        mapped_chips chips;
    };
    std::shared_ptr<const parts> shared_;
};

} // namespace silicon
