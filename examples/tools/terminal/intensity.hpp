// Carbon intensities among the options of a program.
#pragma once

#include <verdant/carbon/intensity.hpp>
#include <verdant/error.hpp>

#include <CLI/CLI.hpp>

#include <string>

namespace terminal {

/// What `carbon::parse_intensity` reads, so that a wrong one is told by the name of its option.
[[nodiscard]] inline CLI::Validator intensity() {
    return {[](const std::string& text) {
                try {
                    (void)verdant::carbon::parse_intensity(text);
                    return std::string{};
                } catch (const verdant::input_error& wrong) { return "expected " + wrong.expected() + ", found " + wrong.found(); }
            },
            ""};
}

} // namespace terminal
