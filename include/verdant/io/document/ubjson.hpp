#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/meta/component/json.hpp>

#include <nlohmann/json.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// Universal Binary JSON (draft 12, ubjson.org/type-reference), as values of nlohmann/json. The parser of that library takes the counts of a file at
/// their word, by which a few bytes ask for all memory.
namespace verdant::io {

namespace detail {

/// How deep objects and arrays may stand in each other.
inline constexpr std::size_t deepest_ubjson = 64;

template <class Json>
class ubjson_reader {
public:
    explicit ubjson_reader(byte_cursor cursor) : cursor_{std::move(cursor)} {}

    Json whole() {
        auto value = value_of(marker("a value"), 0);
        while (cursor_.remaining() != 0)
            if (cursor_.u8("the end") != 'N') cursor_.fail("the end of the document", std::to_string(cursor_.remaining() + 1) + " more bytes", 1);
        return value;
    }

private:
    /// How many elements a container says that it has, and of which type.
    struct announced {
        std::optional<std::uint64_t> count;
        unsigned char type = 0;
    };

    /// The next byte that is not a no-operation.
    unsigned char marker(std::string_view what) {
        for (;;)
            if (const auto m = cursor_.u8(what); m != 'N') return m;
    }
    [[nodiscard]] static std::string text_of(unsigned char m) {
        return m > 0x20 && m < 0x7F ? std::string{'\'', static_cast<char>(m), '\''} : "byte " + std::to_string(m);
    }
    [[noreturn]] void unknown(unsigned char m, std::string_view expected) { cursor_.fail(expected, text_of(m), 1); }

    std::int64_t whole_number(unsigned char type) {
        switch (type) {
        case 'i': return static_cast<std::int8_t>(cursor_.u8("a number"));
        case 'U': return cursor_.u8("a number");
        case 'I': return static_cast<std::int16_t>(cursor_.template big<std::uint16_t>("a number"));
        case 'l': return static_cast<std::int32_t>(cursor_.template big<std::uint32_t>("a number"));
        case 'L': return static_cast<std::int64_t>(cursor_.template big<std::uint64_t>("a number"));
        default: unknown(type, "a type of whole numbers");
        }
    }
    std::uint64_t length() {
        const auto n = whole_number(marker("a length"));
        if (n < 0) cursor_.fail("a length of 0 or more", std::to_string(n));
        return static_cast<std::uint64_t>(n);
    }
    std::string text() {
        const auto raw = cursor_.take(length(), "a text");
        return {reinterpret_cast<const char*>(raw.data()), raw.size()};
    }
    [[nodiscard]] static std::size_t bytes_of(unsigned char type) {
        switch (type) {
        case 'i':
        case 'U':
        case 'C': return 1;
        case 'I': return 2;
        case 'l':
        case 'd': return 4;
        case 'L':
        case 'D': return 8;
        default: return 0;
        }
    }

    Json value_of(unsigned char type, std::size_t depth) {
        switch (type) {
        case 'Z': return nullptr;
        case 'T': return true;
        case 'F': return false;
        case 'd': return static_cast<typename Json::number_float_t>(std::bit_cast<float>(cursor_.template big<std::uint32_t>("a number")));
        case 'D': return static_cast<typename Json::number_float_t>(std::bit_cast<double>(cursor_.template big<std::uint64_t>("a number")));
        case 'C': return std::string(1, static_cast<char>(cursor_.u8("a character")));
        case 'S': return text();
        case 'i':
        case 'U':
        case 'I':
        case 'l':
        case 'L': return whole_number(type);
        case '[': return array(depth + 1);
        case '{': return object(depth + 1);
        default: unknown(type, "a type of UBJSON but numbers of high precision");
        }
    }

    /// `$type` and `#count` behind the opening bracket, where they are there; `next` is the marker that follows them where there is no count.
    announced announcement(unsigned char& next) {
        announced a;
        next = marker("an element");
        if (next == '$') {
            a.type = cursor_.u8("a type");
            if (bytes_of(a.type) == 0 && a.type != 'S')
                unknown(a.type, "the type of numbers, characters or texts, since others would need no bytes for any count");
            next = marker("a count");
            if (next != '#') unknown(next, "'#' after a type");
        }
        if (next != '#') return a;
        a.count = length();
        if (*a.count > cursor_.remaining()) cursor_.fail("a count of elements that are there", std::to_string(*a.count));
        return a;
    }
    void check_depth(std::size_t depth) {
        if (depth > deepest_ubjson) cursor_.fail("at most " + std::to_string(deepest_ubjson) + " levels", "one more");
    }

    Json array(std::size_t depth) {
        check_depth(depth);
        auto out = Json::array();
        unsigned char next = 0;
        const auto a = announcement(next);
        if (!a.count) {
            for (; next != ']'; next = marker("an element or the end of an array")) out.push_back(value_of(next, depth));
            return out;
        }
        if (const auto size = bytes_of(a.type); size != 0 && *a.count > cursor_.remaining() / size)
            cursor_.fail("a count of numbers that are there", std::to_string(*a.count));
        for (std::uint64_t i = 0; i < *a.count; ++i) out.push_back(value_of(a.type != 0 ? a.type : marker("an element"), depth));
        return out;
    }
    Json object(std::size_t depth) {
        check_depth(depth);
        auto out = Json::object();
        unsigned char next = 0;
        const auto a = announcement(next);
        const auto member = [&](std::string name) {
            auto value = value_of(a.type != 0 ? a.type : marker("a value"), depth);
            if (!out.emplace(name, std::move(value)).second) cursor_.fail("each name once in an object", "'" + name + "' twice");
        };
        const auto name_after = [&](unsigned char type) {
            const auto n = whole_number(type);
            if (n < 0) cursor_.fail("a length of 0 or more", std::to_string(n));
            const auto raw = cursor_.take(static_cast<std::uint64_t>(n), "a name");
            return std::string{reinterpret_cast<const char*>(raw.data()), raw.size()};
        };
        if (a.count)
            for (std::uint64_t i = 0; i < *a.count; ++i) member(text());
        else
            for (; next != '}'; next = marker("a name or the end of an object")) member(name_after(next));
        return out;
    }

    byte_cursor cursor_;
};

} // namespace detail

/// Reads a UBJSON document. Counts beyond the bytes that follow, depths beyond 64, repeated names, and numbers of high precision, which are texts,
/// are refused.
/// @tparam Json `nlohmann::json` or another instance of its template
/// @param source what errors call the bytes: a file's name
/// @throws input_error that names the source and the byte
template <class Json = nlohmann::json>
[[nodiscard]] Json parse_ubjson(std::span<const unsigned char> bytes, std::string_view source) {
    return detail::ubjson_reader<Json>{byte_cursor{std::string{source}, "", bytes}}.whole();
}

/// Writes UBJSON piece by piece: what stands between `begin_object` and `end_object` is `key` and a value each. Nothing checks the order.
class ubjson_writer {
public:
    [[nodiscard]] const std::string& bytes() const noexcept { return out_; }

    void begin_object() { out_ += '{'; }
    void end_object() { out_ += '}'; }
    void begin_array() { out_ += '['; }
    void end_array() { out_ += ']'; }
    void key(std::string_view name) {
        length(name.size());
        out_ += name;
    }
    void text(std::string_view value) {
        out_ += 'S';
        key(value);
    }
    void whole(std::int64_t value) { length(static_cast<std::uint64_t>(value)); }
    /// Numbers of one type: `float`, `std::uint8_t`, `std::int32_t` or `std::int64_t`.
    template <class T>
    void numbers(std::span<const T> values) {
        out_ += "[$";
        out_ += marker_of<T>;
        out_ += '#';
        length(values.size());
        for (const T v : values) {
            if constexpr (sizeof(T) == 1) out_ += static_cast<char>(v);
            else if constexpr (sizeof(T) == 4) big(std::bit_cast<std::uint32_t>(v));
            else big(std::bit_cast<std::uint64_t>(v));
        }
    }

private:
    template <class T>
    static constexpr char marker_of = std::is_same_v<T, float>          ? 'd'
                                      : std::is_same_v<T, std::uint8_t> ? 'U'
                                      : std::is_same_v<T, std::int32_t> ? 'l'
                                                                        : 'L';

    template <class T>
    void big(T value) {
        for (std::size_t i = sizeof(T); i-- > 0;) out_ += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
    }
    void length(std::uint64_t n) {
        out_ += 'L';
        big(n);
    }

    std::string out_;
};

} // namespace verdant::io
