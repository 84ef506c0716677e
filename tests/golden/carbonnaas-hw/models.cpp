#include "golden/carbonnaas-hw/traced.hpp"

#include <verdant/carbon/footprint.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/devices.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace carbon = verdant::carbon;
namespace hw = verdant::hardware;
namespace wl = verdant::workload;

namespace {

wl::clip_config clip_of(const golden::json& row) {
    wl::clip_config c = wl::clip_named("ViT-B-16");
    c.patch = row.at("patch").get<int>();
    const auto& m = row.at("model");
    // the hardware-only file says in words that the model is the unpruned one
    if (m.is_string()) return c;
    const auto tower = [&m](const std::string& prefix) {
        const auto of = [&](const char* name) { return m.at(prefix + name).get<int>(); };
        return wl::tower{of("num_hidden_layers"), of("hidden_size"), of("intermediate_size"), of("num_attn_heads")};
    };
    c.text = tower("");
    c.vision = tower("vision_");
    return c;
}

void compare_operators(golden::summary& rows, const golden::json& expected, const wl::model& model, const std::vector<hw::op_estimate>& found) {
    rows.equal("operators", expected.size(), found.size());
    for (const auto& e : expected) {
        const auto id = e.at("id").get<int>();
        const auto name = "operator " + std::to_string(id) + " " + e.at("name").get<std::string>();
        std::size_t i = 0;
        while (i < found.size() && found[i].source != id) ++i;
        rows.equal(name + " is there", true, i < found.size());
        if (i == found.size()) continue;
        const wl::operation& o = model.operations[i];
        rows.equal(name + " output", true, golden::shape_of(e.at("out")) == o.output);
        rows.equal(name + " component", e.at("component").get<std::string>(), std::string{wl::name(o.part)});
        std::string kind = e.at("op").get<std::string>();
        const std::string fused = "fused ~~ ";
        if (kind.starts_with(fused)) kind = kind.substr(fused.size());
        rows.equal(name + " is fused", e.at("fused").get<std::string>().empty(), o.members.empty());
        rows.equal(name + " kind", true, golden::kind_of(kind) == o.kind);
        if (e.contains("in")) {
            // the file lists the visible operands in the order of its graph library, not of the arguments
            auto operands = golden::shapes_of(e.at("in"));
            // where all predecessors are in other sections, the file holds nothing or one empty shape
            if (o.operands.empty() && operands == std::vector{wl::shape{}}) operands.clear();
            rows.equal(name + " operands", operands.size(), o.operands.size());
            for (const wl::shape& s : o.operands)
                if (const auto at = std::find(operands.begin(), operands.end(), s); at != operands.end()) operands.erase(at);
            rows.equal(name + " operand shapes", true, operands.empty());
        }
        if (e.contains("dims")) {
            const auto loops = hw::loop_bounds_of(o);
            const auto& d = e.at("dims");
            const hw::loop_bounds dims{{d.at("N").get<int>(), d.at("C").get<int>(), d.at("K").get<int>(), d.at("R").get<int>(), d.at("S").get<int>(),
                                        d.at("P").get<int>(), d.at("Q").get<int>()}};
            rows.equal(name + " loops", true, loops == dims);
        }
        rows.compare(name + " latency", e.at("latency_s").get<double>(), verdant::in<verdant::seconds>(found[i].latency));
        rows.compare(name + " energy", e.at("energy_J").get<double>(), verdant::in<verdant::joules>(found[i].energy));
    }
}

void compare_models(const golden::file& file) {
    golden::summary rows{file.name, 1e-9};
    const hw::estimator<> cost;
    for (const auto& row : golden::read_json(file.path)) {
        rows.next_row();
        const hw::accelerator a = golden::accelerator_of(row.at("hw"));
        const wl::model traced = wl::operators(clip_of(row));
        const hw::lowered_model model = hw::lower(traced);
        const hw::estimate e = cost(model, a);
        const verdant::si::area area = hw::area(a);
        const carbon::footprint f = carbon::footprint_of(area, e.energy);
        const auto number = [&row](const char* key) { return row.at(key).get<double>(); };
        rows.equal("ok", true, row.at("ok").get<bool>());
        rows.compare("hw.area", row.at("hw").at("area").get<double>(), verdant::in<verdant::square_micrometres>(area));
        rows.compare("area", number("area_um2"), verdant::in<verdant::square_micrometres>(area));
        rows.compare("latency", number("latency_s"), verdant::in<verdant::seconds>(e.latency));
        rows.compare("energy of an inference", number("energy_per_inference_kWh"), verdant::in<verdant::kilowatt_hours>(e.energy));
        rows.compare("energy of a life", number("energy_lifetime_kWh"), verdant::in<verdant::kilowatt_hours>(f.lifetime_energy));
        const auto kg = [](verdant::si::mass m) { return verdant::in<verdant::kilograms_co2e>(m); };
        rows.compare("operational carbon", number("operational_per_inference_kgCO2"), kg(f.operational_per_inference));
        rows.compare("embodied carbon, chip", number("embodied_chip_kgCO2"), kg(f.embodied_chip));
        rows.compare("embodied carbon, DRAM", number("embodied_dram_kgCO2"), kg(f.embodied_dram));
        rows.compare("embodied carbon", number("embodied_kgCO2"), kg(f.embodied()));
        rows.compare("total carbon", number("total_kgCO2"), kg(f.total));
        for (const wl::component c : wl::components) {
            const std::string part{wl::name(c)};
            rows.compare("latency of " + part, row.at("component_latency_s").at(part).get<double>(), verdant::in<verdant::seconds>(e[c].latency));
            rows.compare("carbon of " + part, row.at("component_carbon_kgCO2").at(part).get<double>(), kg(carbon::operational(e[c].energy)));
        }
        if (row.contains("ops")) compare_operators(rows, row.at("ops"), traced, cost.breakdown(model, a));
        if (row.contains("name")) {
            const auto name = row.at("name").get<std::string>();
            for (const hw::device& d : hw::devices)
                if (std::tolower(static_cast<unsigned char>(d.name[0])) == name[0]) rows.equal("device " + name, true, d.value == a);
        }
    }
    CHECK(rows.rows() > 0);
}

} // namespace

// models.json has pruned models, model_hw_only.json the unpruned one of a hardware-only search, models_gpu_like.json GPU-like devices.
TEST_CASE("CLIPs on accelerators cost what the original says, to the operator where it lists them", "[carbonnaas-hw]") {
    for (const auto& file : golden::find_all("carbonnaas-hw/model*.json")) compare_models(file);
}
