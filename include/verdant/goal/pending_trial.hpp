#pragma once

#include <verdant/space/point.hpp>

#include <cstdint>

namespace verdant {

/// A point that was asked for and has no trial yet, and the number that its trial will have.
template <search_space Space>
struct pending_trial {
    std::uint64_t number = 0;
    verdant::point<Space> point{};
    friend bool operator==(const pending_trial&, const pending_trial&) = default;
};

} // namespace verdant
