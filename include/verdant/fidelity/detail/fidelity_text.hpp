#pragma once

#include <verdant/fidelity/fidelity_options.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/text/number.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <string>

/// A policy of fidelities in words, as studies keep it.
namespace verdant::detail {

/// What follows the name of a policy.
/// @param listed its options
template <class = instantiated_when_used>
[[nodiscard]] std::string fidelity_words(const study_description& listed, const fidelity_view& scale, std::span<const double> rungs,
                                         const fidelity_settings& s) {
    std::string text;
    for (const auto& [name, value] : listed.options) text += ", " + name + ' ' + value;
    text += "; " + std::string{scale.name};
    for (std::size_t k = 0; k < rungs.size(); ++k) text += (k == 0 ? " " : ", ") + exact_text(scale.value_at(rungs[k]));
    text += "; window " + std::to_string(s.window);
    text += s.order == measured_order::as_begun ? "; as begun" : "; as completed";
    text += s.continuation == continuation::from_start ? "; from start" : "; from checkpoint";
    if (s.unit == cost_unit::seconds) text += "; cost in seconds";
    if (s.reports == report_use::judged) text += "; reports judged";
    if (s.trials != std::numeric_limits<std::size_t>::max()) text += "; at most " + std::to_string(s.trials) + " trials";
    return text;
}
VERDANT_DEFINED_ONCE(std::string fidelity_words<>(const study_description&, const fidelity_view&, std::span<const double>, const fidelity_settings&));

/// All that decides what a study measures, so that it is not gone on with under another policy:
/// `asha, eta 4, first_rung 0, order 0; epochs 1, 4, 16; window 8; as begun; from start`.
template <class Policy>
[[nodiscard]] std::string fidelity_text(const typename Policy::options& options, const fidelity_view& scale, std::span<const double> rungs,
                                        const fidelity_settings& s) {
    study_description listed;
    for_each_option(options, option_list{listed});
    return std::string{Policy::name()} + fidelity_words(listed, scale, rungs, s);
}

} // namespace verdant::detail
