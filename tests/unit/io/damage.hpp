#pragma once

// What every reader must survive: its file cut off anywhere, and with bytes changed.

#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

/// Calls `read` with damaged copies of a valid file. It may return or throw verdant::error; whatever else it throws fails the test, and
/// the sanitizers see the rest. Gives the number of copies that were refused.
template <class Read>
std::size_t survives_damage(const verdant::io::byte_vector& valid, Read read, std::size_t flips = 400) {
    std::size_t refused = 0;
    const auto attempt = [&](verdant::io::byte_vector content) {
        try {
            read(std::move(content));
        } catch (const verdant::error& e) {
            ++refused;
            if (!std::string_view{e.what()}.starts_with("verdant: ")) FAIL("an error without a name: " << e.what());
        }
    };
    const std::size_t step = std::max<std::size_t>(1, valid.size() / 300);
    for (std::size_t size = 0; size < valid.size(); size += step) attempt({valid.begin(), valid.begin() + static_cast<std::ptrdiff_t>(size)});
    verdant::random_stream random{20250501};
    for (std::size_t i = 0; i < flips; ++i) {
        auto content = valid;
        for (auto n = 1 + random.below(4); n != 0; --n) {
            // Half of the changes go where sizes and counts are likely: the first and last kilobyte.
            const auto near = std::min<std::uint64_t>(valid.size(), 1024);
            auto at = random.below(valid.size());
            if (random.below(2) == 0) at = random.below(2) == 0 ? random.below(near) : valid.size() - 1 - random.below(near);
            constexpr unsigned char extremes[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
            content[static_cast<std::size_t>(at)] = random.below(2) == 0 ? extremes[random.below(5)] : static_cast<unsigned char>(random.below(256));
        }
        attempt(std::move(content));
    }
    return refused;
}

/// True if `read` throws verdant::input_error whose text contains each of the words.
template <class Read>
bool refuses(Read read, std::initializer_list<std::string_view> words) {
    try {
        read();
    } catch (const verdant::input_error& e) {
        const std::string_view text = e.what();
        for (const auto word : words)
            if (text.find(word) == std::string_view::npos) {
                WARN("'" << word << "' is missing in: " << e.what());
                return false;
            }
        return true;
    }
    return false;
}
