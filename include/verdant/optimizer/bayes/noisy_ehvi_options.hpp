#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <cstddef>
#include <string_view>

namespace verdant {

/// How noisy expected hypervolume improvement is computed; the defaults are those of Ax 0.3.7 and BoTorch 0.10.
struct noisy_ehvi_options {
    std::size_t samples = 128;        ///< draws of the model at which improvement is averaged
    std::size_t prune_samples = 2048; ///< draws that decide which observed points matter; 0 keeps all
    double eta = 1e-3;                ///< width of the step at a constraint, in standardised units
    double tau_relu = 1e-6;           ///< smoothing of max(0, .) in the logarithmic form
    double tau_max = 1e-2;            ///< smoothing of min in the logarithmic form
    std::size_t box_objectives = 4;   ///< most objectives whose improvement is computed exactly, by boxes; beyond it is estimated along rays
    std::size_t rays = 64;            ///< rays of each draw, see `pareto::hypervolume_rays`

    using described = members<member<"samples", &noisy_ehvi_options::samples>, member<"prune_samples", &noisy_ehvi_options::prune_samples>,
                              member<"eta", &noisy_ehvi_options::eta>, member<"tau_relu", &noisy_ehvi_options::tau_relu>,
                              member<"tau_max", &noisy_ehvi_options::tau_max>,
                              member<"box_objectives", &noisy_ehvi_options::box_objectives, member_role::unrecorded>,
                              member<"rays", &noisy_ehvi_options::rays, member_role::unrecorded>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        require_count(source, "acquisition.samples", samples, 1);
        require_count(source, "acquisition.prune_samples", prune_samples, 0);
        require_positive(source, "acquisition.eta", eta);
        require_positive(source, "acquisition.tau_relu", tau_relu);
        require_positive(source, "acquisition.tau_max", tau_max);
        require_count(source, "acquisition.box_objectives", box_objectives, 0);
        require_count(source, "acquisition.rays", rays, 1);
    }
};

} // namespace verdant
