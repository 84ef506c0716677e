#include "catch.hpp"
#include "laws/mapper.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/mapping/cache.hpp>
#include <verdant/hardware/monotone_mapping.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/search.hpp>
#include <verdant/hardware/tensor_core.hpp>

#include <vector>

namespace hw = verdant::hardware;

namespace {

hw::mapping_target with_cores(hw::mapping_target t, int cores) {
    const auto grid = hw::grid_of(cores);
    t.cores_x = grid.x;
    t.cores_y = grid.y;
    return t;
}

/// Finds no mapping on grids of fewer than `least` cores, and on others one cycle a core, with an energy that the test chooses.
struct worse_with_cores {
    long long least = 1;
    double energy = 1;
    hw::mapping_result operator()(const hw::loop_bounds&, const hw::mapping_target& t) const {
        if (t.cores() < least) return hw::mapping_failure{hw::mapping_constraint::l2, 2, 1};
        return hw::mapping{static_cast<double>(t.cores()), energy / static_cast<double>(t.cores()), {}};
    }
};

} // namespace

static_assert(hw::mapper<hw::monotone_mapping<>> && hw::mapper<hw::monotone_mapping<hw::mapping_search>>);

TEST_CASE("a monotone mapping obeys the laws of mappers", "[hardware]") {
    laws::obeys_mapper_laws(hw::monotone_mapping<>{});
    laws::obeys_mapper_laws(hw::monotone_mapping{hw::mapping_search{}});
}

TEST_CASE("with more cores neither cycles nor energy times cycles grow", "[hardware]") {
    const hw::monotone_mapping<> map;
    std::vector<hw::loop_bounds> nests{hw::gemm(197, 384, 97), hw::gemm(50, 768, 64), hw::gemm(77, 77, 512), hw::gemm(1, 13, 1000), {}};
    nests.back().extent = {1, 3, 96, 5, 5, 7, 14};
    int mended = 0;
    for (const auto& bounds : nests)
        for (const int width : {8, 64}) {
            const auto chip = hw::mapping_target_of(hw::from_clusters(1, width, 4, 64, 32, 2));
            hw::mapping before{};
            for (int cores = 1; cores <= 24; ++cores) {
                const auto target = with_cores(chip, cores);
                const auto alone = hw::mapping_search{}(bounds, target);
                const auto found = map(bounds, target).value();
                INFO(cores << " cores of width " << width << ", " << bounds.extent[0] << " x " << bounds.extent[1] << " x " << bounds.extent[2]);
                if (alone && *alone != found) ++mended;
                if (cores > 1) {
                    CHECK(found.cycles <= before.cycles);
                    CHECK(found.energy * found.cycles <= before.energy * before.cycles);
                }
                before = found;
            }
        }
    CHECK(mended > 0);
}

TEST_CASE("a nest that only fewer cores can map is mapped to these", "[hardware]") {
    const auto chip = hw::mapping_target_of(hw::from_clusters(1, 8, 4, 64, 32, 2));
    const auto bounds = hw::gemm(4, 4, 4);
    CHECK(hw::monotone_mapping{worse_with_cores{}}(bounds, with_cores(chip, 16)).value().cycles == 1);
    CHECK(hw::monotone_mapping{worse_with_cores{.least = 5}}(bounds, with_cores(chip, 16)).value().cycles == 6);
    CHECK(hw::monotone_mapping{worse_with_cores{.least = 100}}(bounds, with_cores(chip, 16)).error().constraint == hw::mapping_constraint::l2);
    auto line = chip; // 1 x 7 cores, which grid_of arranges otherwise
    line.cores_y = 7;
    CHECK(hw::monotone_mapping{worse_with_cores{.least = 7}}(bounds, line).value().cycles == 7);
}
