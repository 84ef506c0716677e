#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/whole_number.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/text.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/text/number.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The forms in which Accel-NASBench's programs pass networks, and points of `mnasnet`: dictionaries, vectors of indices, rows of a design, lists of
/// choices (`mnasnet_design`), actions of a controller.
namespace verdant::spaces {

/// The index of each choice in its domain, in the order of the parameters: what surrogates see, and the actions of Accel-NASBench's controller, which
/// chooses e, k, l and se block by block (anb_eval, utils_anb/controller.py).
using mnasnet_indices = std::array<int, mnasnet_block_count * mnasnet_choice_count>;

/// A block of a design, `["MB", e, k, stride, in, out, layers, se]`.
struct mnasnet_row {
    int expansion = 1;
    int kernel = 3;
    int stride = 1;
    int in = 0;
    int out = 0;
    int layers = 1;
    bool excitation = false;

    friend constexpr bool operator==(const mnasnet_row&, const mnasnet_row&) = default;
};

/// A design, block by block.
using mnasnet_rows = std::array<mnasnet_row, mnasnet_block_count>;

/// Names of parameters with the texts of their values, as the original's configurations print them: `{"block0_e": "6", ..., "block0_se": "True"}`.
using mnasnet_dictionary = std::vector<std::pair<std::string, std::string>>;

/// The indices of a point.
[[nodiscard]] constexpr mnasnet_indices indices_of(const point<mnasnet>& p) {
    mnasnet_indices all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = p[i];
    return all;
}

/// The actions with which the controller chooses a point: 28 steps, the order and the numbers of the indices.
[[nodiscard]] constexpr mnasnet_indices actions_of(const point<mnasnet>& p) { return indices_of(p); }

/// The rows of a point.
[[nodiscard]] constexpr mnasnet_rows rows_of(const point<mnasnet>& p) {
    const auto d = design_of(p);
    mnasnet_rows rows;
    for (std::size_t b = 0; b < rows.size(); ++b) {
        const auto& block = mnasnet_blocks[b];
        rows[b] = {d.e[b], d.k[b], block.stride, block.in, block.out, d.l[b], d.se[b]};
    }
    return rows;
}

/// The dictionary of a point.
[[nodiscard]] inline mnasnet_dictionary dictionary_of(const point<mnasnet>& p) {
    mnasnet_dictionary all;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const bool truth = view_of<mnasnet>.kind(i) == value_kind::boolean;
        all.emplace_back(view_of<mnasnet>.name(i), !truth                                   ? value_text(view_of<mnasnet>, i, p[i])
                                                   : view_of<mnasnet>.code_of(i, p[i]) != 0 ? "True"
                                                                                            : "False");
    }
    return all;
}

namespace detail {

/// The index of a text in a parameter's domain, or the size of the domain. Truth is written as Python does, in small letters, or as 0 and 1, as data
/// sets do.
[[nodiscard]] inline std::size_t index_of_choice(std::size_t parameter, std::string_view text) {
    const auto& space = view_of<spaces::mnasnet>;
    if (space.kind(parameter) == value_kind::boolean) {
        if (text == "True" || text == "1") return space.index_of(parameter, 1);
        if (text == "False" || text == "0") return space.index_of(parameter, 0);
    }
    return find_value(space, parameter, text);
}

/// A point of one index for each parameter. @param what one of them is called
template <class Indices>
[[nodiscard]] point<spaces::mnasnet> point_of_numbers(const Indices& indices, std::string_view source, const std::string& what) {
    const auto& space = view_of<spaces::mnasnet>;
    if (indices.size() != space.size())
        throw input_error{source, "", std::to_string(space.size()) + " of them, " + what + " for each parameter", std::to_string(indices.size())};
    point<spaces::mnasnet> p;
    for (std::size_t i = 0; i < indices.size(); ++i)
        p[i] = static_cast<point<spaces::mnasnet>::index_type>(whole_number<std::int64_t>(
            static_cast<double>(indices[i]), 0, static_cast<std::int64_t>(space.domain_size(i)) - 1, what, source, space.name(i)));
    return p;
}

} // namespace detail

/// The point of a vector of indices, such as the features of a surrogate.
/// @param source what errors call it
/// @throws input_error that names the parameter, if a number is no index of its domain, and if there are not 28
template <class Number>
    requires(std::integral<Number> || std::floating_point<Number>)
[[nodiscard]] point<mnasnet> point_of_indices(std::span<const Number> indices, std::string_view source = "vector of indices") {
    return verdant::spaces::detail::point_of_numbers(indices, source, "an index");
}
[[nodiscard]] inline point<mnasnet> point_of_indices(const mnasnet_indices& indices, std::string_view source = "vector of indices") {
    return point_of_indices(std::span<const int>{indices}, source);
}

/// The point that a controller chooses by 28 actions.
/// @throws input_error that names the parameter, if an action is no index of its domain, and if there are not 28
[[nodiscard]] inline point<mnasnet> point_of_actions(std::span<const int> actions, std::string_view source = "actions") {
    return verdant::spaces::detail::point_of_numbers(actions, source, "an action");
}

/// The point of a design.
/// @throws input_error that names the parameter, or the block and what it has wrong: a stride or channels that are not those of `mnasnet_blocks`,
/// which the space does not vary; and if there are not seven rows
[[nodiscard]] inline point<mnasnet> point_of(std::span<const mnasnet_row> rows, std::string_view source = "design") {
    if (rows.size() != mnasnet_block_count) throw input_error{source, "", std::to_string(mnasnet_block_count) + " rows", std::to_string(rows.size())};
    mnasnet_design d;
    for (std::size_t b = 0; b < rows.size(); ++b) {
        const auto must_be = [&](std::string_view what, int expected, int found) {
            if (found != expected)
                throw input_error{source, "block" + std::to_string(b) + ", " + std::string{what},
                                  std::to_string(expected) + ", which is the same in all networks", std::to_string(found)};
        };
        must_be("stride", mnasnet_blocks[b].stride, rows[b].stride);
        must_be("input channels", mnasnet_blocks[b].in, rows[b].in);
        must_be("output channels", mnasnet_blocks[b].out, rows[b].out);
        d.e[b] = rows[b].expansion;
        d.k[b] = rows[b].kernel;
        d.l[b] = rows[b].layers;
        d.se[b] = rows[b].excitation;
    }
    return point_of(d, source);
}

/// Names and texts in pairs: a `mnasnet_dictionary`, a `std::map<std::string, std::string>`.
template <class D>
concept text_dictionary = requires(const D& d) {
    { d.begin()->first } -> std::convertible_to<std::string_view>;
    { d.begin()->second } -> std::convertible_to<std::string_view>;
    d.end();
};

/// The point of a dictionary in any order. Truth may be `True`, `true` or `1`.
/// @throws input_error that names the parameter, if one is unknown, missing, there twice, or has a value that is not in its domain
template <text_dictionary Dictionary>
[[nodiscard]] point<mnasnet> point_of(const Dictionary& values, std::string_view source = "configuration") {
    verdant::detail::point_builder<mnasnet> p{source};
    for (const auto& [name, text] : values) {
        const auto i = p.parameter(name, text);
        p.set(i, verdant::spaces::detail::index_of_choice(i, text), '\'' + std::string{text} + '\'');
    }
    return p.finish(accepted_points::feasible);
}

} // namespace verdant::spaces
