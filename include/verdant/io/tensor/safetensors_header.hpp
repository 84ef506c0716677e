#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/detail/header_text.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace verdant::io::detail {

struct stored_tensor {
    std::string name;
    dtype type = dtype::f32;
    tensor_shape shape;
    std::uint64_t begin = 0, end = 0;
    std::size_t order = 0; ///< in the header
    std::string foreign;   ///< the element type, where it is one of the format without a dtype here
};

[[nodiscard]] inline bool stored_before(const stored_tensor& a, const stored_tensor& b) noexcept {
    return std::tie(a.begin, a.end, a.order) < std::tie(b.begin, b.end, b.order);
}

struct safetensors_directory {
    std::vector<stored_tensor> tensors;
    std::vector<std::pair<std::string, std::string>> metadata;
};

/// Reads the one JSON schema that safetensors headers have: {"name": {"dtype": text, "shape": [n...], "data_offsets": [n, n]}, ...,
/// "__metadata__": {text: text}}. Anything else is an error at its byte offset.
class safetensors_header : header_text {
public:
    safetensors_header(std::string_view text, std::string source) : header_text{text}, source_{std::move(source)} {}

    [[nodiscard]] safetensors_directory read() {
        safetensors_directory out;
        expect('{');
        for (bool more = !accept('}'); more; more = next('}')) {
            auto name = quoted();
            expect(':');
            if (name == "__metadata__") {
                read_metadata(out);
            } else {
                out.tensors.push_back(read_tensor(std::move(name)));
                out.tensors.back().order = out.tensors.size();
            }
        }
        skip();
        if (at_ != text_.size()) fail("only spaces after the header");
        return out;
    }

private:
    /// Types of the format (safetensors/src/tensor.rs, `Dtype`) that are narrower than a byte, of one byte, or complex.
    [[nodiscard]] static bool is_foreign(std::string_view type) noexcept {
        return type.starts_with("F8_") || type.starts_with("F6_") || type == "F4" || type == "C64";
    }

    void read_metadata(safetensors_directory& out) {
        expect('{');
        for (bool more = !accept('}'); more; more = next('}')) {
            auto key = quoted();
            expect(':');
            out.metadata.emplace_back(std::move(key), quoted());
        }
    }

    [[nodiscard]] stored_tensor read_tensor(std::string name) {
        stored_tensor out;
        out.name = std::move(name);
        bool has_type = false, has_shape = false, has_offsets = false;
        expect('{');
        for (bool more = !accept('}'); more; more = next('}')) {
            const auto start = at_;
            const auto key = quoted();
            expect(':');
            if (key == "dtype" && !std::exchange(has_type, true)) {
                const auto type = quoted();
                const auto known = dtype_where(&dtype_facts::safetensors, type);
                if (known) out.type = *known;
                else if (is_foreign(type)) out.foreign = type;
                else throw input_error{source_, "tensor " + out.name, "a dtype among BOOL, U8-U64, I8-I64, F4-F64, BF16, C64", type};
            } else if (key == "shape" && !std::exchange(has_shape, true)) {
                out.shape = numbers(64);
            } else if (key == "data_offsets" && !std::exchange(has_offsets, true)) {
                const auto offsets = numbers(2);
                if (offsets.size() != 2) fail("two data offsets");
                out.begin = offsets[0];
                out.end = offsets[1];
            } else {
                at_ = start;
                fail("one each of the keys dtype, shape and data_offsets");
            }
        }
        if (!has_type || !has_shape || !has_offsets) fail("the keys dtype, shape and data_offsets of tensor " + out.name);
        return out;
    }

    [[nodiscard]] std::vector<std::uint64_t> numbers(std::size_t most) {
        std::vector<std::uint64_t> out;
        expect('[');
        for (bool more = !accept(']'); more; more = next(']')) {
            if (out.size() == most) fail("at most " + std::to_string(most) + " numbers");
            out.push_back(number());
        }
        return out;
    }

    [[nodiscard]] std::uint64_t number() {
        skip();
        const auto start = at_;
        std::uint64_t value = 0;
        for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
            if (at_ - start == 18) fail("a number of at most 18 digits");
            value = 10 * value + static_cast<std::uint64_t>(text_[at_] - '0');
        }
        if (at_ == start) fail("a whole number");
        return value;
    }

    [[nodiscard]] std::string quoted() {
        expect('"');
        std::string out;
        while (true) {
            if (at_ == text_.size()) fail("a closing quote");
            const char c = text_[at_++];
            if (c == '"') break;
            if (static_cast<unsigned char>(c) < 0x20) fail("no control characters in a text");
            if (c == '\\') unescape(out);
            else out += c;
        }
        if (!is_utf8(out)) fail("a text in UTF-8");
        return out;
    }

    void unescape(std::string& out) {
        if (at_ == text_.size()) fail("an escape sequence");
        const char c = text_[at_++];
        constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
        if (const auto place = from.find(c); place != std::string_view::npos) {
            out += to[place];
            return;
        }
        if (c != 'u') fail("an escape sequence of JSON");
        char32_t code = hex4();
        if (code >= 0xd800 && code < 0xdc00 && text_.substr(at_, 2) == "\\u") {
            at_ += 2;
            const auto low = hex4();
            if (low < 0xdc00 || low > 0xdfff) fail("the second half of a surrogate pair");
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        if (code >= 0xd800 && code <= 0xdfff) fail("surrogates in pairs");
        append_utf8(out, code);
    }

    [[nodiscard]] char32_t hex4() {
        char32_t value = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
            const auto digit = at_ < text_.size() ? digits.find(text_[at_]) : std::string_view::npos;
            if (digit == std::string_view::npos) fail("four hexadecimal digits");
            value = value << 4 | static_cast<char32_t>(digit % 16);
        }
        return value;
    }

    void expect(char c) {
        if (!accept(c)) fail("'" + std::string{c} + "'");
    }
    /// True after a comma, false after the closing bracket.
    [[nodiscard]] bool next(char close) {
        if (accept(',')) return true;
        expect(close);
        return false;
    }
    [[noreturn]] void fail(std::string_view expected) const {
        throw input_error{source_, "header, byte " + std::to_string(8 + at_), expected,
                          at_ < text_.size() ? "'" + std::string{text_.substr(at_, 12)} + "'" : "the end of the header"};
    }

    std::string source_;
};

/// A text as a JSON string. The text should be UTF-8.
[[nodiscard]] inline std::string json_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        constexpr std::string_view hex = "0123456789abcdef";
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') (out += '\\') += c;
        else if (code < 0x20) ((out += "\\u00") += hex[code >> 4]) += hex[code & 15];
        else out += c;
    }
    return out + "\"";
}

} // namespace verdant::io::detail
