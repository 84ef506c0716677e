#include "golden/golden.hpp"
#include "golden/real/dosa_rows.hpp"

#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>

TEST_CASE("runs of Timeloop: cycles of nine rows in ten within 1 %, none below the product of temporal factors") {
    namespace hw = verdant::hardware;
    for (const auto& f : golden::find_all("real/hardware/timeloop_runs*.csv")) {
        golden::summary s{f.name, std::numeric_limits<double>::infinity()};
        std::size_t rows = 0, within = 0, exact = 0, below = 0;
        for (const auto& r : golden::read_csv(f.path)) {
            const auto row = dosa::read(r);
            const auto counts = hw::analyse(row.problem, row.levels, row.mapping);
            const auto cycles = hw::cost_of(row.problem, row.levels, {}, counts).cycles;
            const auto target = static_cast<std::int64_t>(std::stod(r.at("target.cycle")));
            s.next_row();
            s.compare("cycles", static_cast<double>(target), static_cast<double>(cycles));
            ++rows;
            within += std::abs(static_cast<double>(cycles - target)) <= 0.01 * static_cast<double>(target);
            exact += cycles == target;
            below += cycles < counts.steps;
        }
        std::printf("golden %s: %zu of %zu rows within 1 %%, %zu exact, %zu below the product of temporal factors\n", f.name.c_str(), within, rows,
                    exact, below);
        CHECK(static_cast<double>(within) >= 0.9 * static_cast<double>(rows));
        CHECK(below == 0);
    }
}
