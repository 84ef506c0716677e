// What networks cost on chips: each nest is mapped once for a chip, and the mapping kept.
#pragma once

#include "levels.hpp"
#include "nests.hpp"

#include <verdant/hardware/hierarchy/nest_mapper.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/units.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace silicon {

/// Of one image.
struct run_cost {
    vd::si::time latency{};
    vd::si::energy energy{};
};

/// How long the mapper looks where nothing is said: mappings of one nest. Of EfficientNet-B0 on the usual chip a third as many give 11 % more
/// latency, thirteen times as many 7 % less, and energies within 2 % of each other.
inline constexpr std::uint64_t usual_mappings = 1500;

/// Finds mappings by local search, always with the same seed, so that a nest costs the same whoever asks first. Layers run one after the other. Thread-safe.
class mapped_chips {
public:
    /// @param mappings that are looked at for one nest
    explicit mapped_chips(std::uint64_t mappings = usual_mappings) : mappings_{mappings} {}

    /// @throws infeasible_error where no mapping of a layer fits
    [[nodiscard]] run_cost operator()(const vd::point<vd::spaces::mnasnet>& network, const vd::point<chip>& p) const {
        const auto l = levels_of(p);
        std::int64_t cycles = 0;
        double picojoules = 0;
        for (const auto& nest : nests_of(vd::spaces::net_of(network))) {
            const auto [steps, energy] = cost_of(nest, p, l);
            cycles += steps;
            picojoules += energy;
        }
        return {static_cast<double>(cycles) / l.hertz * vd::seconds{}, picojoules * vd::picojoules{}};
    }

    /// The mapping of one nest, anew.
    [[nodiscard]] hw::mapped_nest map(const hw::nest_problem& nest, const levels& l) const {
        return hw::map_nest(nest, l.all, l.unit, {.most_exhaustive = 0, .most_local = mappings_, .most_branches = 0});
    }

private:
    /// What tells nests apart: their bounds, and the step of their windows.
    using nest_key = std::pair<std::array<std::int64_t, hw::most_nest_dims>, std::int32_t>;
    using cost = std::pair<std::int64_t, double>; // cycles and pJ

    [[nodiscard]] cost cost_of(const hw::nest_problem& nest, const vd::point<chip>& p, const levels& l) const {
        const auto inputs = nest.tensors[static_cast<std::size_t>(hw::operand::inputs)];
        const std::pair key{p, nest_key{nest.bounds, inputs.axes[3].step}};
        {
            const std::lock_guard hold{mutex_};
            if (const auto found = known_.find(key); found != known_.end()) return found->second;
        }
        const auto best = map(nest, l);
        const std::lock_guard hold{mutex_};
        return known_.emplace(key, cost{best.cost.cycles, best.cost.energy}).first->second;
    }

    std::uint64_t mappings_;
    mutable std::mutex mutex_;
    mutable std::map<std::pair<vd::point<chip>, nest_key>, cost> known_;
};

} // namespace silicon
