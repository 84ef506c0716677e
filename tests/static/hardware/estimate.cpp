#include <verdant/hardware/area.hpp>
#include <verdant/hardware/estimate.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/typed_clip.hpp>

namespace hw = verdant::hardware;
namespace wl = verdant::workload;
using verdant::milliseconds;

struct base : wl::clip<wl::clip_named("ViT-B-16")> {};
constexpr auto faithful = hw::lower(base::operators);
constexpr auto corrected = hw::lower<hw::corrected>(base::operators);
constexpr auto chip = hw::from_clusters(4, 64, 32, 256, 64, 4);

constexpr auto bound = hw::lower_bound(faithful, chip);
static_assert(bound.latency > 1.0 * milliseconds{} && bound.latency < 9.0 * milliseconds{});
static_assert(bound[wl::component::attention].latency < bound.latency);

// 13 instead of 12 layers of each tower, and longer inner loops of Q * K^T
static_assert(hw::lower_bound(corrected, chip).latency < bound.latency);
static_assert(faithful.ops[0].times == 13 && corrected.ops[0].times == 12);
static_assert(hw::loop_bounds_of(base::operators.operations[5]) == hw::gemm(12 * 197, 197, 197));
static_assert(hw::loop_bounds_of<hw::corrected>(base::operators.operations[5]) == hw::gemm(12 * 197, 64, 197));

// the first tensor operator, q_proj, leaves its fused cycle to k_proj and v_proj, which have its bounds
static_assert(faithful.ops[1].name == "q_proj" && faithful.ops[1].fused_cycles == 1);
static_assert(faithful.ops[2].name == "k_proj" && faithful.ops[2].fused_cycles == 1 && corrected.ops[2].fused_cycles == 0);

constexpr auto target = hw::mapping_target_of(hw::from_clusters(2, 256, 32, 64, 64, 4));
static_assert(target.cores_x == 2 && target.cores_y == 1 && target.l2_words == 262144 && target.glb_words == 4194304);
static_assert(target.register_energy == 0.190888 && target.l2_energy == 9.129444 && target.glb_energy == 34.338094);

struct mixed {
    static constexpr bool bmm_inner_is_columns = false;
    static constexpr bool counts_representative_again = true;
    static constexpr bool first_fused_cycles_stick = true;
    static constexpr bool maps_to_whole_grid = true;
};
static_assert(hw::lower<mixed>(base::operators).ops[0].times == 13);
