#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor_data.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant::io {

/// Tensors by name, in the order of the file they come from. Names are unique.
class named_tensors {
public:
    struct entry {
        std::string name;
        tensor_data value;
        [[nodiscard]] friend bool operator==(const entry&, const entry&) = default;
    };

    named_tensors() = default;
    /// `source` is the file, for errors of `at`.
    explicit named_tensors(std::string source) : source_{std::move(source)} {}

    /// Throws input_error if the name is there already.
    void add(std::string name, tensor_data value) {
        if (!places_.emplace(name, entries_.size()).second) throw input_error{source(), "tensor " + name, "names that are unique", "it twice"};
        entries_.push_back({std::move(name), std::move(value)});
    }

    /// The tensor of that name, or null.
    [[nodiscard]] const tensor_data* find(std::string_view name) const {
        const auto place = places_.find(std::string{name});
        return place == places_.end() ? nullptr : &entries_[place->second].value;
    }

    /// The tensor of that name. Throws input_error if there is none.
    [[nodiscard]] const tensor_data& at(std::string_view name) const {
        if (const auto* found = find(name)) return *found;
        throw input_error{source(), "", "a tensor named " + std::string{name}, std::to_string(size()) + " tensors of other names"};
    }

    /// These tensors without `prefix` in front of their names, decided by the first name as checkpoints of wrapped models need it
    /// (`module.` of data-parallel training): if that has no such prefix, nothing changes; names without it stay.
    [[nodiscard]] named_tensors without_prefix(std::string_view prefix) && {
        if (empty() || !std::string_view{entries_.front().name}.starts_with(prefix)) return std::move(*this);
        named_tensors renamed{source_};
        for (auto& [name, value] : entries_)
            renamed.add(std::string_view{name}.starts_with(prefix) ? name.substr(prefix.size()) : name, std::move(value));
        return renamed;
    }
    [[nodiscard]] named_tensors without_prefix(std::string_view prefix) const& { return named_tensors{*this}.without_prefix(prefix); }

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
    [[nodiscard]] auto begin() const noexcept { return entries_.begin(); }
    [[nodiscard]] auto end() const noexcept { return entries_.end(); }
    [[nodiscard]] const std::string& source_name() const noexcept { return source_; }

    /// Equal names, order and tensors.
    [[nodiscard]] friend bool operator==(const named_tensors& a, const named_tensors& b) { return a.entries_ == b.entries_; }

private:
    [[nodiscard]] std::string source() const { return source_.empty() ? "named tensors" : source_; }

    std::string source_;
    std::vector<entry> entries_;
    std::unordered_map<std::string, std::size_t> places_;
};

} // namespace verdant::io
