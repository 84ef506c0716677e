#include <verdant/space.hpp>

namespace vd = verdant;
using vd::val, vd::var;

// The space of the design document.
struct tower : vd::space<vd::param<"layers", vd::range<6, 12>>, vd::param<"width", vd::range<384, 768, 96>>, vd::param<"heads", vd::range<6, 12>>,
                         vd::where<var<"width"> % var<"heads"> == val<0>>> {};
struct hardware : vd::space<vd::param<"width", vd::choices<16, 32, 64, 128>>, vd::param<"depth", vd::choices<16, 32, 64, 128>>> {};
struct codesign : vd::space<vd::nest<"vision", tower>, vd::nest<"hw", hardware>, vd::where<var<"hw.width"> * var<"hw.depth"> <= val<8192>>> {};

static_assert(vd::valid<tower> && vd::valid<codesign>);
static_assert(vd::cardinality<codesign> == 7 * 5 * 7 * 16 && vd::cardinality<codesign> > 1e3);
static_assert(vd::feasibility_of<codesign> == vd::feasibility::feasible);
static_assert(vd::search_space<codesign> && !vd::search_space<int>);

// Asking does not fail.
struct contradiction : vd::space<vd::nest<"t", tower>, vd::where<var<"t.layers"> < val<6>>> {};
struct misspelt : vd::space<vd::nest<"t", tower>, vd::where<var<"t.layer"> < val<9>>> {};
static_assert(vd::well_formed<contradiction> && vd::feasibility_of<contradiction> == vd::feasibility::infeasible);
static_assert(!vd::diagnosis_of<misspelt>.sound() && vd::diagnosis_of<misspelt>.kind == vd::problem::unknown_name);
static_assert(vd::diagnosis_of<misspelt>.name() == "t.layer");
static_assert(vd::valid<vd::fix<codesign, "hw.width", 64>> && vd::cardinality<vd::fix<codesign, "hw.width", 64>> == 7 * 5 * 7 * 4);
