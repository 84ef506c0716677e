#include "golden/carbonnaas-hw/traced.hpp"

#include <verdant/hardware/vector_core.hpp>

namespace hw = verdant::hardware;
namespace wl = verdant::workload;

TEST_CASE("every vector operator has the original's cycles and energy", "[carbonnaas-hw]") {
    for (const auto& f : golden::find_all("carbonnaas-hw/vector_ops*.json")) {
        golden::summary rows{f.name, 1e-12};
        for (const auto& row : golden::read_json(f.path)) {
            rows.next_row();
            const auto& h = row.at("hw");
            const hw::accelerator a{h.at("num_vc").get<int>(),
                                    h.at("num_vc").get<int>(),
                                    h.at("width_vc").get<int>(),
                                    1,
                                    h.at("width_vc").get<int>(),
                                    h.at("l2_bytes").get<long long>(),
                                    64,
                                    h.at("glb_bytes").get<long long>()};
            wl::operation o;
            // the head of a fused operator does not count, so the file leaves it out
            o.kind = row.at("fused").is_null() ? golden::kind_of(row.at("op").get<std::string>()) : wl::op_kind::pow;
            o.output = golden::shape_of(row.at("out"));
            for (const auto& s : golden::shapes_of(row.at("inputs"))) o.operands.push_back(s);
            for (const auto& s : golden::shapes_of(row.at("saved"))) o.saved.push_back(s);
            if (!row.at("fused").is_null())
                for (const auto& member : row.at("fused")) o.members.push_back(golden::kind_of(member.get<std::string>()));
            const hw::op_cost cost = hw::vector_cost(hw::vector_task_of(o), hw::vector_unit_of(a));
            rows.compare("cycles", row.at("cycles").get<double>(), cost.cycles);
            rows.compare("energy", row.at("energy_pJ").get<double>(), cost.energy_picojoules);
        }
        CHECK(rows.rows() > 0);
    }
}
