#include <verdant/spaces/mnasnet/mnasnet.hpp>

#include <verdant/numeric/natural.hpp>
#include <verdant/space/cardinality.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/space/validity.hpp>

#include <array>
#include <cstddef>

using namespace verdant;
using spaces::mnasnet;
using layout = spaces::mnasnet_layout;

static_assert(valid<mnasnet>);
static_assert(parameter_count<mnasnet> == 28);
static_assert(static_cast<double>(cardinality<mnasnet>) == 104485552128.0);

// Without squeeze-and-excitation: fixed in every block.
template <class S>
using no_first = fix<fix<fix<fix<S, "block0_se", false>, "block1_se", false>, "block2_se", false>, "block3_se", false>;
using no_excitation = fix<fix<fix<no_first<mnasnet>, "block4_se", false>, "block5_se", false>, "block6_se", false>;
static_assert(static_cast<double>(cardinality<no_excitation>) == 816293376.0);

// Parameters stand where the layout says, and in the order of their names, which is that of the features of the published surrogates.
consteval bool in_order() {
    constexpr auto all = names<mnasnet>();
    for (std::size_t p = 1; p < all.size(); ++p)
        if (!(all[p - 1] < all[p])) return false;
    return true;
}
static_assert(in_order());
static_assert(view_of<mnasnet>.find("block0_e") == layout::expansion(0) && view_of<mnasnet>.find("block3_k") == layout::kernel(3));
static_assert(view_of<mnasnet>.find("block5_l") == layout::layers(5) && view_of<mnasnet>.find("block6_se") == layout::excitation(6));

// The index of a value: true is the first of the two, and only block 5 may have four layers.
static_assert(point<mnasnet>{}.get<"block0_se">() && !point<mnasnet>{}.with<"block0_se", false>().get<"block0_se">());
static_assert(point<mnasnet>{}.with<"block2_e", 6>()[layout::expansion(2)] == 2 && point<mnasnet>{}.with<"block2_k", 5>()[layout::kernel(2)] == 1);
static_assert(view_of<mnasnet>.domain_size(layout::layers(5)) == 4 && view_of<mnasnet>.domain_size(layout::layers(4)) == 3);

constexpr spaces::mnasnet_design mixed{
    {1, 4, 6, 1, 4, 6, 1}, {3, 5, 3, 5, 3, 5, 3}, {1, 2, 3, 1, 2, 4, 3}, {true, false, true, false, true, false, true}};
static_assert(spaces::design_of(spaces::point_of(mixed)) == mixed);
static_assert(spaces::point_of(mixed).indices() ==
              std::array<unsigned char, 28>{0, 0, 0, 0, 1, 1, 1, 1, 2, 0, 2, 0, 0, 1, 0, 1, 1, 0, 1, 0, 2, 1, 3, 1, 0, 0, 2, 0});

// Blocks follow one another.
consteval bool channels_follow() {
    for (std::size_t b = 1; b < spaces::mnasnet_block_count; ++b)
        if (spaces::mnasnet_blocks[b].in != spaces::mnasnet_blocks[b - 1].out) return false;
    return true;
}
static_assert(channels_follow());
