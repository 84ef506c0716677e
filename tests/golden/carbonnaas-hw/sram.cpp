#include "golden/golden.hpp"

#include <verdant/hardware/sram.hpp>

#include <algorithm>
#include <cmath>

namespace hw = verdant::hardware;

TEST_CASE("every SRAM has CACTI's area and mean energies", "[carbonnaas-hw]") {
    for (const auto& f : golden::find_all("carbonnaas-hw/sram_cacti_22nm*.csv")) {
        golden::summary rows{f.name, 1e-12};
        for (const auto& row : golden::read_csv(f.path)) {
            rows.next_row();
            const long long bytes = std::stoll(row.at("size_bytes"));
            const double area = std::stod(row.at("area_um2"));
            const bool tabulated = std::any_of(hw::sram_22nm.begin(), hw::sram_22nm.end(), [bytes](const auto& m) { return m.bytes == bytes; });
            // CACTI fails at 256 bytes, and the file holds the stand-in of 1 um^2 that Accelergy puts in: no size of the table
            rows.equal("in the table", area > 1.0, tabulated);
            const hw::sram_macro macro = hw::sram(bytes);
            rows.equal("extrapolated", !tabulated, macro.extrapolated);
            if (!tabulated) continue;
            rows.compare("area", area, verdant::in<verdant::square_micrometres>(macro.area()));
            rows.compare("read energy", std::stod(row.at("read_avg_pJ")), verdant::in<verdant::picojoules>(macro.read()));
            rows.compare("write energy", std::stod(row.at("write_avg_pJ")), verdant::in<verdant::picojoules>(macro.write()));
            // average = Emax / 2 + k, maximum = Emax + k (docs/estimator.md 2.2)
            // the file rounds both to 6 decimals, so that the maximum from the average may be off by one unit of the last
            const auto agrees = [&row](const char* column, double maximum) { return std::abs(std::stod(row.at(column)) - maximum) < 1.5e-6; };
            rows.equal("read maximum", true, agrees("read_max_pJ", 2 * macro.read_picojoules - 1.586294));
            rows.equal("write maximum", true, agrees("write_max_pJ", 2 * macro.write_picojoules - 2.0));
        }
        CHECK(rows.rows() > 0);
    }
}
