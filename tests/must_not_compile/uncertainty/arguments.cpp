// expect: verdant: a distribution is made of values of one quantity
// and: verdant: a distribution is made of values of one quantity
// and: verdant: a distribution is made of values of one quantity
// and: verdant: a distribution is made of values of one quantity
// and: verdant: a distribution is made of values of one quantity
// and: verdant: a distribution is made of values of one quantity
// and: verdant: what is drawn is a distribution
// and: verdant: an input is drawn by its name first
#include <verdant/uncertainty/distributions.hpp>
#include <verdant/uncertainty/draw_inputs.hpp>
#include <verdant/units.hpp>

namespace vd = verdant;
namespace un = verdant::uncertainty;
constexpr auto second = 1.0 * vd::seconds{};

#if defined(VERDANT_GOOD)
auto between() { return un::uniform{second, 3.0 * second}.mean(); }
auto about() { return un::normal{second, 0.1 * second}.mean(); }
auto within() { return un::triangular{second, 2.0 * second, 3.0 * second}.mean(); }
auto factor() { return un::lognormal{second, 0.2}.mean(); }
auto cut() { return un::truncated_normal{second, second, second, 2.0 * second}.mean(); }
auto of_time() { return un::normal<vd::si::time>{second, second}.mean(); }
auto drawn(const un::draw_inputs& world) { return world("grid", un::exactly{second}).size(); }
auto named(const un::draw_inputs& world) { return world("grid", un::normal{1.0, 0.1}).size(); }
#else
auto between() { return un::uniform{3.0 * vd::joules{}, second}.mean(); }
auto about() { return un::normal{second, 0.1}.mean(); }
auto within() { return un::triangular{second, 3.0 * second}.mean(); }
auto factor() { return un::lognormal{second, 2.0 * vd::joules{}}.mean(); }
auto cut() { return un::truncated_normal{second, second, second}.mean(); }
auto of_time() { return un::normal<vd::seconds>{second, second}.mean(); }
auto drawn(const un::draw_inputs& world) { return world("grid", second).size(); }
auto named(const un::draw_inputs& world) { return world(un::normal{1.0, 0.1}, "grid").size(); }
#endif
