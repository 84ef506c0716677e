#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/workload/convnet/mobile_net_json.hpp>

#include "golden/golden.hpp"

using namespace golden;
namespace workload = verdant::workload;
namespace spaces = verdant::spaces;

TEST_CASE("configurations of networks are read and written as the original's", "[golden][workload]") {
    for (const auto& f : find_all("moofa/tiny/subnet*.json")) {
        summary s{f.name, 0};
        const auto expected = read_json(f.path);
        spaces::ofa_arch arch;
        const auto& config = expected.at("config");
        arch.ks = config.at("ks").get<std::array<int, 20>>();
        arch.e = config.at("e").get<std::array<double, 20>>();
        arch.d = config.at("d").get<std::array<int, 5>>();
        arch.image_size = 224;
        const auto net =
            spaces::net_of(spaces::mobilenet_v3_family(0.25, expected.at("net_config").at("classifier").at("out_features").get<int>()), arch);
        s.next_row();
        s.equal("read", true, workload::mobile_net_from_json(expected.at("net_config"), f.name) == net);
        s.equal("written", expected.at("net_config"), workload::to_json(net));
    }
}
