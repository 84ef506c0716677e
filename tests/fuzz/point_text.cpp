#include "fuzz.hpp"

#include <verdant/space/space.hpp>
#include <verdant/space/text.hpp>

namespace {

struct fuzzed_space
    : verdant::space<verdant::param<"width", verdant::range<2, 12, 2>>, verdant::param<"act", verdant::choices<"relu", "it's, \"so\"", "">>,
                     verdant::param<"rate", verdant::choices<0.1, 1e300, 3.0>>, verdant::param<"on", verdant::choices<false, true>>,
                     verdant::when<verdant::var<"on"> == verdant::val<true>, verdant::param<"depth", verdant::range<-2, 4>>>> {};

} // namespace

VERDANT_FUZZ_TARGET(point_text) {
    const auto point = verdant::parse_point<fuzzed_space>(fuzz::text(data), fuzz::source);
    fuzz::require(verdant::parse_point<fuzzed_space>(to_string(point), fuzz::source) == point, "a point is written as it was read");
}
