// Multiply-accumulates of OFA-ResNet50D sub-networks.

#include "golden/golden.hpp"

#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/workload/convnet/residual_costs.hpp>

#include <array>

namespace spaces = verdant::spaces;

TEST_CASE("MACs of ResNet50D sub-networks", "[golden]") {
    for (const auto& f : golden::find_all("moofa/predictors/resnet50_predictions*.json")) {
        golden::summary rows{f.name + " (MACs)", 0};
        const auto file = golden::read_json(f.path);
        for (const auto& r : file.at("rows")) {
            rows.next_row();
            const auto& j = r.at("arch");
            spaces::resnet_arch a;
            a.d = j.at("d").get<std::array<int, 5>>();
            a.e = j.at("e").get<std::array<double, 18>>();
            a.w = j.at("w").get<std::array<int, 6>>();
            a.image_size = j.at("image_size").get<int>();
            rows.compare("flops_M", r.at("flops_M").get<double>(), static_cast<double>(verdant::workload::macs(spaces::net_of({}, a))) / 1e6);
            // Through a point of the space and back to the same network.
            if (a.d[0] != 1) rows.equal("point", true, spaces::net_of(spaces::point_of<spaces::ofa_resnet<>>(a)) == spaces::net_of({}, a));
        }
        CHECK(rows.rows() > 0);
    }
}
