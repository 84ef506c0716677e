// expect: verdant: a constraint, when or fix names a parameter that this space does not have
#include <verdant/space.hpp>

#include <iostream>
namespace vd = verdant;

enum class pooling { max, mean };

struct block : vd::space<vd::param<"kernel", vd::choices<3, 5, 7>>,                       // listed numbers
                         vd::param<"expand", vd::range<3, 6>>,                            // 3, 4, 5, 6
                         vd::param<"dropout", vd::range<0.0, 0.2, 0.1>>,                  // floating point
                         vd::param<"activation", vd::choices<"relu", "gelu">>,            // strings
                         vd::param<"pool", vd::choices<pooling::max, pooling::mean>>,     // enumerators
                         vd::param<"skip", vd::flag>> {};                                 // false, true

struct network : vd::space<vd::param<"width", vd::range<32, 128, 32>>, vd::param<"groups", vd::choices<1, 2, 4>>, vd::param<"attention", vd::flag>,
                           vd::repeat<"block", 3, block>,                          // block.0.kernel, ..., block.2.skip
#if defined(VERDANT_GOOD)
                           vd::when<vd::var<"attention"> == vd::val<true>,         // these exist only with attention
#else
                           vd::when<vd::var<"atention"> == vd::val<true>,         // these exist only with attention
#endif
                                    vd::param<"heads", vd::choices<2, 4, 8>>,      //
                                    vd::where<vd::var<"width"> % vd::var<"heads"> == vd::val<0>>>,
                           vd::where<vd::var<"width"> / vd::var<"groups"> >= vd::val<16>>,
                           vd::where<min(vd::var<"block.0.kernel">, vd::var<"block.1.kernel">) == vd::val<3>>,
                           vd::where<vd::in<3, 4>(vd::var<"block.0.expand">) || !(vd::var<"block.0.activation"> == vd::val<"gelu">)>> {
};

static_assert(vd::valid<network>);

using narrow = vd::restrict<vd::fix<network, "attention", false>, "width", vd::choices<64, 96>>;
static_assert(vd::valid<narrow>);

int main() {
    std::cout << "combinations " << vd::cardinality<network>.to_string() << ", feasible " << vd::count_feasible<network>()->to_string()
              << ", of the narrow space " << vd::count_feasible<narrow>()->to_string() << '\n';
    for (std::size_t c = 0; c < vd::view_of<network>.constraint_count(); ++c)
        std::cout << "  " << vd::constraint_text(vd::view_of<network>, c) << '\n';

    vd::random_stream random{7};
    const auto p = vd::sample<network>(random); // uniform over the feasible points
    const int kernel = p.get<"block.1.kernel">();
    const pooling pool = p.get<"block.1.pool">();
    const auto middle = p.nested<"block", 1>(); // a point<block>
    std::cout << to_string(p) << '\n' << kernel << ' ' << (pool == pooling::mean) << ' ' << middle.get<"activation">() << '\n';

    const auto child = vd::reset_mutation{}(p, random);         // feasible, differs from p
    const auto again = vd::parse_point<network>(to_string(p));  // text and back
    const auto wide = vd::repair(p.with<"width", 128>(), random); // the nearest feasible point
    const auto known = vd::point_cast<network>(vd::point<narrow>{});
    std::cout << (child != p) << (again == p) << wide.feasible() << known.get<"attention">() << '\n';

    try {
        static_cast<void>(vd::parse_point<network>("width=100"));
    } catch (const vd::error& e) { std::cout << e.what() << '\n'; }
}
