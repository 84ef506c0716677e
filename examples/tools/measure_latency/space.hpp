// What measure_latency needs of a space, whatever its type.
#pragma once

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/report/report.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/once_for_all/catalogue.hpp>
#include <verdant/spaces/once_for_all/latency_layers.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

namespace measure_latency {

namespace vd = verdant;
namespace workload = verdant::workload;

/// A network to measure as a whole, and the words by which files call it.
struct drawn_network {
    workload::mobile_net net;
    std::string depths, kernels, expands; // of the blocks that exist
};

/// What the program needs of a space, whatever its type.
struct measured_space {
    std::string name;
    std::vector<int> resolutions;
    std::function<std::vector<workload::latency_layer>(int)> layers;
    std::function<drawn_network(vd::random_stream&, int)> draw;
};

template <vd::spaces::elastic_space S>
[[nodiscard]] drawn_network draw(vd::random_stream& random, int resolution) {
    auto arch = vd::spaces::arch_of(vd::sample<S>(random));
    arch.image_size = resolution;
    drawn_network out{vd::spaces::net_of(S::family, arch), "", "", ""};
    for (const int d : arch.d) out.depths += std::to_string(d);
    for (const auto& b : out.net.blocks) {
        if (b.stage < 0) continue;
        out.kernels += std::to_string(b.kernel);
        out.expands += (out.expands.empty() ? "" : " ") + vd::rounded_text(b.expand, 4);
    }
    return out;
}

/// The space of a name of the catalogue. @throws input_error with all names
inline measured_space space_named(const std::string& name) {
    try {
        return vd::spaces::published_catalogue::visit(name, []<class S>(std::type_identity<S>) {
            measured_space out{std::string{vd::spaces::catalogue_name<S>}, {}, vd::spaces::latency_layers<S>, draw<S>};
            for (std::size_t i = 0; i < S::images::size; ++i) out.resolutions.push_back(static_cast<int>(S::images::value(i)));
            return out;
        });
    } catch (const vd::input_error& wrong) { throw vd::input_error{"--model", "", wrong.expected(), name}; }
}

} // namespace measure_latency
