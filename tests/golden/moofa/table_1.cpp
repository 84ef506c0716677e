// The 24 peaks of the published table (docs of memory-optimized-once-for-all, Table 1): for each limit, the largest peak that the space can reach
// without passing it, beside the published one, which must be reachable too.

#include "golden/golden.hpp"

#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace spaces = verdant::spaces;

namespace {

struct published_row {
    std::int64_t limit, ofa, comp_ofa, moofa;
};
constexpr std::array<published_row, 8> table{{{325000, 262912, 262912, 305280},
                                              {350000, 328704, 330816, 313344},
                                              {400000, 330816, 329280, 381120},
                                              {450000, 410368, 410368, 440640},
                                              {500000, 410368, 410368, 475776},
                                              {600000, 590592, 590592, 583200},
                                              {700000, 590592, 590592, 696192},
                                              {800000, 740416, 722448, 686976}}};

template <class Space>
bool has(std::int64_t peak) {
    const auto all = spaces::reachable_peaks<Space>();
    return std::any_of(all.begin(), all.end(), [peak](const auto& x) { return x.peak == peak; });
}

/// @param coupled whether the published network keeps the coupling of its space
template <class Space>
void check(const char* name, std::int64_t limit, std::int64_t published, bool coupled = true) {
    INFO(name << " within " << limit);
    const auto best = spaces::largest_peak_within<Space>(static_cast<double>(limit));
    std::printf("%-8s limit %lld: largest reachable peak %lld, published %lld%s\n", name, static_cast<long long>(limit),
                static_cast<long long>(best.peak), static_cast<long long>(published), coupled ? "" : " (of a network without the coupling)");
    CHECK(has<Space>(published) == coupled);
    if (!coupled) CHECK(has<spaces::ofa_mobilenet_v3<>>(published));
    CHECK(best.peak <= limit);
    CHECK(best.peak >= published);
    // The point found is a network of the space with that peak.
    CHECK(best.where.feasible());
    CHECK(verdant::workload::peak_memory(spaces::net_of(best.where)) == best.peak);
}

} // namespace

TEST_CASE("the peaks of the published table", "[golden]") {
    for (const auto& row : table) {
        check<spaces::ofa_mobilenet_v3<>>("OFA", row.limit, row.ofa);
        // The original's search mutates without the coupling, and one of its published networks has none.
        check<spaces::comp_ofa>("CompOFA", row.limit, row.comp_ofa, row.limit != 800000);
        check<spaces::moofa_v3>("MOOFA", row.limit, row.moofa);
    }
    std::printf("golden moofa table 1: 24 rows\n");
}
