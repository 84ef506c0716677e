// Points, records of metrics and options as maps of Boost.Hana: for code that serves any space, and goes through names or asks for some that may
// not be there.

#include <verdant/goal.hpp>
#include <verdant/goal/hana.hpp>
#include <verdant/meta/hana.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/space.hpp>
#include <verdant/space/hana.hpp>

#include <boost/hana.hpp>

#include <cstddef>
#include <iostream>
#include <type_traits>
namespace hana = boost::hana;
namespace vd = verdant;
using namespace vd::literals; // "width"_s

// [space]
struct tower : vd::space<vd::param<"layers", vd::range<2, 12>>, vd::param<"width", vd::choices<256, 384, 512>>> {};
struct clip : vd::space<vd::param<"activation", vd::choices<"relu", "gelu">>, vd::nest<"image", tower>, vd::nest<"text", tower>,
                        vd::param<"bias", vd::flag>> {};
// [/space]

// [any_space]
// The model file of any design: one line for each parameter, with the value as the type that it has.
template <class Point>
void write(std::ostream& out, const Point& design) {
    hana::for_each(design, [&out](auto parameter) {
        out << hana::first(parameter).c_str() << ": ";
        const auto value = hana::second(parameter);
        if constexpr (std::is_same_v<decltype(value), const bool>) out << (value ? "yes" : "no") << '\n';
        else out << value << '\n';
    });
}
// [/any_space]

// [maybe]
// What a space may say or leave open: the dropout of designs that have one.
template <class Point>
double dropout_of(const Point& design) {
    return hana::find(design, "dropout"_s).value_or(0.1);
}
// [/maybe]

struct classifier : vd::space<vd::param<"width", vd::choices<64, 128>>, vd::param<"dropout", vd::choices<0.0, 0.25>>> {};

int main() {
    const auto design = vd::point<clip>{}.with<"activation", "gelu">().with<"text.width", 384>().with<"bias", true>();
    write(std::cout, design);

    // [keys]
    // Full names, or those of a part; the same values as get<"text.width">() gives.
    const int wide = hana::at_key(design, "text.width"_s), same = hana::at_key(design.nested<"text">(), "width"_s);
    const auto names = hana::keys(design); // a tuple of "activation"_s, "image.layers"_s, ...
    const int in_all = hana::fold_left(design.nested<"image">(), 0, [](int sum, auto parameter) { return sum + hana::second(parameter); });
    // [/keys]
    std::cout << wide << " = " << same << ", " << hana::length(names) << " names, " << in_all << '\n';
    std::cout << "dropout " << dropout_of(design) << " of clip, " << dropout_of(vd::point<classifier>{}.with<"dropout", 0.25>()) << " of a classifier\n";

    // [record]
    const vd::metrics<vd::latency, vd::accuracy> measured{3.5 * vd::milliseconds{}, 0.71};
    const auto latency = hana::at_key(measured, "latency"_s); // a quantity: its unit is part of its type
    // [/record]
    std::cout << vd::in<vd::milliseconds>(latency) << " ms, accuracy " << hana::at_key(measured, "accuracy"_s)
              << (hana::contains(measured, "energy"_s) ? "" : ", no energy") << '\n';

    std::cout << "options:";
    // [options]
    vd::nsga2<>::options options;
    hana::at_key(options, "population"_s) = 40; // a reference, since options may change
    hana::for_each(hana::keys(options), [](auto name) { std::cout << ' ' << name.c_str(); });
    // [/options]
    std::cout << '\n' << options.population << " designs in a generation\n";
}
