#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/devices.hpp>
#include <verdant/hardware/throughput.hpp>

#include <type_traits>

namespace hw = verdant::hardware;

static_assert(std::is_trivially_copyable_v<hw::accelerator>);
static_assert(hw::from_clusters(2, 64, 16, 256, 64, 4) == hw::accelerator{2, 2, 64, 16, 64, 262144, 64, 4194304});
static_assert(hw::from_clusters(2, 64, 16, 256, 64, 4) < hw::from_clusters(4, 32, 2, 64, 32, 2));

template <hw::accelerator A>
struct tagged {};
static_assert(!std::is_same_v<tagged<hw::from_clusters(1, 32, 2, 64, 32, 2)>, tagged<hw::from_clusters(1, 32, 2, 64, 64, 2)>>);

// the grids of the fixed devices and of some other counts (docs/estimator.md 1.2, 1.4)
static_assert(hw::grid_of(1) == hw::core_grid{1, 1} && hw::grid_of(2) == hw::core_grid{2, 1} && hw::grid_of(4) == hw::core_grid{2, 2});
static_assert(hw::grid_of(432) == hw::core_grid{27, 16} && hw::grid_of(528) == hw::core_grid{33, 16} && hw::grid_of(640) == hw::core_grid{40, 16});
static_assert(hw::grid_of(5120) == hw::core_grid{80, 64} && hw::grid_of(6912) == hw::core_grid{108, 64} && hw::grid_of(16896) == hw::core_grid{132, 128});
static_assert(hw::grid_of(3) == hw::core_grid{3, 1});

static_assert(hw::effective_l2(65536, 64, 16) == 65536);
static_assert(hw::effective_l2(65536, 256, 64) == 262144);
static_assert(hw::effective_l2(65536, 256, 32) == 262144);
static_assert(hw::effective_l2(65536, 256, 16) == 131072);
static_assert(hw::effective_l2(1048576, 256, 16) == 1048576);

static_assert(hw::tops(hw::from_clusters(4, 256, 16, 64, 32, 2)) == hw::published_tops_limit);
static_assert(hw::tops(hw::from_clusters(4, 256, 64, 64, 32, 2)) == 81.92);

static_assert(hw::has_legal_geometry(hw::from_clusters(1, 1, 1, 1, 1, 1)));
static_assert(!hw::has_legal_geometry(hw::from_clusters(0, 1, 1, 1, 1, 1)));
static_assert(!hw::has_legal_geometry(hw::from_clusters(1, 1, -1, 1, 1, 1)));
