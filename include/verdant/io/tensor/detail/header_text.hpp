#pragma once

#include <cstddef>
#include <string_view>

namespace verdant::io::detail {

/// The text of a header of tensors while it is read from its start, with blanks between its parts. What derives from it says what is wrong.
class header_text {
protected:
    explicit header_text(std::string_view text) noexcept : text_{text} {}

    void skip() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
    }
    /// Goes beyond this character, where it is the next one behind blanks.
    [[nodiscard]] bool accept(char c) {
        skip();
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace verdant::io::detail
