// What is searched: a network, and the silicon that runs it.
#pragma once

#include <verdant/carbon/package.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/space.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>

namespace silicon {

namespace vd = verdant;
using vd::carbon::integration;

// [space]
struct chip : vd::space<vd::param<"node", vd::choices<28, 14, 10, 7>>,                        // nm
                        vd::param<"chiplets", vd::choices<1, 2, 4, 8>>,                       //
                        vd::param<"cores", vd::choices<1, 2, 4, 8, 16, 32, 64>>,              // of a chiplet
                        vd::param<"columns", vd::choices<16, 32, 64, 128, 256, 512>>,         // of a core's multipliers
                        vd::param<"rows", vd::choices<16, 32, 64, 128, 256, 512>>,            //
                        vd::param<"l2_kib", vd::choices<8, 16, 32, 64, 128, 256, 512, 1024>>, // of a core
                        vd::param<"buffer_mib", vd::choices<1, 2, 4, 8, 16, 32>>,             // of a chiplet
                        vd::when<(vd::var<"chiplets"> > vd::val<1>),                          // one die needs nothing but a substrate
                                 vd::param<"package", vd::choices<integration::organic, integration::rdl_chip_first, integration::interposer,
                                                                  integration::emib, integration::hybrid_bonds>>>> {};

struct co_design : vd::space<vd::nest<"net", vd::spaces::mnasnet>, vd::nest<"chip", chip>> {};
static_assert(vd::valid<co_design>);
// [/space]

/// A chip that many would have begun with: one die at 14 nm with four arrays of 64 x 64.
[[nodiscard]] constexpr vd::point<chip> usual_chip() {
    return vd::point<chip>{}
        .with<"node", 14>()
        .with<"cores", 4>()
        .with<"columns", 64>()
        .with<"rows", 64>()
        .with<"l2_kib", 64>()
        .with<"buffer_mib", 4>();
}

} // namespace silicon
