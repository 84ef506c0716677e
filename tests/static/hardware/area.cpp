#include <verdant/hardware/area.hpp>
#include <verdant/hardware/sram.hpp>

namespace hw = verdant::hardware;
using verdant::square_micrometres;
using verdant::square_millimetres;

static_assert(hw::area(hw::from_clusters(2, 64, 16, 256, 64, 4)) < 32.0 * square_millimetres{});
static_assert(hw::area(hw::from_clusters(4, 256, 16, 1024, 128, 8)) <= hw::published_area_limit);
static_assert(hw::area(hw::from_clusters(4, 256, 32, 1024, 128, 8)) > hw::published_area_limit);

// the policies differ where the published list forgets the configured L2, and agree elsewhere
static_assert(hw::area(hw::from_clusters(1, 256, 32, 1024, 32, 2)) < hw::area<hw::live>(hw::from_clusters(1, 256, 32, 1024, 32, 2)));
static_assert(hw::area(hw::from_clusters(1, 256, 16, 64, 32, 2)) < hw::area<hw::live>(hw::from_clusters(1, 256, 16, 64, 32, 2)));
static_assert(hw::area(hw::from_clusters(1, 128, 16, 64, 32, 2)) == hw::area<hw::live>(hw::from_clusters(1, 128, 16, 64, 32, 2)));

struct no_l2_in_tensor_cores {
    static constexpr long long tensor_l2(const hw::accelerator&) { return 512; }
};
static_assert(hw::area<no_l2_in_tensor_cores>(hw::from_clusters(1, 32, 2, 1024, 32, 2)) < hw::area(hw::from_clusters(1, 32, 2, 1024, 32, 2)));

static_assert(!hw::sram(65536).extrapolated && hw::sram(65536).area_square_micrometres == 105921.0);
static_assert(hw::sram(65537).extrapolated && hw::sram(65537).area() > hw::sram(65536).area() && hw::sram(65537).area() < hw::sram(98304).area());
static_assert(hw::sram(256).extrapolated && hw::sram(256).area() < hw::sram(512).area());
static_assert(hw::sram(1LL << 27).extrapolated && hw::sram(1LL << 27).read() > hw::sram(1LL << 26).read());
