#include "fuzz.hpp"

#include <verdant/io/document/json.hpp>
#include <verdant/space/json.hpp>
#include <verdant/space/space.hpp>

namespace {

struct fuzzed_space
    : verdant::space<verdant::param<"width", verdant::range<2, 12, 2>>, verdant::param<"act", verdant::choices<"relu", "it's, \"so\"", "">>,
                     verdant::param<"rate", verdant::choices<0.1, 1e300, 3.0>>, verdant::param<"on", verdant::choices<false, true>>,
                     verdant::when<verdant::var<"on"> == verdant::val<true>, verdant::param<"depth", verdant::range<-2, 4>>>> {};

} // namespace

VERDANT_FUZZ_TARGET(point_json) {
    const auto object = verdant::io::parse_json<nlohmann::json>(fuzz::text(data), fuzz::source);
    const auto point = verdant::point_from_json<fuzzed_space>(object, fuzz::source);
    fuzz::require(verdant::point_from_json<fuzzed_space>(verdant::point_json(point), fuzz::source) == point, "a point is written as it was read");
}
