#pragma once

#include <verdant/space/table.hpp>

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

/// What the description of a space as a sequence of nodes is written with; see `sequence_graph`.
namespace verdant::spaces {

/// What can be wrong with such a description.
enum class sequence_mistake : std::uint8_t { none, no_nodes, wrong_count, unknown_parameter, out_of_range, number_in_category, number_of_text, unlisted, unknown_node };

/// The name of a parameter in pieces: `parameter_name{"stage", 2, ".block", 0, ".kernel"}`.
class parameter_name {
public:
    template <class... Pieces>
    explicit constexpr parameter_name(const Pieces&... pieces) {
        (add(pieces), ...);
    }
    [[nodiscard]] constexpr std::string_view view() const { return {characters_.data(), length_}; }

private:
    constexpr void add(std::string_view text) {
        for (const char c : text)
            if (length_ < characters_.size()) characters_[length_++] = c;
    }
    constexpr void add(std::integral auto number) {
        std::array<char, 20> digits{};
        std::size_t n = 0;
        auto rest = static_cast<std::uint64_t>(number);
        do digits[n++] = static_cast<char>('0' + rest % 10);
        while ((rest /= 10) != 0);
        while (n > 0) add(std::string_view{&digits[--n], 1});
    }

    std::array<char, 120> characters_{};
    std::size_t length_ = 0;
};

namespace detail {

inline constexpr std::uint32_t no_parameter = 0xffffffffU;

/// A column without its type.
struct column_record {
    std::string_view name;
    std::size_t categories = 0;
};

enum class value_source : std::uint8_t { constant, index, number, listed };

/// Where one feature of a node comes from.
struct value_record {
    value_source source = value_source::constant;
    bool known = true;                   ///< whether the space has the parameter
    std::uint32_t parameter = no_parameter;
    double first = 0, scale = 1;         ///< the constant; what is added to an index; what is taken from a number, and what it is divided by
    std::array<std::uint8_t, 16> list{}; ///< category of each value of the parameter
    std::uint8_t largest = 0;            ///< of the list; 255: a value is not in it
};

struct condition_record {
    bool known = true;
    std::uint32_t parameter = no_parameter;
    double above = 0;
};

struct sequence_node_record {
    bool first_of_chain = false;
    condition_record condition{};
};

/// An edge beside those of the chains.
struct link_record {
    std::uint32_t from = 0, to = 0;
};

/// The number that a value of a parameter stands for; that of a text is meaningless.
[[nodiscard]] constexpr double number_of(const space_view& space, std::size_t parameter, std::size_t index) {
    const auto code = space.code_of(parameter, index);
    return space.kind(parameter) == value_kind::floating ? std::bit_cast<double>(code) : static_cast<double>(code);
}

} // namespace detail

/// Takes the nodes of a description, in their order; an edge leads from each to the next, and where `link` says so. Names of parameters are as
/// `names<S>()` has them; `parameter_name` makes those of numbered parts.
class sequence_builder {
public:
    using value = verdant::spaces::detail::value_record;
    using condition = verdant::spaces::detail::condition_record;

    /// Without room for them, counts the nodes.
    constexpr sequence_builder(const space_view& space, std::span<const verdant::spaces::detail::column_record> columns,
                               std::span<verdant::spaces::detail::sequence_node_record> nodes = {}, std::span<value> values = {},
                               std::span<verdant::spaces::detail::link_record> links = {})
        : space_{&space}, columns_{columns}, nodes_{nodes}, values_{values}, link_records_{links} {}

    /// A category, or a number, that does not depend on the point.
    [[nodiscard]] constexpr value constant(double number) const { return {.first = number}; }
    /// The place of a parameter's value in its domain, from `first` on: a category.
    [[nodiscard]] constexpr value choice(std::string_view parameter, std::size_t first = 0) const {
        auto v = named(parameter);
        v.source = verdant::spaces::detail::value_source::index;
        v.first = static_cast<double>(first);
        return v;
    }
    [[nodiscard]] constexpr value choice(const parameter_name& parameter, std::size_t first = 0) const { return choice(parameter.view(), first); }
    /// The place of a parameter's value in a list of your own: a category that spaces of other domains share. Of domains of up to 16 values.
    [[nodiscard]] constexpr value position(std::string_view parameter, std::initializer_list<double> list) const {
        auto v = named(parameter);
        v.source = verdant::spaces::detail::value_source::listed;
        if (!v.known) return v;
        const auto size = space_->domain_size(v.parameter);
        for (std::size_t i = 0; i < size; ++i) {
            std::uint8_t at = 0;
            while (at < list.size() && list.begin()[at] != verdant::spaces::detail::number_of(*space_, v.parameter, i)) ++at;
            if (at == list.size() || i >= v.list.size()) {
                v.largest = 255;
                return v;
            }
            v.list[i] = at;
            if (at > v.largest) v.largest = at;
        }
        return v;
    }
    [[nodiscard]] constexpr value position(const parameter_name& parameter, std::initializer_list<double> list) const { return position(parameter.view(), list); }
    /// (value - offset) / scale of a parameter: a number.
    [[nodiscard]] constexpr value number(std::string_view parameter, double offset = 0, double scale = 1) const {
        auto v = named(parameter);
        v.source = verdant::spaces::detail::value_source::number;
        v.first = offset;
        v.scale = scale;
        return v;
    }
    [[nodiscard]] constexpr value number(const parameter_name& parameter, double offset = 0, double scale = 1) const {
        return number(parameter.view(), offset, scale);
    }

    /// That a parameter is greater than a number.
    [[nodiscard]] constexpr condition above(std::string_view parameter, double number) const {
        const auto v = named(parameter);
        return {v.known, v.parameter, number};
    }
    [[nodiscard]] constexpr condition above(const parameter_name& parameter, double number) const { return above(parameter.view(), number); }

    /// A node, with a value for each column. It exists at a point where all parameters that it names exist there and the condition holds.
    /// @return its number, from 0, whether it exists or not
    constexpr std::size_t node(std::initializer_list<value> values, const condition& only = {}) {
        if (values.size() != columns_.size()) report(sequence_mistake::wrong_count, values.size() < columns_.size() ? values.size() : columns_.size());
        if (!only.known) report(sequence_mistake::unknown_parameter, 0);
        std::size_t column = 0;
        for (const auto& v : values) {
            if (column < columns_.size()) check(v, column);
            if (const auto at = count_ * columns_.size() + column; column < columns_.size() && at < values_.size()) values_[at] = v;
            ++column;
        }
        if (count_ < nodes_.size()) nodes_[count_] = {chain_, only};
        chain_ = false;
        return count_++;
    }
    /// An edge from a node to a later one, such as that of a shortcut. It exists where both do.
    /// @param from, to what `node` gave for them
    constexpr void link(std::size_t from, std::size_t to) {
        if (from >= to || to >= count_) report(sequence_mistake::unknown_node, 0);
        if (links_ < link_records_.size()) link_records_[links_] = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)};
        ++links_;
    }
    /// No edge leads from the node before to the next: another chain begins.
    constexpr void chain() { chain_ = true; }

    [[nodiscard]] constexpr std::size_t nodes() const { return count_; }
    [[nodiscard]] constexpr std::size_t links() const { return links_; }
    [[nodiscard]] constexpr sequence_mistake mistake() const { return count_ == 0 ? sequence_mistake::no_nodes : mistake_; }
    /// The node and the column of the first mistake.
    [[nodiscard]] constexpr std::size_t mistaken_node() const { return at_node_; }
    [[nodiscard]] constexpr std::size_t mistaken_column() const { return at_column_; }

private:
    [[nodiscard]] constexpr value named(std::string_view parameter) const {
        const auto at = space_->find(parameter);
        value v;
        v.known = at < space_->size();
        v.parameter = static_cast<std::uint32_t>(v.known ? at : 0);
        return v;
    }
    constexpr void report(sequence_mistake mistake, std::size_t column) {
        if (mistake_ != sequence_mistake::none) return;
        mistake_ = mistake;
        at_node_ = count_;
        at_column_ = column;
    }
    constexpr void check(const value& v, std::size_t column) {
        using enum verdant::spaces::detail::value_source;
        const auto categories = columns_[column].categories;
        if (!v.known) return report(sequence_mistake::unknown_parameter, column);
        if (v.source == number && space_->kind(v.parameter) >= value_kind::text) return report(sequence_mistake::number_of_text, column);
        if (v.source == listed && v.largest == 255) return report(sequence_mistake::unlisted, column);
        if (categories == 0) return;
        if (v.source == number) return report(sequence_mistake::number_in_category, column);
        const auto end = static_cast<double>(categories);
        const bool whole = v.source != constant || (v.first >= 0 && v.first < end && v.first == static_cast<double>(static_cast<std::size_t>(v.first)));
        const double largest = v.source == constant ? v.first : v.source == listed ? v.largest : v.first + static_cast<double>(space_->domain_size(v.parameter) - 1);
        if (!whole || !(largest < end)) report(sequence_mistake::out_of_range, column);
    }

    const space_view* space_;
    std::span<const verdant::spaces::detail::column_record> columns_;
    std::span<verdant::spaces::detail::sequence_node_record> nodes_;
    std::span<value> values_;
    std::span<verdant::spaces::detail::link_record> link_records_;
    std::size_t count_ = 0, links_ = 0, at_node_ = 0, at_column_ = 0;
    sequence_mistake mistake_ = sequence_mistake::none;
    bool chain_ = true;
};

} // namespace verdant::spaces
