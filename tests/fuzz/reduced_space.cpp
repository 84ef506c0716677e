#include "fuzz.hpp"

#include <verdant/spaces/reduced/ordered_results.hpp>
#include <verdant/spaces/reduced/reduced_space_json.hpp>

#include <array>

namespace fuzz::reduced_space {

struct tower : verdant::space<verdant::param<"layers", verdant::range<1, 4>>, verdant::param<"deep", verdant::choices<false, true>>,
                              verdant::when<verdant::var<"deep"> == verdant::val<1>, verdant::param<"extra", verdant::uniform<0.0, 1.0, 3>>>> {};
struct towers : verdant::space<verdant::nest<"vision", tower>, verdant::nest<"text", tower>, verdant::param<"batch", verdant::choices<1, 8>>> {};

} // namespace fuzz::reduced_space

template <>
inline constexpr std::array verdant::units_of<fuzz::reduced_space::towers>{verdant::space_unit{"vision"}, verdant::space_unit{"text"}};

VERDANT_FUZZ_TARGET(reduced_space) {
    using space = fuzz::reduced_space::towers;
    try {
        static_cast<void>(verdant::parse_ordered_results<space>(fuzz::text(data), fuzz::source));
    } catch (const verdant::input_error&) { // most are no results
    }
    const auto read = verdant::parse_reduced_space<space>(fuzz::text(data), fuzz::source);
    verdant::random_stream random{1};
    const auto p = read.sample(random);
    fuzz::require(p.feasible() && read.contains(p), "points of a reduced space are points of the space, and in it");
    const auto again = verdant::parse_reduced_space<space>(verdant::reduced_space_json(read).dump(), fuzz::source);
    fuzz::require(again.cardinality() == read.cardinality(), "what was read is written as it is");
}
