#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

/// The messages of TensorBoard's event files, written as protocol buffers are (protobuf.dev, "Encoding"): tensorflow/core/util/event.proto and
/// tensorflow/core/framework/summary.proto have the fields and their numbers.
namespace verdant::io::detail {

/// Fields of a message, one behind the other.
class message_fields {
public:
    void varint(unsigned field, std::uint64_t value) {
        key(field, 0);
        digits(value);
    }
    void real(unsigned field, double value) {
        key(field, 1);
        little_endian(std::bit_cast<std::uint64_t>(value), 8);
    }
    void bytes(unsigned field, std::string_view value) {
        key(field, 2);
        digits(value.size());
        text_ += value;
    }
    void single(unsigned field, float value) {
        key(field, 5);
        little_endian(std::bit_cast<std::uint32_t>(value), 4);
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    void key(unsigned field, unsigned wire) { digits((field << 3U) | wire); }
    void digits(std::uint64_t value) {
        for (; value > 127; value >>= 7U) text_ += static_cast<char>((value & 127U) | 128U);
        text_ += static_cast<char>(value);
    }
    void little_endian(std::uint64_t value, int count) {
        for (; count > 0; --count, value >>= 8U) text_ += static_cast<char>(value & 255U);
    }
    std::string text_;
};

/// `Event`: wall_time = 1, step = 2, and what it says.
/// @param wall seconds since 1970
[[nodiscard]] inline message_fields event_at(double wall, std::int64_t step) {
    message_fields event;
    event.real(1, wall);
    if (step != 0) event.varint(2, static_cast<std::uint64_t>(step));
    return event;
}

/// The first event of a file: file_version = 3.
template <class = instantiated_when_used>
[[nodiscard]] std::string version_event(double wall) {
    auto event = event_at(wall, 0);
    event.bytes(3, "brain.Event:2");
    return event.text();
}
VERDANT_DEFINED_ONCE(std::string version_event<>(double));

/// session_log = 7 with status = 1 (START): what earlier files have of this step and later ones counts no more.
template <class = instantiated_when_used>
[[nodiscard]] std::string restart_event(double wall, std::int64_t step) {
    auto event = event_at(wall, step);
    message_fields log;
    log.varint(1, 1);
    event.bytes(7, log.text());
    return event.text();
}
VERDANT_DEFINED_ONCE(std::string restart_event<>(double, std::int64_t));

/// summary = 5 of one value = 1.
[[nodiscard]] inline std::string summary_event(double wall, std::int64_t step, const message_fields& value) {
    auto event = event_at(wall, step);
    message_fields summary;
    summary.bytes(1, value.text());
    event.bytes(5, summary.text());
    return event.text();
}

/// tag = 1, simple_value = 2.
template <class = instantiated_when_used>
[[nodiscard]] std::string scalar_event(double wall, std::int64_t step, std::string_view tag, float value) {
    message_fields one;
    one.bytes(1, tag);
    one.single(2, value);
    return summary_event(wall, step, one);
}
VERDANT_DEFINED_ONCE(std::string scalar_event<>(double, std::int64_t, std::string_view, float));

/// tag = 1, tensor = 8 (dtype = 1 is DT_STRING, 7; tensor_shape = 2 has dim = 2 of size = 1; string_val = 8), and metadata = 9 (plugin_data = 1, its
/// plugin_name = 1), by which TensorBoard takes it for text.
template <class = instantiated_when_used>
[[nodiscard]] std::string text_event(double wall, std::int64_t step, std::string_view tag, std::string_view text) {
    message_fields dimension, shape, tensor, plugin, metadata, one;
    dimension.varint(1, 1);
    shape.bytes(2, dimension.text());
    tensor.varint(1, 7);
    tensor.bytes(2, shape.text());
    tensor.bytes(8, text);
    plugin.bytes(1, "text");
    metadata.bytes(1, plugin.text());
    one.bytes(1, tag);
    one.bytes(8, tensor.text());
    one.bytes(9, metadata.text());
    return summary_event(wall, step, one);
}
VERDANT_DEFINED_ONCE(std::string text_event<>(double, std::int64_t, std::string_view, std::string_view));

} // namespace verdant::io::detail
