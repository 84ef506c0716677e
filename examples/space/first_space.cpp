// A search space as a type: the vision tower of a network beside the accelerator that is to run it.

#include <verdant/space.hpp>

#include <iostream>
namespace vd = verdant;

// [space]
struct tower : vd::space<vd::param<"layers", vd::range<6, 12>>,       //
                         vd::param<"width", vd::range<384, 768, 96>>, //
                         vd::param<"heads", vd::range<6, 12>>,        //
                         vd::where<vd::var<"width"> % vd::var<"heads"> == vd::val<0>>> {};

struct hardware : vd::space<vd::param<"clusters", vd::choices<1, 2, 4>>, //
                            vd::param<"width", vd::choices<16, 32, 64, 128>>,
                            vd::param<"depth", vd::choices<16, 32, 64, 128>>> {};

struct codesign : vd::space<vd::nest<"vision", tower>, //
                            vd::nest<"hw", hardware>,  //
                            vd::where<vd::var<"hw.width"> * vd::var<"hw.depth"> <= vd::val<8192>>> {};

static_assert(vd::valid<codesign>); // names unique, every name used exists, some point is feasible
static_assert(vd::cardinality<codesign> == 7 * 5 * 7 * 3 * 4 * 4);
// [/space]

// [constexpr]
constexpr auto small = vd::point<codesign>{}.with<"hw.width", 32>();
static_assert(small.feasible() && small.get<"hw.width">() == 32 && small.get<"vision.width">() == 384);
static_assert(!small.with<"vision.heads", 7>().feasible()); // 384 is no multiple of 7
// [/constexpr]

int main() {
    std::cout << vd::cardinality<codesign>.to_string() << " combinations, " << vd::count_feasible<codesign>()->to_string() << " feasible\n\nconstraints\n";
    for (std::size_t c = 0; c < vd::view_of<codesign>.constraint_count(); ++c)
        std::cout << "  " << vd::constraint_text(vd::view_of<codesign>, c) << '\n';

    // [sample]
    std::cout << "\nthree points, uniformly from the feasible ones\n";
    vd::random_stream random{7};
    for (int i = 0; i < 3; ++i) {
        const auto p = vd::sample<codesign>(random);
        std::cout << "  " << to_string(p) << '\n';
    }
    // [/sample]

    // [enumerate]
    std::cout << "\nthe first three in order\n";
    int shown = 0;
    for (const auto& p : vd::feasible_points<codesign>()) {
        if (shown++ == 3) break;
        std::cout << "  " << to_string(p) << '\n';
    }
    // [/enumerate]

    std::cout << "\nneighbours of the smallest point: " << vd::neighbours(vd::point<codesign>{}).size() << '\n';
    std::cout << "a mutant of it: " << to_string(vd::reset_mutation{}(vd::point<codesign>{}, random)) << '\n';
    std::cout << "with 7 heads, repaired: " << to_string(vd::repair(small.with<"vision.heads", 7>(), random)) << '\n';
}
