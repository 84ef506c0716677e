#pragma once

#include <verdant/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// A value of a Python pickle.
namespace verdant::io {

class pickle_object;

namespace detail {

struct pickle_node;
using pickle_handle = std::shared_ptr<pickle_node>;

} // namespace detail

/// What a value of a pickle is. `record` is an object of a class that is kept as data: its class name and its attributes, as in
/// TorchScript archives. `name` is a class or dtype that stands as a value, such as `torch.float32`. `tensor` is an index into the tensors of the
/// checkpoint, `storage` a bare storage. `opaque` is whatever is not data that is known here: an object of another class, what a function that is
/// not run would give, a container that contains itself. It has a class name and nothing else. Whole numbers beyond 64 bits are `octets` (raw bytes),
/// lowest byte first, in two's complement.
enum class pickle_kind : std::uint8_t { none, boolean, integer, real, text, octets, list, tuple, dict, record, name, tensor, storage, opaque };

[[nodiscard]] constexpr std::string_view name_of(pickle_kind kind) noexcept {
    constexpr std::string_view names[] = {"None",    "a boolean",    "an integer", "a number", "a text",   "bytes",    "a list",
                                          "a tuple", "a dictionary", "an object",  "a name",   "a tensor", "a storage", "an object that is not read"};
    return names[static_cast<std::size_t>(kind)];
}

/// One value of a pickle as plain data: a tree that may share branches but has no cycles, at most 256 levels deep. Cheap to copy. Accessors
/// throw verdant::error for another kind.
class pickle_object {
public:
    using pair = std::pair<pickle_object, pickle_object>;

    explicit pickle_object(detail::pickle_handle node) : node_{std::move(node)} {}

    [[nodiscard]] inline pickle_kind kind() const noexcept;
    [[nodiscard]] inline bool boolean() const;
    [[nodiscard]] inline std::int64_t integer() const;
    /// Of a number or an integer.
    [[nodiscard]] inline double real() const;
    /// Of a text, of raw bytes, or of a name.
    [[nodiscard]] inline const std::string& text() const;
    /// Of a record, `module.class`; of an opaque object, the class, or the function that is not run.
    [[nodiscard]] inline const std::string& class_name() const;
    /// Of a list or tuple.
    [[nodiscard]] inline std::span<const pickle_object> items() const;
    /// Of a dictionary or record, in the order of the file.
    [[nodiscard]] inline std::span<const pair> entries() const;
    /// The value under a text key of a dictionary or record (the last, if there are several), or null.
    [[nodiscard]] inline const pickle_object* find(std::string_view key) const;
    /// The index of a tensor or storage.
    [[nodiscard]] inline std::size_t index() const;

    [[nodiscard]] const detail::pickle_handle& node() const noexcept { return node_; }

private:
    template <class T>
    [[nodiscard]] const T& get(std::string_view wanted) const;
    [[noreturn]] inline void refuse(std::string_view wanted) const;

    detail::pickle_handle node_;
};

namespace detail {

struct pickle_node {
    pickle_kind kind = pickle_kind::none;
    bool frozen = false;       ///< it is part of another value and may not change any more, so no cycle can arise
    std::uint16_t depth = 1;   ///< levels below and including this one
    std::uint32_t weight = 1;  ///< values below and including this one, each counted as often as it is reached
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<pickle_object>, std::vector<pickle_object::pair>> value;
    bool tensor = false; ///< opaque: it stands where a tensor would
    std::string label;   ///< class of a record; what an opaque object is
};

/// What an object is, for messages: a kind, or the name of what is not read.
[[nodiscard]] inline std::string described(const pickle_object& value) {
    if (value.kind() != pickle_kind::opaque) return std::string{name_of(value.kind())};
    const auto& node = *value.node();
    return node.tensor ? "a tensor that is not read, of " + node.label : "an object of " + node.label + ", which is not on the list and is not run";
}

} // namespace detail

/// What the object holds, as `T`. Throws input_error that names `wanted` where it holds something else.
template <class T>
const T& pickle_object::get(std::string_view wanted) const {
    if (const auto* value = std::get_if<T>(&node_->value)) return *value;
    refuse(wanted);
}

inline void pickle_object::refuse(std::string_view wanted) const {
    throw error{"a pickled value is " + detail::described(*this) + ", not " + std::string{wanted}};
}

inline pickle_kind pickle_object::kind() const noexcept { return node_->kind; }
inline bool pickle_object::boolean() const { return get<bool>("a boolean"); }
inline std::int64_t pickle_object::integer() const {
    if (kind() != pickle_kind::integer) refuse("an integer");
    return get<std::int64_t>("an integer");
}
inline double pickle_object::real() const { return kind() == pickle_kind::integer ? static_cast<double>(integer()) : get<double>("a number"); }
inline const std::string& pickle_object::text() const { return get<std::string>("a text"); }
inline const std::string& pickle_object::class_name() const {
    if (kind() != pickle_kind::record && kind() != pickle_kind::opaque) refuse("an object");
    return node_->label;
}
inline std::span<const pickle_object> pickle_object::items() const { return get<std::vector<pickle_object>>("a list or tuple"); }
inline std::span<const pickle_object::pair> pickle_object::entries() const { return get<std::vector<pair>>("a dictionary"); }
inline const pickle_object* pickle_object::find(std::string_view key) const {
    const pickle_object* found = nullptr;
    for (const auto& [name, value] : entries())
        if (name.kind() == pickle_kind::text && name.text() == key) found = &value;
    return found;
}
inline std::size_t pickle_object::index() const {
    if (kind() != pickle_kind::tensor && kind() != pickle_kind::storage) refuse("a tensor");
    return static_cast<std::size_t>(get<std::int64_t>("a tensor"));
}

} // namespace verdant::io
