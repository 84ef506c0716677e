#include "golden/golden.hpp"

#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/mapping/bounds.hpp>
#include <verdant/hardware/mapping/search.hpp>
#include <verdant/hardware/tensor_core.hpp>

#include <cstddef>

namespace hw = verdant::hardware;

TEST_CASE("every tensor operator has the original's cycles, energy and mapping", "[carbonnaas-hw]") {
    for (const auto& f : golden::find_all("carbonnaas-hw/gemm*.json")) {
        golden::summary rows{f.name, 1e-12};
        int same_mapping = 0;
        for (const auto& row : golden::read_json(f.path)) {
            rows.next_row();
            const auto& h = row.at("hw");
            const int width = h.at("width").get<int>();
            const hw::accelerator a{h.at("num_tc").get<int>(),
                                    h.at("num_tc").get<int>(),
                                    width,
                                    h.at("depth").get<int>(),
                                    width,
                                    h.at("l2_bytes").get<long long>(),
                                    h.at("l2_bw_words").get<int>(),
                                    h.at("glb_bytes").get<long long>()};
            const auto& dims = row.at("dims");
            hw::loop_bounds bounds;
            constexpr const char* names[] = {"N", "C", "K", "R", "S", "P", "Q"};
            for (std::size_t d = 0; d < bounds.extent.size(); ++d) bounds.extent[d] = dims.at(names[d]).get<int>();
            hw::mapping_levels levels{};
            for (std::size_t l = 0; l < levels.size(); ++l) levels[l] = row.at("mapping").at(l).at(0).get<hw::loop_factors>();

            const auto target = hw::mapping_target_of(a);
            const auto found = hw::mapping_search{}(bounds, target);
            REQUIRE(found.has_value());
            rows.compare("cycles", row.at("cycles").get<double>(), found->cycles);
            rows.compare("energy", row.at("energy_pJ").get<double>(), found->energy);
            rows.equal("mapping", levels, found->levels);
            same_mapping += levels == found->levels;
            CHECK(found->cycles >= hw::minimum_cycles(bounds, target));
            CHECK(found->energy >= hw::minimum_energy(bounds, target));
        }
        std::printf("golden %s: %d of %zu mappings equal\n", f.name.c_str(), same_mapping, rows.rows());
        CHECK(rows.rows() > 0);
    }
}
