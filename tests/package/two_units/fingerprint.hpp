#pragma once

// Results and addresses as one translation unit sees them; both units of the program must see the same.

#include <verdant/random.hpp>
#include <verdant/units.hpp>

#include <cstdint>
#include <string>
#include <vector>

struct fingerprint {
    std::uint64_t random;
    double milliseconds;
    std::string unit;
    std::vector<const void*> addresses;

    friend bool operator==(const fingerprint&, const fingerprint&) = default;
};

namespace {

// Deliberately not inline: each unit has its own copy of this function, and all templates in it are instantiated twice.
fingerprint take_fingerprint() {
    auto stream = verdant::random_stream::derive(7, 3);
    return {stream.below(1000003),
            verdant::in<verdant::milliseconds>(0.05 * verdant::seconds{}),
            std::string{verdant::milliseconds::symbol()},
            {&verdant::milliseconds::symbol_text}};
}

} // namespace
