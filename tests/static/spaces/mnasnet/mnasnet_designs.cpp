#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>

#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/mnasnet/mnasnet_forms.hpp>

#include <array>

using namespace verdant;

// Every named design is a point of the space, and the one of its name.
consteval bool all_are_in_the_space() {
    for (const auto& one : spaces::mnasnet_designs)
        if (!one.network.feasible() || spaces::point_of(spaces::design_of(one.network)) != one.network ||
            spaces::mnasnet_named(one.name) != one.network)
            return false;
    return true;
}
static_assert(all_are_in_the_space());
static_assert(spaces::design_of(spaces::efficientnet_b0).e == std::array{1, 6, 6, 6, 6, 6, 6});
static_assert(spaces::design_of(spaces::mnasnet_named("3090-a")).se == std::array{true, false, false, true, true, true, true});
static_assert(spaces::mnasnet_named("a100-b") == spaces::mnasnet_named("3090-b") && spaces::mnasnet_named("test") == spaces::largest_mnasnet);

// Rows and indices are constant expressions.
static_assert(spaces::rows_of(spaces::largest_mnasnet)[5] == spaces::mnasnet_row{6, 5, 2, 112, 192, 4, true});
static_assert(spaces::actions_of(spaces::efficientnet_b0)[0] == 0 && spaces::indices_of(spaces::efficientnet_b0)[22] == 3);
