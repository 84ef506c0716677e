#include "golden/golden.hpp"

#include <verdant/hardware/hierarchy/systolic.hpp>

#include <cstdint>
#include <string>

namespace {

/// Its reports have blanks behind the separators.
std::string field(const golden::row& r, const std::string& name) {
    for (const auto& [key, value] : r)
        if (key.find(name) != std::string::npos) return value;
    return {};
}

} // namespace

TEST_CASE("SCALE-Sim: AlexNet's first convolution, weight stationary on 32 x 32") {
    const auto path = golden::find("real/hardware/scale_sim/v2_COMPUTE_REPORT.csv");
    if (!path) return;
    namespace hw = verdant::hardware;
    golden::summary s{"real/hardware/scale_sim/v2_COMPUTE_REPORT.csv", 0};
    constexpr hw::conv_sizes layer{.out_channels = 96,
                                   .in_channels = 3,
                                   .rows = 55,
                                   .columns = 55,
                                   .kernel_rows = 11,
                                   .kernel_columns = 11,
                                   .row_stride = 4,
                                   .column_stride = 4};
    constexpr auto cycles = hw::systolic_cycles(hw::laid_out(layer), 32, 32, hw::stationary::weights);
    static_assert(cycles == 112283);
    for (const auto& r : golden::read_csv(*path)) {
        s.next_row();
        s.compare("cycles", std::stod(field(r, "Total Cycles")), static_cast<double>(cycles));
    }
}
