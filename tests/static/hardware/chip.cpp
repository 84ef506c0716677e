#include <verdant/hardware/chip.hpp>

namespace hw = verdant::hardware;

struct edge : hw::chip<hw::from_clusters(2, 64, 16, 256, 64, 4), hw::area_at_most<8.826>, hw::tops_at_most<2.56>, hw::tops_at_least<2.56>> {};
struct unlimited : hw::chip<hw::from_clusters(4, 256, 64, 1024, 128, 8)> {};

static_assert(hw::chip_like<edge> && hw::chip_like<unlimited> && !hw::chip_like<int>);
static_assert(hw::area<edge>() == hw::area(edge::value));
static_assert(hw::tops<edge>() == 2.56);
static_assert(hw::area_at_most<8.826>::holds(edge::value) && !hw::area_at_most<8.825>::holds(edge::value));
static_assert(hw::area_at_most<0.08826, verdant::square_centimetres>::holds(edge::value));

// limits of one's own
struct at_most_two_cores {
    static constexpr bool holds(const hw::accelerator& a) { return a.tensor_cores <= 2; }
    template <hw::accelerator Value>
    static consteval bool check() {
        static_assert(holds(Value), "two cores at most");
        return true;
    }
};
struct small : hw::chip<edge::value, at_most_two_cores> {};
