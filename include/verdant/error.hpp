#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace verdant {

/// Base of everything the library throws. The text starts with `verdant: `.
class error : public std::runtime_error {
public:
    explicit error(std::string_view what) : std::runtime_error{"verdant: " + std::string{what}} {}
};

namespace detail {

template <class = instantiated_when_used>
[[nodiscard]] std::string input_error_text(std::string_view source, std::string_view place, std::string_view expected, std::string_view found) {
    return std::string{source} + (place.empty() ? std::string{} : ", " + std::string{place}) + ": expected " + std::string{expected} + ", found " +
           std::string{found};
}
VERDANT_DEFINED_ONCE(std::string input_error_text<>(std::string_view, std::string_view, std::string_view, std::string_view));

} // namespace detail

/// Something from outside (a file, a number, an option) is not what it must be.
/// The text reads `verdant: SOURCE, PLACE: expected EXPECTED, found FOUND`; an empty place is left out.
class input_error : public error {
public:
    input_error(std::string_view source, std::string_view place, std::string_view expected, std::string_view found)
        : error{detail::input_error_text(source, place, expected, found)}, source_{source}, place_{place}, expected_{expected}, found_{found} {}

    /// The file or option at fault.
    [[nodiscard]] const std::string& source() const noexcept { return source_; }
    /// Where in it: a line, a key, a byte offset; may be empty.
    [[nodiscard]] const std::string& place() const noexcept { return place_; }
    [[nodiscard]] const std::string& expected() const noexcept { return expected_; }
    [[nodiscard]] const std::string& found() const noexcept { return found_; }

private:
    std::string source_, place_, expected_, found_;
};

/// A file cannot be opened, read, written or renamed.
class file_error : public error {
public:
    file_error(std::string_view path, std::string_view operation, std::string_view reason)
        : error{"cannot " + std::string{operation} + " " + std::string{path} + ": " + std::string{reason}}, path_{path} {}

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// No point, mapping or subnet satisfies the constraints; the text names the one that emptied the set.
class infeasible_error : public error {
public:
    using error::error;
};

/// A search cannot go on, for example since too many trials in a row failed.
class search_error : public error {
public:
    using error::error;
};

} // namespace verdant
