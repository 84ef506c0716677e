#include <verdant/spaces/ofa_mobilenet_v3.hpp>
#include <verdant/workload/mobile_net_json.hpp>

#include "golden/golden.hpp"

using namespace golden;
namespace workload = verdant::workload;
namespace spaces = verdant::spaces;

TEST_CASE("configurations of networks are read and written as the original's", "[golden][workload]") {
    const auto file = find("moofa/tiny/subnet6.json");
    if (!file) return;
    summary s{"moofa/tiny/subnet6.json", 0};
    const auto expected = read_json(*file);
    spaces::ofa_arch arch;
    const auto& config = expected.at("config");
    arch.ks = config.at("ks").get<std::array<int, 20>>();
    arch.e = config.at("e").get<std::array<double, 20>>();
    arch.d = config.at("d").get<std::array<int, 5>>();
    arch.image_size = 224;
    const auto net = spaces::net_of(spaces::mobilenet_v3_family(0.25, 10), arch);
    s.next_row();
    s.equal("read", true, workload::mobile_net_from_json(expected.at("net_config"), "subnet6.json") == net);
    s.equal("written", expected.at("net_config"), workload::to_json(net));
}
