#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/detail/header_text.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/strided_copy.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Arrays in NumPy's npy files.
namespace verdant::io {

namespace detail {

/// Reads the header of an npy array: a Python dictionary with the keys descr, fortran_order and shape, and nothing else.
class npy_header : header_text {
public:
    npy_header(std::string_view text, byte_cursor& errors) : header_text{text}, errors_{errors} {
        expect('{');
        while (!accept('}')) {
            const auto key = quoted();
            expect(':');
            if (key == "descr") read_type();
            else if (key == "fortran_order") read_order();
            else if (key == "shape") read_shape();
            else fail("a key of an npy header", std::string{key});
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skip();
        if (at_ != text_.size()) fail("the end of the header", "more text");
        if ((!type && foreign.empty()) || !has_order_ || !has_shape_) fail("descr, fortran_order and shape", "a header without all three");
    }

    std::optional<dtype> type;
    std::string foreign; ///< the element type, where there is no dtype for it
    bool swapped = false, fortran = false;
    tensor_shape shape;

private:
    void expect(char c) {
        if (!accept(c)) fail("'" + std::string{c} + "'", at_ == text_.size() ? "the end of the header" : "'" + std::string{text_[at_]} + "'");
    }
    [[nodiscard]] std::string_view quoted() {
        skip();
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote != '\'' && quote != '"') fail("a quoted text", at_ == text_.size() ? "the end of the header" : "'" + std::string{quote} + "'");
        const auto end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) fail("a closing quote", "the end of the header");
        const auto out = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return out;
    }
    void read_type() {
        type.reset();
        foreign.clear();
        skip();
        if (at_ < text_.size() && (text_[at_] == '[' || text_[at_] == '(')) return read_record();
        const auto name = quoted();
        if (name.empty()) fail("a type", "an empty text");
        const char order = name.front();
        const bool marked = order == '<' || order == '>' || order == '|' || order == '=';
        const auto code = marked ? name.substr(1) : name;
        type = dtype_where(&dtype_facts::numpy, code);
        if (!type) {
            foreign = name;
            if (code.starts_with("c")) foreign += " (complex numbers)";
            if (code.starts_with("U") || code.starts_with("S")) foreign += " (texts)";
            if (code.starts_with("O")) foreign += " (objects of Python)";
            return;
        }
        swapped = size_of(*type) > 1 && order == (std::endian::native == std::endian::little ? '>' : '<');
    }
    /// A list of fields, or a type with a shape of its own, up to the bracket that closes it.
    void read_record() {
        foreign = "a record type";
        std::size_t open = 0;
        do {
            skip();
            if (at_ == text_.size()) fail("a closing bracket", "the end of the header");
            const char c = text_[at_];
            if (c == '\'' || c == '"') {
                static_cast<void>(quoted());
                continue;
            }
            open += c == '[' || c == '(' ? 1 : 0;
            open -= c == ']' || c == ')' ? 1 : 0;
            ++at_;
        } while (open != 0);
    }
    void read_order() {
        skip();
        has_order_ = true;
        for (const bool value : {true, false}) {
            const std::string_view word = value ? "True" : "False";
            if (text_.substr(at_, word.size()) != word) continue;
            fortran = value;
            at_ += word.size();
            return;
        }
        fail("True or False", "another fortran_order");
    }
    void read_shape() {
        has_shape_ = true;
        shape.clear();
        expect('(');
        while (!accept(')')) {
            shape.push_back(number());
            if (shape.size() > 64) fail("at most 64 axes", "more");
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
    }
    [[nodiscard]] std::uint64_t number() {
        skip();
        std::uint64_t value = 0;
        const auto start = at_;
        for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
            if (at_ - start == 18) fail("an axis length of at most 18 digits", "a longer one");
            value = 10 * value + static_cast<std::uint64_t>(text_[at_] - '0');
        }
        if (at_ == start) fail("an axis length", at_ == text_.size() ? "the end of the header" : "'" + std::string{text_[at_]} + "'");
        if (at_ < text_.size() && text_[at_] == 'L') ++at_; // Python 2 wrote long integers like this
        return value;
    }
    [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
        errors_.fail("an npy header with " + std::string{expected}, found, text_.size() - at_);
    }

    byte_cursor& errors_;
    bool has_order_ = false, has_shape_ = false;
};

} // namespace detail

namespace detail {

/// Reads everything in front of the elements.
[[nodiscard]] inline npy_header read_npy_header(byte_cursor& cursor) {
    if (as_text(cursor.take(6, "npy signature")) != "\x93NUMPY") cursor.fail("the signature of an npy array", "other bytes", 6);
    const auto major = cursor.u8("version");
    static_cast<void>(cursor.u8("version"));
    if (major < 1 || major > 3) cursor.fail("npy version 1, 2 or 3", std::to_string(major), 2);
    const std::uint64_t size = major == 1 ? cursor.little<std::uint16_t>("header length") : cursor.little<std::uint32_t>("header length");
    return {as_text(cursor.take(size, "header")), cursor};
}

/// The array behind its header. Throws input_error, as well where there is no dtype for its elements.
[[nodiscard]] inline tensor_data npy_elements(const npy_header& header, byte_cursor& cursor, const shared_bytes& content) {
    if (!header.type) cursor.fail("an npy header with a type among b1, u1-u8, i1-i8, f2, f4, f8", header.foreign);
    const auto count = element_count(header.shape);
    if (!count || *count * size_of(*header.type) != cursor.remaining())
        cursor.fail("the elements of shape " + shape_text(header.shape) + " of " + std::string{name_of(*header.type)},
                    std::to_string(cursor.remaining()) + " bytes");
    auto data = content.slice(cursor.position(), cursor.remaining());
    if (header.swapped) {
        byte_vector turned{data.view().begin(), data.view().end()};
        swap_byte_order(turned, size_of(*header.type));
        data = std::move(turned);
    }
    if (!header.fortran) return {*header.type, header.shape, std::move(data)};
    return strided_copy({*header.type, header.shape, column_major_strides(header.shape), 0}, data.view());
}

} // namespace detail

/// Parses an npy array (NEP 1, versions 1 to 3): booleans, integers and floating-point numbers of either byte order, rows or columns first.
/// Record, text, object and complex arrays are refused. Elements that need no rearrangement share `content`. `source` and `part` name it in
/// errors. Throws input_error.
template <class = instantiated_when_used>
[[nodiscard]] tensor_data parse_npy(const shared_bytes& content, const std::string& source, const std::string& part = {}) {
    byte_cursor cursor{source, part, content.view()};
    const auto header = detail::read_npy_header(cursor);
    return detail::npy_elements(header, cursor, content);
}
VERDANT_DEFINED_ONCE(tensor_data parse_npy<>(const shared_bytes&, const std::string&, const std::string&));

/// Reads an npy file. Throws file_error or input_error.
[[nodiscard]] inline tensor_data read_npy(const std::string& path) { return parse_npy(byte_source::open(path).share_all(), path); }

/// The bytes of an npy array, version 1, with the data aligned to 64 bytes as NumPy writes it. There is no npy type for bfloat16: convert first.
template <class = instantiated_when_used>
[[nodiscard]] byte_vector to_npy(const tensor_data& tensor) {
    const auto& facts = detail::facts(tensor.type());
    if (facts.numpy.empty()) throw error{"npy has no element type " + std::string{facts.name}};
    std::string shape;
    for (std::size_t axis = 0; axis < tensor.shape().size(); ++axis) shape += (axis == 0 ? "" : ", ") + std::to_string(tensor.shape()[axis]);
    if (tensor.shape().size() == 1) shape += ",";
    const char order = facts.size == 1 ? '|' : std::endian::native == std::endian::little ? '<' : '>';
    std::string header = "{'descr': '" + std::string{order} + std::string{facts.numpy} + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    header.append(63 - (10 + header.size()) % 64, ' ');
    header += '\n';
    byte_vector out = to_bytes(std::string_view{"\x93NUMPY\x01\x00", 8});
    append_little<std::uint16_t>(out, static_cast<std::uint16_t>(header.size()));
    out.insert(out.end(), header.begin(), header.end());
    out.insert(out.end(), tensor.content().begin(), tensor.content().end());
    return out;
}
VERDANT_DEFINED_ONCE(byte_vector to_npy<>(const tensor_data&));

/// Writes an npy file, whole or not at all. Throws file_error.
inline void write_npy(const std::string& path, const tensor_data& tensor) { write_file(path, as_text(to_npy(tensor))); }

} // namespace verdant::io
