#pragma once

#include <verdant/space/point.hpp>

#include <cstdint>

namespace verdant {

/// A point, where it stands in the order, and the sum of the scores of its modules.
template <search_space S>
struct ranked_point {
    std::uint64_t place = 0;
    point<S> who{};
    double score = 0;
};

} // namespace verdant
