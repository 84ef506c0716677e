#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/workload/convnet/mobile_net_json.hpp>

#include "golden/golden.hpp"

#include <array>
#include <optional>

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
        const auto read = workload::mobile_net_from_json(expected.at("net_config"), f.name);
        // No file says its width multiplier: the one of whose family the net is.
        std::optional<workload::mobile_net> same;
        for (int twentieths = 2; twentieths <= 60 && !same; ++twentieths)
            if (const auto one = spaces::net_of(spaces::mobilenet_v3_family(twentieths / 20.0, read.classes), arch); one == read) same = one;
        const auto net = same.value_or(read);
        s.next_row();
        s.equal("read", true, same.has_value());
        s.equal("written", expected.at("net_config"), workload::to_json(net));
    }
}
