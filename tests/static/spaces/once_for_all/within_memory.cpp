#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/within_memory.hpp>

#include <verdant/space/validity.hpp>

using namespace verdant;

// The published family is the widest one within its own peak.
struct published : spaces::constant_memory<696192> {};
static_assert(published::family == spaces::moofa_v3::family && published::peak == 696192);

// Another budget, resolution and expansion.
struct small : spaces::constant_memory<120'000, choices<64, 96>, choices<1, 2, 3>, choices<3, 5>, choices<1, 2>, 10> {};
static_assert(valid<small>);
static_assert(small::peak <= 120'000 && small::blocks == 10 && small::family.classes == 10);
static_assert(small::family.stages[0].width >= 16);
// It is used as the shipped ones are.
static_assert(spaces::peak_memory(spaces::point_of<small>(spaces::largest_arch<small>())) == small::peak);
static_assert(spaces::net_of(point<small>{}).blocks.size() == 6);
// A wider first stage would not fit.
constexpr auto wider =
    verdant::spaces::constant_memory_family({.side = 24, .width = small::family.stages[0].width + 8, .expand = 3, .kernel = 5}, 10, 2);
static_assert(verdant::spaces::detail::greatest_peak<10>(wider, 96, 5, 3, 2) > 120'000);
