// The search, of everything or of one half with the other as it was.
#pragma once

#include "evaluate.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/part.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace silicon {

// [study]
using total = vd::total_carbon;
using tail = vd::quantile<total, 0.95>;
using study = vd::search<co_design,                                                                     //
                         vd::maximize<estimated_accuracy, vd::threshold<0.65>>,                         //
                         vd::minimize<vd::latency, vd::threshold<0.1>>,                                 // ms
                         vd::minimize<tail, vd::threshold<2>>,                                          // kg CO2e
                         vd::subject_to<vd::area, vd::at_most<vd::carbon::reticle_square_millimetres>>, // mm2 of a die
                         vd::subject_to<array_fill, vd::at_most<1>>,                                    //
                         vd::track<vd::quantile<total, 0.05>>, vd::track<vd::quantile<total, 0.5>>,     //
                         vd::track<vd::mean<vd::embodied_carbon>>, vd::track<vd::energy>,               //
                         vd::within<vd::space_part<co_design>, vd::nsga2<>>>;
// [/study]

/// What is searched.
enum class searched : unsigned char { both, network, chip };
struct search_kind {
    searched what;
    std::string_view name, file;
};
inline constexpr std::array<search_kind, 3> search_kinds{
    {{searched::both, "network and chip", "both"}, {searched::network, "network alone", "network"}, {searched::chip, "chip alone", "chip"}}};

/// What the halves are where they are not searched, and what all searches begin with: EfficientNet-B0 on the usual chip.
[[nodiscard]] inline vd::point<co_design> usual_design() {
    vd::point<co_design> p;
    const auto put = [&p](std::size_t first, const auto& half) {
        for (std::size_t i = 0; i < half.size(); ++i) p[first + i] = half[i];
    };
    put(0, vd::spaces::efficientnet_b0);
    put(vd::parameter_count<vd::spaces::mnasnet>, usual_chip());
    return p;
}

/// The designs that a search chooses from.
[[nodiscard]] inline vd::space_part<co_design> part_of(searched what) {
    constexpr auto half = static_cast<std::uint32_t>(vd::parameter_count<vd::spaces::mnasnet>),
                   end = static_cast<std::uint32_t>(vd::parameter_count<co_design>);
    std::vector<vd::allowed_combinations<co_design>> fixed;
    // Choices of a network do not depend on each other, those of a chip do.
    if (what == searched::chip)
        for (std::uint32_t i = 0; i < half; ++i) fixed.push_back({{i}, {usual_design()}});
    if (what == searched::network) {
        fixed.push_back({{}, {usual_design()}});
        for (std::uint32_t i = half; i < end; ++i) fixed.front().parameters.push_back(i);
    }
    return vd::space_part<co_design>{fixed};
}

} // namespace silicon
