// expect: verdant: the second argument of chiplet is no process
// and: verdant: the area of a die has a unit; write embodied(
// and: verdant: the area of a die has a unit; write embodied<
// and: verdant: embodied takes no such fab
// and: verdant: what stands in embodied<...> is no package
// and: verdant: a place or source is no text here
// and: verdant: how long a job takes has a unit; write best_start
// and: verdant: how long a job takes has a unit; write clean_limit
#include <verdant/carbon/best_start.hpp>
#include <verdant/carbon/chiplet.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/intensity.hpp>

namespace vd = verdant;
namespace vc = verdant::carbon;
struct die : vc::chiplet<78.0, vc::layered_node::nm7> {};
struct chip : vc::package<vc::integration::organic, die> {};
constexpr auto area = 120.0 * vd::square_millimetres{};

#if defined(VERDANT_GOOD)
struct other : vc::chiplet<78.0, vc::layered_node::nm7> {};
auto made() { return vc::embodied(area); }
auto made_at() { return vc::embodied<vd::hardware::node::nm7>(area, 0.9); }
auto made_in() { return vc::embodied(area, {.node = vd::hardware::node::nm7}); }
auto packaged() { return vc::embodied<chip>(); }
auto grid() { return vc::intensity(vc::place::europe); }
auto start(const vc::grid_series& g) { return vc::best_start(g, 0, 1e6, 4.5 * vd::hours{}); }
auto limit(const vc::grid_series& g) { return vc::clean_limit(g, 0, 1e6, 4.5 * vd::hours{}); }
#else
struct other : vc::chiplet<78.0, 7> {};
auto made() { return vc::embodied(120.0); }
auto made_at() { return vc::embodied<vd::hardware::node::nm7>(120.0, 0.9); }
auto made_in() { return vc::embodied(area, {.nod = vd::hardware::node::nm7}); }
auto packaged() { return vc::embodied<die>(); }
auto grid() { return vc::intensity("europe"); }
auto start(const vc::grid_series& g) { return vc::best_start(g, 0, 1e6, 4.5); }
auto limit(const vc::grid_series& g) { return vc::clean_limit(g, 0, 1e6, 4.5); }
#endif
