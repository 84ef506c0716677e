#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/defined_once.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Tensors, or their shapes alone, by name, in the order of a file.
namespace verdant::io {

/// Element type and axes of a tensor whose elements need not be at hand.
class tensor_outline {
public:
    tensor_outline(dtype type, tensor_shape shape) : type_{type}, shape_{std::move(shape)} {}

    [[nodiscard]] dtype type() const noexcept { return type_; }
    [[nodiscard]] const tensor_shape& shape() const noexcept { return shape_; }
    [[nodiscard]] friend bool operator==(const tensor_outline&, const tensor_outline&) = default;

private:
    dtype type_;
    tensor_shape shape_;
};

/// Tensors, or outlines of tensors, by name, in the order of the file they come from. Names are unique. Copies share the elements.
template <class Tensor>
class basic_named_tensors {
public:
    struct entry {
        std::string name;
        Tensor value;
        [[nodiscard]] friend bool operator==(const entry&, const entry&) = default;
    };

    /// What stands in the file under a name and is not read, such as elements of a type that has no dtype here.
    struct unread_entry {
        std::string name;
        std::string what; ///< `elements of type F8_E4M3, which are not read`
    };

    basic_named_tensors() = default;
    /// `source` is the file, for errors of `at`.
    explicit basic_named_tensors(std::string source) : source_{std::move(source)} {}

    /// Throws input_error if the name is there already.
    void add(std::string name, Tensor value);

    /// Notes something that is not read; it is no tensor of the set, but `at` tells it from a name that the file does not hold.
    void add_unread(std::string name, std::string what) { unread_.push_back({std::move(name), std::move(what)}); }

    /// What the file holds besides these tensors and is not read, in its order.
    [[nodiscard]] const std::vector<unread_entry>& unread() const noexcept { return unread_; }

    /// The tensor of that name, or null.
    [[nodiscard]] const Tensor* find(std::string_view name) const;

    /// The tensor of that name. Throws input_error if there is none, and if it is not read.
    [[nodiscard]] const Tensor& at(std::string_view name) const;

    /// Removes the tensor of that name and gives it: where nobody else shares its elements, they are gone with what this returns. The others keep
    /// their order. Takes time for each tensor of the set. Throws input_error if there is none of that name.
    Tensor take(std::string_view name);

    /// All of them, moved out.
    [[nodiscard]] std::vector<entry> entries() &&;

    /// These tensors without `prefix` in front of their names, decided by the first name as checkpoints of wrapped models need it
    /// (`module.` of data-parallel training): if that has no such prefix, nothing changes; names without it stay.
    [[nodiscard]] basic_named_tensors without_prefix(std::string_view prefix) &&;
    [[nodiscard]] basic_named_tensors without_prefix(std::string_view prefix) const& { return basic_named_tensors{*this}.without_prefix(prefix); }

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
    [[nodiscard]] auto begin() const noexcept { return entries_.begin(); }
    [[nodiscard]] auto end() const noexcept { return entries_.end(); }
    [[nodiscard]] const std::string& source_name() const noexcept { return source_; }

    /// Equal names, order and tensors.
    [[nodiscard]] friend bool operator==(const basic_named_tensors& a, const basic_named_tensors& b) { return a.entries_ == b.entries_; }

private:
    [[nodiscard]] std::string source() const { return source_.empty() ? "named tensors" : source_; }

    std::string source_;
    std::vector<entry> entries_;
    std::vector<unread_entry> unread_;
    std::unordered_map<std::string, std::size_t> places_;
};

template <class Tensor>
void basic_named_tensors<Tensor>::add(std::string name, Tensor value) {
    if (!places_.emplace(name, entries_.size()).second) throw input_error{source(), "tensor " + name, "names that are unique", "it twice"};
    entries_.push_back({std::move(name), std::move(value)});
}

template <class Tensor>
const Tensor* basic_named_tensors<Tensor>::find(std::string_view name) const {
    const auto place = places_.find(std::string{name});
    return place == places_.end() ? nullptr : &entries_[place->second].value;
}

template <class Tensor>
const Tensor& basic_named_tensors<Tensor>::at(std::string_view name) const {
    if (const auto* found = find(name)) return *found;
    for (const auto& one : unread_)
        if (one.name == name) throw input_error{source(), "tensor " + one.name, "elements that can be read", one.what};
    throw input_error{source(), "", "a tensor named " + std::string{name}, std::to_string(size()) + " tensors of other names"};
}

template <class Tensor>
Tensor basic_named_tensors<Tensor>::take(std::string_view name) {
    static_cast<void>(at(name));
    const auto found = places_.find(std::string{name});
    const auto place = found->second;
    places_.erase(found);
    for (auto& [other, behind] : places_) behind -= behind > place ? 1 : 0;
    auto value = std::move(entries_[place].value);
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(place));
    return value;
}

template <class Tensor>
std::vector<typename basic_named_tensors<Tensor>::entry> basic_named_tensors<Tensor>::entries() && {
    places_.clear();
    return std::exchange(entries_, {});
}

template <class Tensor>
basic_named_tensors<Tensor> basic_named_tensors<Tensor>::without_prefix(std::string_view prefix) && {
    if (empty() || !std::string_view{entries_.front().name}.starts_with(prefix)) return std::move(*this);
    basic_named_tensors renamed{source_};
    for (auto& [name, what] : unread_)
        renamed.add_unread(std::string_view{name}.starts_with(prefix) ? name.substr(prefix.size()) : name, std::move(what));
    for (auto& [name, value] : entries_)
        renamed.add(std::string_view{name}.starts_with(prefix) ? name.substr(prefix.size()) : name, std::move(value));
    return renamed;
}
VERDANT_DEFINED_ONCE(class basic_named_tensors<tensor_data>);
VERDANT_DEFINED_ONCE(class basic_named_tensors<tensor_outline>);

/// Tensors with their elements, by name.
using named_tensors = basic_named_tensors<tensor_data>;

/// What a file holds, without the elements; see read_shapes.
using named_shapes = basic_named_tensors<tensor_outline>;

/// The outlines of tensors that are at hand.
[[nodiscard]] inline named_shapes shapes_of(const named_tensors& tensors) {
    named_shapes out{tensors.source_name()};
    for (const auto& [name, value] : tensors) out.add(name, {value.type(), value.shape()});
    for (const auto& [name, what] : tensors.unread()) out.add_unread(name, what);
    return out;
}

} // namespace verdant::io
