#include <verdant/spaces/network_space.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <verdant/space/cardinality.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/validity.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <array>

using namespace verdant;
using spaces::comp_ofa;
using spaces::moofa_v1;
using spaces::moofa_v2;
using spaces::moofa_v3;
using ofa = spaces::ofa_mobilenet_v3<>;
using proxyless = spaces::ofa_proxyless<>;

static_assert(valid<ofa> && valid<comp_ofa> && valid<moofa_v1> && valid<moofa_v2> && valid<moofa_v3> && valid<proxyless>);
static_assert(ofa::blocks == 20 && ofa::stages == 5 && proxyless::blocks == 21 && proxyless::stages == 6);

// 4 sizes, 5 depths of 3, 20 blocks of 3 x 3.
static_assert(static_cast<double>(cardinality<ofa>) == 4.0 * 243 * 12157665459056928801.0);
static_assert(cardinality<ofa> == cardinality<comp_ofa> && cardinality<ofa> == cardinality<moofa_v3>);

// The published widths.
constexpr auto widths(const spaces::mobile_family& f) {
    std::array<int, 9> w{f.first_conv, f.first_block};
    for (std::size_t s = 0; s < 5; ++s) w[s + 2] = f.stages[s].width;
    w[7] = f.final_expand;
    w[8] = f.feature_mix;
    return w;
}
static_assert(widths(ofa::family) == std::array{16, 16, 24, 40, 80, 112, 160, 960, 1280});
static_assert(widths(spaces::ofa_mobilenet_v3<1.2>::family) == std::array{24, 24, 32, 48, 96, 136, 192, 1152, 1536});
static_assert(widths(moofa_v3::family) == std::array{3, 8, 24, 96, 288, 360, 384, 392, 392});
static_assert(ofa::family.total_stride() == 32 && moofa_v3::family.total_stride() == 64 && proxyless::family.total_stride() == 32);

// The published numbers of parameters of the supernets.
static_assert(spaces::supernet_parameters<ofa>() == 7678880);
static_assert(spaces::supernet_parameters<moofa_v1>() == 33834184);
static_assert(spaces::supernet_parameters<moofa_v2>() == 8326088);
static_assert(spaces::supernet_parameters<moofa_v3>() == 19351360);

// Where parameters stand, and what exists.
using layout = spaces::elastic_layout<ofa>;
static_assert(view_of<ofa>.find("image_size") == layout::image_size);
static_assert(view_of<ofa>.find("stage3.depth") == layout::depth(3));
static_assert(view_of<ofa>.find("stage4.block3.kernel") == layout::kernel(4, 3));
static_assert(view_of<ofa>.find("stage4.block3.expand") == layout::expand(4, 3));
static_assert(view_of<proxyless>.find("stage5.block0.expand") == spaces::elastic_layout<proxyless>::expand(5, 0));
static_assert(!point<ofa>{}.with<"stage0.block2.kernel", 5>().feasible()); // depth 2 has no third block
static_assert(point<ofa>{}.with<"stage0.block2.kernel", 5>().with<"stage0.depth", 3>().feasible());

// CompOFA ties the expansion to the depth.
static_assert(point<comp_ofa>{}.feasible());
static_assert(!point<comp_ofa>{}.with<"stage1.block0.expand", 4>().feasible());
static_assert(!point<comp_ofa>{}.with<"stage1.depth", 3>().feasible());
static_assert(point<comp_ofa>{}
                  .with<"stage1.depth", 3>()
                  .with<"stage1.block0.expand", 4>()
                  .with<"stage1.block1.expand", 4>()
                  .with<"stage1.block2.expand", 4>()
                  .feasible());

// With fixed kernels, only depths and the image size are left.
using fixed = spaces::comp_ofa_fixed_kernels;
static_assert(valid<fixed> && spaces::holds_network<fixed>);
static_assert(static_cast<double>(cardinality<fixed>) == 4.0 * 243 * 3486784401.0);
static_assert(point<fixed>{}.feasible() && point<fixed>{}.get<"stage1.block3.kernel">() == 5 && point<fixed>{}.get<"stage2.block0.kernel">() == 3);
static_assert(spaces::network_of(point<fixed>{}) == point<comp_ofa>{}
                                                        .with<"stage1.block0.kernel", 5>()
                                                        .with<"stage1.block1.kernel", 5>()
                                                        .with<"stage4.block0.kernel", 5>()
                                                        .with<"stage4.block1.kernel", 5>());

// Points and raw sub-networks, both ways; the largest and the smallest network.
template <class S>
constexpr bool round_trip(const typename S::arch_type& a) {
    const auto p = spaces::point_of<S>(a);
    return spaces::arch_of(p) == a && spaces::cost_of(p) == workload::cost_of(spaces::net_of(S::family, a));
}
static_assert(round_trip<ofa>(spaces::largest_arch<ofa>()) && round_trip<ofa>(spaces::smallest_arch<ofa>()));
static_assert(round_trip<moofa_v2>(spaces::largest_arch<moofa_v2>()) && round_trip<moofa_v2>(spaces::smallest_arch<moofa_v2>()));
static_assert(round_trip<proxyless>(spaces::largest_arch<proxyless>()));
static_assert(spaces::peak_memory(spaces::point_of<moofa_v3>(spaces::largest_arch<moofa_v3>())) == 696192);
static_assert(spaces::peak_memory(point<ofa>{}) == 262912);
static_assert(spaces::macs(point<ofa>{}) == 41476224 && spaces::parameters(point<ofa>{}) == 3410792);
static_assert(spaces::memory_history(point<ofa>{}).size() == 5 * 2 * 3 + 2 + 2);

// What is inactive does not matter: it is pinned.
constexpr auto padded() {
    auto a = spaces::smallest_arch<moofa_v3>();
    a.ks[2] = 7;
    a.e[3] = 4;
    return a;
}
static_assert(spaces::point_of<moofa_v3>(padded()) == point<moofa_v3>{});
