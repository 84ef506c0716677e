// A tensor of a checkpoint as an array of xtensor, without a copy, and a tensor from an expression.

#include <verdant/arrays/view.hpp>
#include <verdant/error.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include <xtensor/xmath.hpp>

#include <cstddef>
#include <iostream>
#include <vector>

namespace vd = verdant;

int main() {
    // As vd::io::load_checkpoint gives it: 3 heads of 4 numbers.
    const auto weights = vd::io::tensor_data::of<float>({3, 4}, std::vector<float>{1, -2, 3, 0, 0, 0, 4, -4, 9, 1, -1, 1});

    // [view]
    const auto heads = vd::arrays::view<float>(weights); // the bytes of `weights`, as a 3 x 4 array of float
    const auto size = xt::abs(heads); // an expression: nothing is computed yet
    // [/view]
    std::cout << "importance:";
    for (std::size_t h = 0; h < 3; ++h) std::cout << ' ' << size(h, 0) + size(h, 1) + size(h, 2) + size(h, 3);
    std::cout << "\nthe same bytes: " << (static_cast<const void*>(&heads(0, 0)) == weights.content().data() ? "yes" : "no") << '\n';

    // [back]
    const vd::io::tensor_data halved = vd::arrays::tensor_data_of(heads * 0.5F); // evaluated once, into bytes of its own
    // [/back]
    std::cout << "halved: " << vd::io::name_of(halved.type()) << ' ' << vd::io::shape_text(halved.shape()) << ", first " << halved.to<float>()[0] << '\n';

    // [refused]
    try {
        const auto wrong = vd::arrays::view<double>(weights);
        std::cout << wrong(0, 0) << '\n';
    } catch (const vd::input_error& e) { std::cout << e.what() << '\n'; }
    // [/refused]
}
