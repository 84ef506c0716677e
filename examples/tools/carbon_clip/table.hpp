// carbon_clip's final table.
#pragma once

#include <verdant/evaluators/hardware_costs.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/report/report.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/clip_parameters.hpp>

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace carbon_clip {

namespace vd = verdant;

/// One line of the final table.
struct candidate {
    std::string name;
    vd::workload::clip_config model;
    vd::hardware::accelerator chip;
    double accuracy = 0, test = 0;
    vd::hardware_costs costs;
};

inline vd::report table_of(const std::vector<candidate>& all, bool tested) {
    vd::report r;
    r.columns = {"",         "accuracy", "test",     "total kgCO2e", "embodied", "operational", "latency ms", "energy kWh",
                 "area mm2", "TOPS",     "M params", "text",         "vision",   "chip",        "GLB MiB"};
    const auto tower = [](const vd::workload::tower& t) {
        return std::to_string(t.layers) + "/" + std::to_string(t.width) + "/" + std::to_string(t.ffn) + "/" + std::to_string(t.heads);
    };
    for (const auto& c : all) {
        const auto number = [&]<class M>(double factor) { return vd::rounded_text(vd::to_si(c.costs.get<M>()) / factor, 4); };
        r.rows.push_back({c.name, vd::rounded_text(c.accuracy, 4), tested ? vd::rounded_text(c.test, 4) : "-", number.operator()<vd::total_carbon>(1),
                          number.operator()<vd::embodied_carbon>(1), number.operator()<vd::operational_carbon>(1),
                          number.operator()<vd::latency>(1e-3), number.operator()<vd::lifetime_energy>(3.6e6), number.operator()<vd::area>(1e-6),
                          number.operator()<vd::tops>(1), vd::rounded_text(static_cast<double>(vd::workload::parameters(c.model)) / 1e6, 3),
                          tower(c.model.text), tower(c.model.vision),
                          std::to_string(c.chip.tensor_cores) + " x " + std::to_string(c.chip.width) + " x " + std::to_string(c.chip.depth),
                          std::to_string(c.chip.glb_bytes >> 20)});
    }
    return r;
}

/// What the front saves against its first line, the unpruned model, without losing accuracy.
inline void print_saving(const std::vector<candidate>& table) {
    const candidate* saver = nullptr;
    const auto carbon = [](const candidate& c) { return vd::to_si(c.costs.get<vd::total_carbon>()); };
    for (std::size_t i = 1; i < table.size(); ++i)
        if (table[i].accuracy >= table[0].accuracy - 0.01 && carbon(table[i]) < carbon(saver == nullptr ? table[0] : *saver)) saver = &table[i];
    if (saver == nullptr) std::cout << "no model of the front within 1 point of the unpruned model's accuracy has less carbon\n";
    else
        std::cout << "at no more than 1 point of accuracy lost, " << saver->name << " saves "
                  << vd::rounded_text(carbon(table[0]) - carbon(*saver), 3) << " kgCO2e of " << vd::rounded_text(carbon(table[0]), 3) << " ("
                  << vd::rounded_text(100 * (1 - carbon(*saver) / carbon(table[0])), 3) << " %)\n";
}

} // namespace carbon_clip
