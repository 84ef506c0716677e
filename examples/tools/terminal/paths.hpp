// What is asked of paths on command lines.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace terminal {

/// A path that is not empty: an empty one would stand for the working directory here, for `/` there.
[[nodiscard]] inline CLI::Validator path() {
    return {[](const std::string& text) { return text.empty() ? std::string{"expected a path, found ''"} : std::string{}; }, ""};
}

} // namespace terminal
