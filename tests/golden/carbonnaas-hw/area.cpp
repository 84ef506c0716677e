#include "golden/golden.hpp"

#include <verdant/hardware/area.hpp>

namespace hw = verdant::hardware;

TEST_CASE("every published accelerator has its published area", "[carbonnaas-hw]") {
    for (const auto& f : golden::find_all("carbonnaas-hw/area_cores*.csv")) {
        golden::summary rows{f.name, 1e-12};
        for (const auto& row : golden::read_csv(f.path)) {
            rows.next_row();
            const auto integer = [&row](const char* column) { return std::stoi(row.at(column)); };
            const hw::accelerator a{integer("num_tc"),      integer("num_vc"),
                                    integer("width"),       integer("depth"),
                                    integer("width_vc"),    std::stoll(row.at("l2_bytes")),
                                    integer("l2_bw_words"), std::stoll(row.at("glb_bytes"))};
            rows.equal("made from clusters", true,
                       hw::from_clusters(a.tensor_cores, a.width, a.depth, static_cast<int>(a.l2_bytes / 1024), a.l2_bandwidth,
                                         static_cast<int>(a.glb_bytes / (1024 * 1024))) == a);
            rows.compare("area", std::stod(row.at("area_um2")), verdant::in<verdant::square_micrometres>(hw::area(a)));
        }
        CHECK(rows.rows() > 0);
    }
}
