#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// Means and deviations of targets: of all, and of the networks whose units have so many blocks.
namespace verdant::predictor {

/// Moves targets to mean 0 and deviation 1, and back.
struct target_scale {
    double mean = 0, deviation = 1;

    /// Of the targets that a predictor is trained with; the deviation is that of all of them and not of a sample.
    /// @throws input_error where there are none, or all are the same
    [[nodiscard]] static target_scale of(std::span<const double> targets) {
        const auto m = surrogate::moments_of(targets);
        if (targets.empty() || !(m.variance > 0))
            throw input_error{"targets", "", "numbers that differ",
                              targets.empty() ? std::string{"none"} : std::to_string(targets.size()) + " times " + exact_text(targets[0])};
        return {m.mean, m.deviation()};
    }
    [[nodiscard]] double scaled(double target) const noexcept { return (target - mean) / deviation; }
    [[nodiscard]] double target(double scaled_target) const noexcept { return scaled_target * deviation + mean; }
};

/// Mean and deviation of the targets of networks by unit and by the hop at which that unit is read, its number of blocks less 1 (AutoBuild:
/// ge_utils/subgraph_moments.py): the scale on which modules of different sizes are compared.
class unit_moments {
public:
    /// All means are 0 and all deviations 1.
    unit_moments(std::size_t units, std::size_t hops) : units_{units}, hops_{hops}, values_(2 * units * hops) {
        for (std::size_t i = 1; i < values_.size(); i += 2) values_[i] = 1;
    }

    [[nodiscard]] std::size_t units() const noexcept { return units_; }
    [[nodiscard]] std::size_t hops() const noexcept { return hops_; }
    /// @throws input_error for a unit or a hop beyond these
    [[nodiscard]] target_scale at(std::size_t unit, std::size_t hop) const {
        const auto i = place(unit, hop);
        return {values_[i], values_[i + 1]};
    }
    void set(std::size_t unit, std::size_t hop, const target_scale& scale) {
        const auto i = place(unit, hop);
        values_[i] = scale.mean;
        values_[i + 1] = scale.deviation;
    }
    /// Units, hops, mean and deviation in row-major order: the tensor `embed_layer.moment_tsr` of AutoBuild's checkpoints.
    [[nodiscard]] std::span<const double> values() const noexcept { return values_; }

private:
    [[nodiscard]] std::size_t place(std::size_t unit, std::size_t hop) const {
        if (unit >= units_ || hop >= hops_)
            throw input_error{"moments of units", "", "a unit below " + std::to_string(units_) + " and a hop below " + std::to_string(hops_),
                              std::to_string(unit) + " and " + std::to_string(hop)};
        return 2 * (unit * hops_ + hop);
    }

    std::size_t units_, hops_;
    std::vector<double> values_;
};

/// The hop at which a unit of a sub-network is read, from 0: the number of its blocks less 1. In ProxylessNAS the one block of unit 6 belongs to unit
/// 5.
[[nodiscard]] inline std::size_t hop_of_unit(const spaces::mbconv_config& c, std::size_t unit) {
    const bool joined = c.family == spaces::mbconv_family::pn && unit == 4;
    return c.units[unit].size() - (joined ? 0 : 1);
}

/// The table of a corpus. Where a unit has so many blocks in no network, in one, or in several of the same target, there is no scale: mean 0 and
/// deviation 1 stand there. (The original has a deviation of 0 in the latter cases.)
/// @param entries of the corpus, those that a predictor is trained with
/// @param targets one for each of them, as measured
/// @throws input_error for another number of targets, and for no entries
template <class = instantiated_when_used>
[[nodiscard]] unit_moments unit_moments_of(const graph_corpus& corpus, std::span<const std::size_t> entries, std::span<const double> targets) {
    if (entries.size() != targets.size() || entries.empty())
        throw input_error{"moments of units", corpus.source, "a target for each of some entries",
                          std::to_string(targets.size()) + " for " + std::to_string(entries.size())};
    constexpr std::size_t units = 5;
    unit_moments moments{units, corpus.family == spaces::mbconv_family::mbv3 ? std::size_t{4} : std::size_t{5}};
    std::vector<double> bucket;
    for (std::size_t u = 0; u < units; ++u)
        for (std::size_t h = 0; h < moments.hops(); ++h) {
            bucket.clear();
            for (std::size_t i = 0; i < entries.size(); ++i)
                if (hop_of_unit(corpus.entries.at(entries[i]).config, u) == h) bucket.push_back(targets[i]);
            if (bucket.empty()) continue;
            const auto m = surrogate::moments_of(std::span<const double>{bucket});
            if (!(m.variance > 0)) continue; // a deviation of 0 would give all modules one score, which their places alone would rank
            moments.set(u, h, {m.mean, m.deviation()});
        }
    return moments;
}
VERDANT_DEFINED_ONCE(unit_moments unit_moments_of<>(const graph_corpus&, std::span<const std::size_t>, std::span<const double>));

} // namespace verdant::predictor
