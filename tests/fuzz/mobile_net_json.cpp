#include "fuzz.hpp"

#include <verdant/io/document/json.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/mobile_net_json.hpp>

VERDANT_FUZZ_TARGET(mobile_net_json) {
    const auto net = verdant::workload::mobile_net_from_json(verdant::io::parse_json<nlohmann::json>(fuzz::text(data), fuzz::source), fuzz::source);
    fuzz::require(verdant::workload::mobile_net_from_json(verdant::workload::to_json(net), fuzz::source, net.image_size) == net,
                  "a network is written as it was read");
}
